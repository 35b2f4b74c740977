//! What must stay on its thread does, in a pool too.

use std::rc::Rc;

use nebula_memory::pool::ObjectPool;

fn main() {
    let pool = ObjectPool::new(4, || Rc::new(1));
    std::thread::scope(|threads| {
        threads.spawn(|| drop(pool.acquire()));
    });
}
