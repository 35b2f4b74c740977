//! The attribute has keys in parentheses.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled]
#[pooled = "x"]
#[pooled { capacity = 1 }]
#[pooled[capacity = 1]]
struct Item {
    #[pooled]
    a: u32,
}

fn main() {
    let _ = Item::builder();
}
