//! Two setters cannot have one name.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item {
    x: u32,
    #[pooled(rename = x)]
    y: u32,
    #[pooled(rename = r#x)]
    z: u32,
}

fn main() {
    let _ = Item::builder().x(1).build();
}
