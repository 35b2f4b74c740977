//! Methods, of traits and of generic types.
#![deny(warnings)]
#![forbid(unsafe_code)]
use nebula_memory::cache::SharedCache;
use nebula_memory::cached;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Shop(u32);

impl Shop {
    #[cached(with_self)]
    pub fn by_reference(&self, n: u32) -> u32 {
        self.0 + n
    }

    #[cached(with_self)]
    fn by_value(self, n: u32) -> u32 {
        self.0 + n
    }

    #[cached(with_self)]
    fn by_arc(self: Arc<Self>, n: u32) -> u32 {
        self.0 + n
    }

    #[cached(with_self)]
    fn by_typed_reference(self: &Self, n: u32) -> u32 {
        self.0 + n
    }

    /// Docs.
    #[cached(skip = [self], name = Self::of_skipped)]
    pub fn skipped(&self, n: u32) -> u32 {
        n
    }

    #[cached(key = |self| -> u32 { let Self(n) = self; *n })]
    async fn computed(&self) -> Self {
        Self(self.0 + 1)
    }

    #[cached(name = Self::of_made)]
    pub(crate) fn made(other: &Self) -> Vec<Self> {
        vec![other.clone()]
    }
}

struct Own {
    squares: SharedCache<u32, u32>,
    by_name: HashMap<&'static str, Arc<SharedCache<String, usize>>>,
}

impl Own {
    #[cached(cache = self.squares)]
    fn square(&self, n: u32) -> u32 {
        n * n
    }

    #[cached(cache = *self.by_name[which], skip = [self, which])]
    fn length(&self, which: &'static str, text: &str) -> usize {
        text.len()
    }
}

trait Named {
    const NAME: &'static str;

    #[cached]
    fn name() -> String {
        Self::NAME.to_owned()
    }

    fn twice(&self, n: u32) -> u32;
}

impl Named for Shop {
    const NAME: &'static str = "shop";

    #[cached(with_self)]
    fn twice(&self, n: u32) -> u32 {
        self.0 * n
    }
}

struct Of<'a, T>(PhantomData<&'a T>);

impl<'a, T: Named> Of<'a, T> {
    #[cached]
    fn length(more: usize) -> usize {
        T::NAME.len() + more
    }
}

fn main() {
    let shop = Shop(1);
    assert_eq!((shop.by_reference(1), shop.clone().by_value(2), shop.by_typed_reference(3)), (2, 3, 4));
    assert_eq!((Arc::new(shop.clone()).by_arc(1), shop.skipped(7), shop.twice(2)), (2, 7, 2));
    assert_eq!((Shop::of_skipped().len(), Shop::made(&shop).len(), Shop::of_made().len()), (1, 1, 1));
    let _ = shop.computed();
    let names = HashMap::from([("a", Arc::new(SharedCache::new(1)))]);
    let own = Own { squares: SharedCache::new(1), by_name: names };
    assert_eq!((own.square(3), own.length("a", "bc"), own.by_name["a"].len()), (9, 2, 1));
    assert_eq!((Shop::name(), Of::<Shop>::length(1)), ("shop".to_owned(), 5));
}
