//! `align` belongs to a static pool, and is a power of two.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(align = 64)]
struct Item {
    a: u32,
}
#[derive(Pooled)]
#[pooled(capacity = 4, align = 48)]
struct Odd {
    a: u32,
}

fn main() {
    let _ = Item::builder();
}
