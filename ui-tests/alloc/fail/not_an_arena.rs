//! What allocates and frees block by block lends no references.
use nebula_memory::{PoolAllocator, SystemAllocator, alloc};

struct P {
    x: u8,
}

fn main() {
    let pool = PoolAllocator::for_type::<u64>(4);
    alloc!(SystemAllocator, u8 = 3);
    alloc!(&SystemAllocator, [u8; 3]);
    alloc!(pool, [u8; 3] = |_| 0);
    alloc!(pool, P { x: 3 });
}
