//! A default expression is not inside an `unsafe` of the macro.
use nebula_memory::Pooled;

unsafe fn danger() -> u32 {
    1
}
#[derive(Pooled)]
struct Item {
    #[pooled(default = danger())]
    a: u32,
    #[pooled(skip = danger())]
    b: u32,
}

fn main() {
    let _ = Item::builder();
}
