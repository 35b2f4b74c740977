//! A wrong key on the type has a suggestion; what it would have made is there all the same.
use nebula_memory::Pooled;

fn pooled<T: Pooled>() {}

#[derive(Pooled)]
#[pooled(capcity = 4)]
struct Item {
    a: u32,
}

fn main() {
    let _ = Item::acquire().unwrap().a(1).finish();
    let _ = Item::pool();
    pooled::<Item>();
}
