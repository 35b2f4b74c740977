//! What resets a field must fit it.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Item {
    #[pooled(reset = clear)]
    number: u64,
    #[pooled(reset = default)]
    no_default: NoDefault,
    #[pooled(default, reset = wrong)]
    signature: u64,
    #[pooled(default, reset = Self::unsafely)]
    not_safe: u64,
    #[pooled(default, reset = kep)]
    typo: u64,
    #[pooled(default = 3, reset = |value| *value = "three")]
    closure: u64,
}

struct NoDefault;

fn wrong(_: &u32) {}

impl Item {
    unsafe fn unsafely(_: &mut u64) {}
}

fn main() {
    let _ = Item::acquire();
}
