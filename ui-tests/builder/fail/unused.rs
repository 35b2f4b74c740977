//! Neither a builder nor the result of a check is to be forgotten.
#![deny(unused_must_use)]
use nebula_memory::Builder;

#[derive(Builder)]
#[builder(check = |_| Ok(()))]
struct Options {
    port: u16,
}

fn main() {
    Options::builder();
    Options::builder().port(1).build();
}
