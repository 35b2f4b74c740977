//! All wrong keys are reported at once, and nothing that follows from them.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item {
    #[pooled(defualt)]
    a: u32,
    #[pooled(intoo, defolt = 3)]
    b: String,
    #[pooled(reqired)]
    c: Option<u8>,
    d: u8,
}

fn main() {
    let _ = Item::builder().b("x").d(1).build();
    let _ = Item::builder().a(1).b("x").c(Some(1)).d(1).build();
}
