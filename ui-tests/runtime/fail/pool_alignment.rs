//! Slots are aligned to a power of two.

use nebula_memory::FixedPool;

fn main() {
    let _: FixedPool<u8, 4, 48> = FixedPool::new();
}
