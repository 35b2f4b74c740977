//! A static pool of a type that is not `Send`.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity = 4)]
struct Item {
    a: std::rc::Rc<u32>,
}

fn main() {
    let _ = Item::builder();
}
