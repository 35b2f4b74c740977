//! A pool of another type, by value, or no pool at all.
use nebula_memory::{Arena, FixedPool, PoolAllocator, Pooled};

#[derive(Pooled)]
struct Item {
    a: u8,
}

#[derive(Pooled)]
struct Other {
    a: u8,
}

fn main() {
    let bytes = FixedPool::<u8, 4>::new();
    let _ = Item::build_in(&bytes);
    let others = FixedPool::<Other, 4>::new();
    let _ = Item::build_in(&others);
    let items = FixedPool::<Item, 4>::new();
    let _ = Item::build_in(items);
    let blocks = PoolAllocator::for_type::<Item>(3);
    let _ = Item::build_in(&blocks);
    let arena = Arena::new();
    let _ = Item::build_in(&arena);
}
