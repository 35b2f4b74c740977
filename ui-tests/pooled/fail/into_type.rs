//! A converting setter names the conversion that is missing.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item {
    #[pooled(into)]
    a: String,
}

fn main() {
    let _ = Item::builder().a(5);
}
