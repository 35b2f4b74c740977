//! A unit struct has no fields.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item;

fn main() {

}
