//! Only structs, and only of what has a size.
use nebula_memory::Builder;

#[derive(Builder)]
enum Either {
    A,
}
#[derive(Builder)]
union Both {
    a: u32,
}
#[derive(Builder)]
struct Tail {
    a: u8,
    bytes: [u8],
}

fn main() {}
