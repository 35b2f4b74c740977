//! Keys without their value.
use nebula_memory::Pooled;

#[derive(Pooled)]
#[pooled(capacity)]
struct A {
    a: u32,
}
#[derive(Pooled)]
#[pooled(capacity =)]
struct B {
    a: u32,
}
#[derive(Pooled)]
#[pooled(crate, builder, start, align)]
struct C {
    #[pooled(rename)]
    a: u32,
}

fn main() {
    let _ = (A::builder(), B::builder(), C::builder());
}
