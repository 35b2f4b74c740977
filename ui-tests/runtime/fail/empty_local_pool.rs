//! A pool without slots, for one thread.
use nebula_memory::LocalFixedPool;

fn main() {
    let _ = LocalFixedPool::<u8, 0>::new();
}
