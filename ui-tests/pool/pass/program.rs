//! Warnings are errors, and nothing is in scope that is not imported.
#![deny(warnings)]
#![forbid(unsafe_code)]

use nebula_memory::pool::{ObjectPool, PoolError, PooledObject};

struct Connections {
    pool: ObjectPool<String>,
}

impl Connections {
    fn borrow(&self) -> Result<PooledObject<String, &ObjectPool<String>>, PoolError> {
        self.pool.acquire()
    }
}

fn main() -> Result<(), PoolError> {
    let pool = ObjectPool::builder()
        .max(2)
        .on_release(|text: &mut String| text.clear())
        .create(|| String::from("new"))
        .build_boxed()?;
    let connections = Connections { pool };
    let one = connections.borrow()?;
    let two = connections.borrow()?;
    assert_eq!(*one, *two);
    Ok(())
}
