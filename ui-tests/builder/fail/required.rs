//! `required` is for `Option`s.
use nebula_memory::Builder;

#[derive(Builder)]
struct Options {
    #[builder(required)]
    number: u8,
    #[builder(required)]
    maybe: Option<u8>,
}

fn main() {
    let _ = Options::builder().number(1).maybe(None).build();
}
