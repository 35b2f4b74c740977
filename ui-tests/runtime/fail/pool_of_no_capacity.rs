//! A pool has at least one slot.

use nebula_memory::{FixedPool, LocalFixedPool};

fn main() {
    static EMPTY: FixedPool<u8, 0> = FixedPool::new();
    let _ = EMPTY.acquire();
    let _: LocalFixedPool<u8, 0> = FixedPool::new();
}
