//! `build` takes the builder.
use nebula_memory::Builder;

#[derive(Builder)]
struct Options {
    port: u16,
}

fn main() {
    let builder = Options::builder().port(1);
    let _ = builder.build();
    let _ = builder.build();
}
