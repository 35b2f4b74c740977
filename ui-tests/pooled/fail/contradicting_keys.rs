//! Keys that contradict each other.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item {
    #[pooled(skip, default = 1)]
    a: u32,
    #[pooled(required, default = 1)]
    b: u32,
    #[pooled(into, skip)]
    c: u32,
    #[pooled(skip, required)]
    d: u32,
    #[pooled(skip, rename = other)]
    e: u32,
}

fn main() {
    let _ = Item::builder().build();
}
