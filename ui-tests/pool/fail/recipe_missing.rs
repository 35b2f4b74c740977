//! A pool has to be told how its objects are made.

use nebula_memory::pool::ObjectPool;

fn main() {
    let pool = ObjectPool::<String>::builder().max(4).on_release(|text| text.clear()).build();
    drop(pool);
}
