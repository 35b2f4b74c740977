//! A flag has no value.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item {
    #[pooled(into = 4)]
    a: u32,
    #[pooled(required(yes))]
    b: Option<u32>,
}

fn main() {
    let _ = Item::builder().a(1).b(Some(1)).build();
}
