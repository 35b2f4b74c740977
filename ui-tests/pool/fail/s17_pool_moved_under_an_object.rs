//! A pool cannot be moved, or dropped, while an object of it is borrowed.

use nebula_memory::pool::LocalObjectPool;

fn main() {
    let pool = LocalObjectPool::new(4, String::new);
    let text = pool.acquire().unwrap();
    drop(pool);
    println!("{}", *text);
}
