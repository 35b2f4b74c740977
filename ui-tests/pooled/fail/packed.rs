//! Fields of a packed struct cannot be written in place; `cfg_attr` hides nothing.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[repr(packed)]
struct Item {
    a: u32,
}
#[derive(Pooled)]
#[repr(C, packed(2))]
struct Two {
    a: u32,
}
#[derive(Pooled)]
#[cfg_attr(all(), repr(packed))]
struct Hidden {
    a: u32,
}

fn main() {
    let _ = Item::builder();
}
