//! A field called like a method of the builder needs another name for its setter.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item {
    finish: u32,
    build: u32,
    a: u32,
    #[pooled(rename = finish)]
    b: u32,
}

fn main() {
    let _ = Item::builder().a(1).build();
}
