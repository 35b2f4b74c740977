//! A check is not inside an `unsafe` of the macro.
use nebula_memory::{AllocError, Builder};

#[derive(Builder)]
#[builder(check = danger)]
struct A {
    a: u8,
}
unsafe fn danger(_: &A) -> Result<(), AllocError> {
    Ok(())
}
fn more() -> Result<(), AllocError> {
    Ok(())
}

#[derive(Builder)]
#[builder(check = |b| danger(&A { a: b.a }))]
struct B {
    a: u8,
}

fn main() {}
