//! All kinds of `self`, also in `async` and `unsafe` methods and those of traits.
#![deny(warnings)]
use nebula_memory::arena;
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

struct Item {
    n: usize,
}

impl Item {
    #[arena]
    fn pinned(self: Pin<&mut Self>) -> usize {
        let this = self.get_mut();
        this.n += *arena.alloc(1);
        this.n
    }
    #[arena]
    fn counted(self: Rc<Self>) -> usize {
        *arena.alloc(self.n)
    }
    #[arena]
    fn shared(self: &Arc<Self>) -> usize {
        *arena.alloc(self.n)
    }
    #[arena]
    fn lent<'s>(self: &'s Self) -> &'s usize {
        let _ = arena.alloc(self.n);
        &self.n
    }
    #[arena]
    async fn later(&mut self) -> &mut usize {
        let n = arena.alloc(1);
        std::future::ready(()).await;
        self.n += *n;
        &mut self.n
    }
    #[arena]
    async unsafe fn later_by_pointer(self: Pin<Box<Self>>, p: *const usize) -> usize {
        let n = arena.alloc(self.n);
        std::future::ready(()).await;
        *n + unsafe { *p }
    }
    #[arena]
    unsafe extern "C" fn foreign(&self, p: *const usize) -> usize {
        *arena.alloc(self.n) + unsafe { *p }
    }
    #[arena]
    fn closure<'s>(&'s self, add: impl Fn(usize) -> usize + 's) -> impl Fn(usize) -> usize + 's {
        let n = *arena.alloc(self.n);
        move |m| add(n + m)
    }
}

trait Later {
    #[arena]
    fn boxed(self: Box<Self>) -> usize
    where
        Self: Sized,
    {
        *arena.alloc(size_of::<Self>())
    }
    fn run(&self, depth: usize) -> impl Future<Output = usize>;
}

impl Later for Item {
    #[arena]
    async fn run(&self, depth: usize) -> usize {
        let mine = arena.alloc(depth);
        // Futures that call themselves are boxed, with or without an arena.
        let below = if depth == 0 { 0 } else { Box::pin(self.run(depth - 1)).await };
        *mine + below
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!(),
    }
}

fn main() {
    let mut item = Item { n: 1 };
    assert_eq!((Pin::new(&mut item).pinned(), *item.lent()), (2, 2));
    assert_eq!((Rc::new(Item { n: 3 }).counted(), Arc::new(Item { n: 4 }).shared()), (3, 4));
    *block_on(item.later()) += 1;
    assert_eq!((item.n, item.closure(|n| n * 2)(1), unsafe { item.foreign(&1) }), (4, 10, 5));
    assert_eq!(block_on(unsafe { Box::pin(Item { n: 5 }).later_by_pointer(&2) }), 7);
    assert_eq!((block_on(item.run(4)), Box::new(item).boxed()), (10, size_of::<usize>()));
}
