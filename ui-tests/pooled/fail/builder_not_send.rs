//! A builder is `Send` only if the values in it are.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item {
    a: std::rc::Rc<u32>,
    b: u32,
}

fn main() {
    let builder = Item::builder().a(std::rc::Rc::new(1));
    std::thread::spawn(move || drop(builder));
}
