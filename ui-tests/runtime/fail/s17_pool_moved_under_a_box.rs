//! A pool cannot be moved, or dropped, while something of it lives.

use nebula_memory::FixedPool;

fn main() {
    let pool: FixedPool<u8, 4> = FixedPool::new();
    let value = pool.alloc_with(|| 1).unwrap();
    drop(pool);
    println!("{value}");
}
