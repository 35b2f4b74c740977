//! A value of a thread's pool is not one of a static pool.
use nebula_memory::{PoolBox, Pooled, StaticPool};

#[derive(Pooled)]
#[pooled(capacity = 1, threading = local)]
struct Item {
    a: u64,
}

fn main() {
    let _: PoolBox<Item>;
    let _ = Item::build_in(StaticPool::new());
}
