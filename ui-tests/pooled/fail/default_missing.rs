//! `default` needs `Default`: reported at the type of the field.
use nebula_memory::Pooled;

struct N;
#[derive(Pooled)]
struct Item {
    #[pooled(default)]
    a: N,
    #[pooled(skip)]
    b: Vec<&'static N>,
    #[pooled(skip)]
    c: N,
}

fn main() {
    let _ = Item::builder();
}
