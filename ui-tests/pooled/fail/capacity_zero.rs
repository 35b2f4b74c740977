//! A capacity of zero is refused.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = 0)]
struct Item {
    a: u32,
}

fn main() {
    let _ = Item::acquire();
}
