//! A tuple struct has no names for setters.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct Item(u32);

fn main() {

}
