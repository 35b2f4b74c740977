//! A capacity is a constant.
use nebula_memory::Pooled;

fn count() -> usize {
    4
}
#[derive(Pooled)]
#[pooled(capacity = count())]
struct Item {
    a: u32,
}

fn main() {
    let _ = Item::builder();
}
