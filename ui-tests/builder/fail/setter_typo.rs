//! A misspelled setter.
use nebula_memory::Builder;

#[derive(Builder)]
struct Options {
    address: String,
}

fn main() {
    let _ = Options::builder().adress("a".into()).build();
}
