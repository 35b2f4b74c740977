//! A key of a field on the type and the other way round.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(default)]
struct Item {
    #[pooled(capacity = 4)]
    a: u32,
}

fn main() {
    let _ = Item::builder();
}
