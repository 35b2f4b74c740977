//! Names that mean something else, no prelude, names like those that are generated.
#![no_implicit_prelude]
#![deny(warnings)]
#![forbid(unsafe_code)]

mod core {}
mod std {}
#[allow(dead_code)]
mod names {
    pub enum Option {}
    pub enum Result {}
    pub struct Owned;
    pub struct Block;
    pub struct Default;
}
#[allow(unused_imports)]
use names::*;

const __SIZE_0: usize = 16;
const SMALL: usize = 8;

::nebula_memory::allocator! {
    pub struct Segregated {
        memory: pool(__SIZE_0 x SMALL),
        allocator: bump({ let total = 64; total * SMALL }) up to 100 bytes,
        r#mod: stack(1 KiB),
        fallback: bump(1 KiB),
        budget: 4 KiB,
        stats: on,
    }
}

fn main() {
    let memory = Segregated::new();
    ::core::assert!(memory.memory().blocks() == 0 && memory.allocator().capacity() == 512);
    let (total, per_alloc) = (10, 5);
    let budget = ::nebula_memory::budget!(per_alloc: total, total: per_alloc + total);
    ::core::assert!(budget.limit() == 15);
    let owned = ::nebula_memory::allocator!(pool total x per_alloc, { stats: on });
    ::core::assert!(owned.tracker().snapshot().live() == 0);
}
