//! A box of a local pool stays on its thread: giving the slot back elsewhere would be a race.

use nebula_memory::LocalFixedPool;

fn main() {
    let pool: LocalFixedPool<u8, 4> = LocalFixedPool::new();
    let value = pool.alloc_with(|| 1).unwrap();
    std::thread::scope(|threads| {
        threads.spawn(move || drop(value));
    });
}
