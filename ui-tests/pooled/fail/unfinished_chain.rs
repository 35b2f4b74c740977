//! While a chain is being typed, what is there of it is known, and what follows is looked at all the same.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
}

fn typing() {
    let builder = User::builder().name("a".into());
    builder.
}

fn next() -> u32 {
    User::builder().name("a".into()).age("x").build().age
}

fn main() {
    typing();
    next();
}
