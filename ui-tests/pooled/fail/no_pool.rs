//! Without `capacity` there is no static pool.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item {
    a: u32,
}

fn main() {
    let _ = Item::acquire();
    let _: nebula_memory::PoolBox<Item>;
}
