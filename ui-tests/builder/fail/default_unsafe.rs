//! A default expression is not inside an `unsafe` of the macro.
use nebula_memory::Builder;

unsafe fn danger() -> u32 {
    1
}
#[derive(Builder)]
struct Options {
    #[builder(default = danger())]
    a: u32,
}

fn main() {
    let _ = Options::builder();
}
