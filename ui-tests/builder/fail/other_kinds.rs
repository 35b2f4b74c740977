//! Only structs with named fields.
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
struct Tuple(u8, u8);
#[derive(Builder)]
struct Unit;
#[derive(Builder)]
struct Tail {
    a: u8,
    bytes: [u8],
}

fn main() {}
