//! The function of a check takes `&Self` and returns `Result<(), Error>`.
use nebula_memory::{AllocError, Builder};

#[derive(Builder)]
#[builder(check = returns_bool)]
struct A {
    a: u8,
}
fn returns_bool(_: &A) -> bool {
    true
}

#[derive(Builder)]
#[builder(check = by_value)]
struct B {
    a: u8,
}
fn by_value(_: B) -> Result<(), AllocError> {
    Ok(())
}

#[derive(Builder)]
#[builder(check = other_error)]
struct C {
    a: u8,
}
fn other_error(_: &C) -> Result<(), String> {
    Ok(())
}

#[derive(Builder)]
#[builder(check = Self::long_borrow)]
struct D {
    a: u8,
}
impl D {
    fn long_borrow(&'static self) -> Result<(), AllocError> {
        Ok(())
    }
}

fn main() -> Result<(), AllocError> {
    let _ = A::builder().a(1).build()?.a;
    let _ = C::builder().a(1).build()?.a;
    Ok(())
}
