//! An unsized field.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item {
    a: u32,
    tail: str,
}

fn main() {

}
