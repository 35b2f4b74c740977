//! A hook is a path or a closure.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(on_acquire = "start", on_release)]
struct Item {
    a: u32,
}
#[derive(Pooled)]
#[pooled(on_acquire = start(1), on_release(stop))]
struct Other {
    a: u32,
}

fn main() {
    let _ = Item::builder().a(1).build();
    let _ = Other::builder().a(1).build();
}
