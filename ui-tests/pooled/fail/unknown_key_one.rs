//! A wrong key is one error, although the builder is used.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item {
    #[pooled(defualt)]
    a: u32,
    b: u32,
}

fn main() {
    let _ = Item::builder().b(1).build();
}
