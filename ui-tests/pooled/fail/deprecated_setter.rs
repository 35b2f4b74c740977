//! The setter of a deprecated field is deprecated.
#![deny(deprecated)]
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item {
    a: u32,
    #[deprecated]
    b: Option<u32>,
}

fn main() {
    let _ = Item::builder().b(1);
}
