//! A key is given once.
use nebula_memory::Builder;

#[derive(Builder)]
#[builder(check = f, check = g)]
struct Options {
    #[builder(default = 1, default = 2)]
    a: u8,
}

fn main() {}
