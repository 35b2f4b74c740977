//! A key is given once.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = 4)]
#[pooled(capacity = 5)]
struct Item {
    #[pooled(default, default = 1)]
    a: u32,
}

fn main() {
    let _ = Item::builder();
}
