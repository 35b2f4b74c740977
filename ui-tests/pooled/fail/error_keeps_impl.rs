//! After an error in an attribute the impls are there.
use nebula_memory::Pooled;

fn pooled<T: Pooled>() {}

#[derive(Pooled)]
#[pooled(capacity = 4, oops)]
struct Item {
    a: u32,
}

fn main() {
    let _ = Item::acquire().unwrap().a(1).finish();
    pooled::<Item>();
}
