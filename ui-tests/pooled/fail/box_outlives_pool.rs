//! A pooled value and a builder cannot outlive their pool.
use nebula_memory::{FixedPool, Pooled};

#[derive(Pooled)]
struct Item {
    a: u32,
}

fn main() {
    let item = {
        let pool = FixedPool::<Item, 1>::new();
        Item::build_in(&pool).unwrap().a(1).finish()
    };
    let builder = {
        let pool = FixedPool::<Item, 1>::new();
        Item::build_in(&pool).unwrap()
    };
    drop((item, builder));
}
