//! The setter of a deprecated field is deprecated.
#![deny(deprecated)]
use nebula_memory::Builder;

#[derive(Builder)]
struct Options {
    #[deprecated = "use `port`"]
    socket: Option<u16>,
    port: u16,
}

fn main() {
    let _ = Options::builder().socket(1).port(1).build();
}
