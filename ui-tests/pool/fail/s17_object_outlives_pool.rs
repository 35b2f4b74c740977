//! An object knows how long its pool lives.

use nebula_memory::pool::ObjectPool;

fn main() {
    let text = {
        let pool = ObjectPool::new(4, String::new);
        pool.acquire().unwrap()
    };
    println!("{}", *text);
}
