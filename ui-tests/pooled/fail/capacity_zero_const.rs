//! A constant that is zero is refused when it is evaluated.
use nebula_memory::Pooled;

const NONE: usize = 0;
#[derive(Pooled)]
#[pooled(capacity = NONE)]
struct Item {
    a: u32,
}

fn main() {
    let _ = Item::acquire();
}
