//! A type of the user called `Option` is not taken for the one of `core`.
use nebula_memory::Pooled;

struct Option<T>(T);

#[derive(Pooled)]
struct Item {
    a: Option<u32>,
    #[pooled(default = Option(1))]
    b: Option<u32>,
}

fn main() {
    let _ = Item::builder().b(1).build();
}
