//! The function of a check does not exist, or not there.
use nebula_memory::Builder;

#[derive(Builder)]
#[builder(check = chek)]
struct A {
    a: u8,
}
#[derive(Builder)]
#[builder(check = Self::validate)]
struct B {
    a: u8,
}
fn check(_: &A) -> Result<(), nebula_memory::AllocError> {
    Ok(())
}

fn main() -> Result<(), nebula_memory::AllocError> {
    let _ = A::builder().a(1).build()?.a;
    let _ = B::builder().a(1).build()?.a;
    Ok(())
}
