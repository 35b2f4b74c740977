//! A hook that does not exist is an error at the hook, and the only one.
use nebula_memory::{FixedPool, Pooled};

#[derive(Pooled)]
#[pooled(on_acquire = nope, on_release = Self::no_method)]
struct Item {
    a: u32,
}

fn main() {
    let pool = FixedPool::<Item, 1>::new();
    let _ = Item::build_in(&pool).unwrap().a(1).finish();
}
