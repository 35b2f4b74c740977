//! A value of another type is reported at the value.
use nebula_memory::Builder;

#[derive(Builder)]
struct Options {
    port: u16,
    limit: Option<u8>,
}

fn main() {
    let _ = Options::builder().port("80").limit(Some(1)).build();
}
