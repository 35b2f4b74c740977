//! What resets a field is in no `unsafe` of the derive.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Item {
    #[pooled(default, reset = |value| *value = std::mem::zeroed())]
    closure: u64,
    #[pooled(default = Unsafe(1), reset = clear)]
    method: Unsafe,
}

#[derive(Clone, Copy)]
struct Unsafe(u8);


impl Unsafe {
    unsafe fn clear(&mut self) {}
}

fn main() {
    let _ = Item::acquire();
}
