//! A hook is not inside of an `unsafe` of the macro.
use nebula_memory::Pooled;

unsafe fn danger() {}

#[derive(Pooled)]
#[pooled(on_acquire = |_| danger())]
struct Item {
    a: u32,
}

fn main() {
    let _ = Item::builder().a(1).build();
}
