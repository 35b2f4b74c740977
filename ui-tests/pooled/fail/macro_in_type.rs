//! A type is repeated in generated code, so it must not be the result of a macro.
use nebula_memory::Pooled;

macro_rules! ty {
    () => { u32 };
}
macro_rules! len {
    () => { 3 };
}
#[derive(Pooled)]
struct Item {
    a: ty!(),
    b: [u8; 1 + len!()],
    c: Vec<ty!()>,
}

fn main() {

}
