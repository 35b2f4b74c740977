//! A literal of another type is reported at the literal.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = "4")]
struct Item {
    a: u32,
}
#[derive(Pooled)]
#[pooled(capacity = 4, align = 1.5)]
struct Other {
    a: u32,
}
#[derive(Pooled)]
#[pooled(capacity = -4)]
struct Negative {
    a: u32,
}

fn main() {
    let _ = Item::builder();
}
