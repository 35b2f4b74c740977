//! What a check and its error must look like.
use nebula_memory::Builder;

#[derive(Builder)]
#[builder(check = "Self::check")]
struct A {
    a: u8,
}
#[derive(Builder)]
#[builder(check)]
struct B {
    a: u8,
}
#[derive(Builder)]
#[builder(check(path))]
struct C {
    a: u8,
}
#[derive(Builder)]
#[builder(check = checker())]
struct D {
    a: u8,
}
#[derive(Builder)]
#[builder(check = check, error = "String")]
struct E {
    a: u8,
}
#[derive(Builder)]
#[builder(error = String)]
struct F {
    a: u8,
}
#[derive(Builder)]
#[builder(check = check, error)]
struct G {
    a: u8,
}
#[derive(Builder)]
#[builder(check = check, error = 1 + 1)]
struct H {
    a: u8,
}

fn main() -> Result<(), nebula_memory::AllocError> {
    let _ = A::builder().a(1).build()?.a;
    let _ = D::builder().a(1).build()?.a;
    assert_eq!(F::builder().a(1).build().map(|f| f.a), Ok::<_, String>(1));
    Ok(())
}
