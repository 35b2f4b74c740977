//! `build` is the builder's own.
use nebula_memory::Builder;

#[derive(Builder)]
struct Options {
    build: u8,
    #[builder(rename = port)]
    a: u8,
    #[builder(rename = port)]
    b: u8,
}

fn main() {
    let _ = Options::builder().port(1).build();
}
