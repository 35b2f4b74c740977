//! A default expression of a wrong type is reported at the expression.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item {
    #[pooled(default = "x")]
    a: u32,
    #[pooled(skip = 1.5)]
    b: u32,
    #[pooled(default = 3)]
    c: Option<u32>,
}

fn main() {
    let _ = Item::builder();
}
