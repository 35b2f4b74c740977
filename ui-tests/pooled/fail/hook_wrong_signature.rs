//! A hook with another signature is an error at the hook.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(on_acquire = Self::start, on_release = stop)]
struct Item {
    a: u32,
}
impl Item {
    fn start(&self, _: u32) {}
}
fn stop(_: &mut u32) {}

#[derive(Pooled)]
#[pooled(on_release = |_, _| ())]
struct Other {
    a: u32,
}

fn main() {
    let _ = Item::builder().a(1).build();
    let _ = Other::builder().a(1).build();
}
