//! Keys stand in parentheses.
use nebula_memory::Builder;

#[derive(Builder)]
#[builder]
struct A {
    a: u8,
}
#[derive(Builder)]
#[builder = "check"]
struct B {
    #[builder[default]]
    a: u8,
    #[builder(default =)]
    b: u8,
    #[builder(default(3))]
    c: u8,
    #[builder(into = true)]
    d: u8,
}

fn main() {}
