//! What is left in an object has to live as long as the pool's objects do.

use nebula_memory::pool::ObjectPool;

fn main() {
    let pool = ObjectPool::new(1, || "static");
    {
        let local = String::from("local");
        let mut text = pool.acquire().unwrap();
        *text = &local;
    }
    println!("{}", *pool.acquire().unwrap());
}
