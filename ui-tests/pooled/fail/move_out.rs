//! A field cannot be read or moved out of a builder.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    let builder = User::builder().name("a".into());
    let _ = builder.name;
}
