//! A pool in a `static` holds values that may go to other threads.

use std::rc::Rc;

use nebula_memory::FixedPool;

static POOL: FixedPool<Rc<u8>, 4> = FixedPool::new();

fn main() {
    let _ = POOL.acquire();
}
