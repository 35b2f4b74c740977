//! `default(3)` is told the right syntax.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item {
    #[pooled(default(3))]
    a: u32,
    #[pooled(skip(3))]
    b: u32,
}

fn main() {
    let _ = Item::builder().a(1).build();
}
