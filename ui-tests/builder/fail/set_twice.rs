//! A required field is set once.
use nebula_memory::Builder;

#[derive(Builder)]
struct Options {
    port: u16,
}

fn main() {
    let _ = Options::builder().port(1).port(2).build();
}
