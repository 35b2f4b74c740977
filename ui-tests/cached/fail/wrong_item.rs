//! Not a function, or one that cannot be cached.
#![allow(unused)]
use nebula_memory::cached;

#[cached]
struct Struct;

#[cached]
impl Struct {}

#[cached]
const fn constant(n: u8) -> u8 {
    n
}

trait Trait {
    #[cached]
    fn declared(n: u8) -> u8;
}

fn main() {
    let _ = (Struct, constant(1));
}
