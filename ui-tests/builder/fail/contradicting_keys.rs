//! Keys that contradict each other.
use nebula_memory::Builder;

#[derive(Builder)]
struct Options {
    #[builder(skip, default = 1)]
    a: u8,
    #[builder(skip, into)]
    b: u8,
    #[builder(required, default)]
    c: Option<u8>,
    #[builder(skip, rename = e)]
    d: u8,
}

fn main() {
    let _ = Options::builder().build();
}
