//! A type that is not `Send` in a pool of one thread.
use nebula_memory::{LocalFixedPool, Pooled};
use std::rc::Rc;

#[derive(Pooled)]
struct Item {
    shared: Rc<u32>,
}

fn main() {
    let pool = LocalFixedPool::<Item, 2>::new();
    let shared = Rc::new(1);
    let item = Item::build_in(&pool).unwrap().shared(shared.clone()).finish();
    assert_eq!(Rc::strong_count(&shared), 2);
    assert_eq!(*item.shared, 1);
    drop(item);
    assert_eq!(Rc::strong_count(&shared), 1);
}
