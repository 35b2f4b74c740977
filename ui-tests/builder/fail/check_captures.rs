//! A closure that checks sees nothing of the builder.
use nebula_memory::Builder;

#[derive(Builder)]
#[builder(check = |_| { let _ = (self, value); Ok(()) })]
struct A {
    a: u8,
}

fn main() {}
