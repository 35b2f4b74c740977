//! The type has methods, and traits are in scope, with the names of generated and of runtime methods.
use nebula_memory::Pooled;

trait Everywhere: Sized {
    fn finish(self) -> &'static str {
        "wrong"
    }
    fn set(self, _: u8) {}
    fn as_mut_ptr(&self) {}
    fn map(self) {}
}
impl<T> Everywhere for T {}

#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Item {
    set: u8,
    map: Option<u8>,
}

#[allow(dead_code)]
impl Item {
    fn new() {}
    fn reset() {}
    fn deref() {}
    fn pool() {}
    fn finish(self) {}
}

fn main() {
    let item = Item::acquire().unwrap().set(1).map(2).finish();
    assert_eq!((item.set, item.map), (1, Some(2)));
}
