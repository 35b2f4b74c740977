//! A required field that is missing is named where the builder is to be complete.
use nebula_memory::Builder;

#[derive(Builder)]
struct Options {
    address: String,
    port: u16,
    user: Option<String>,
}

fn main() {
    let _ = Options::builder().address("localhost".into()).user("ada".into()).build();
}
