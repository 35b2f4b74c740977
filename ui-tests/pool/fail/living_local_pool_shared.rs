//! A pool for one thread is not shared.

use nebula_memory::pool::LocalObjectPool;

fn main() {
    let pool = LocalObjectPool::new(4, String::new);
    std::thread::scope(|threads| {
        threads.spawn(|| drop(pool.acquire()));
    });
}
