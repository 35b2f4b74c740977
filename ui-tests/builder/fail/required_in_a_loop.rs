//! Setting a required field changes the builder's type.
use nebula_memory::Builder;

#[derive(Builder)]
struct Options {
    port: u16,
}

fn main() {
    let mut builder = Options::builder();
    for port in 0..3 {
        builder = builder.port(port);
    }
    let _ = builder;
}
