//! A constant that is no power of two is refused when it is evaluated.
use nebula_memory::Pooled;

const ODD: usize = 48;
#[derive(Pooled)]
#[pooled(capacity = 4, align = ODD)]
struct Item {
    a: u32,
}

fn main() {
    let _ = Item::acquire();
}
