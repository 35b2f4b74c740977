//! A builder that is not finished is pointed out.
#![deny(unused_must_use)]
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    User::builder().age(1);
}
