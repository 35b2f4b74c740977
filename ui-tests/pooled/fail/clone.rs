//! A builder owns a slot: there is one of it.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    let builder = User::builder();
    let _ = builder.clone();
}
