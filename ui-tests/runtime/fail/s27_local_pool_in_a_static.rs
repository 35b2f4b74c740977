//! A pool for one thread cannot be shared, so not be a `static`.

use nebula_memory::LocalFixedPool;

static POOL: LocalFixedPool<u8, 4> = LocalFixedPool::new();

fn main() {
    let _ = POOL.acquire();
}
