//! All missing fields are named, in order of declaration.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    let _ = User::builder().build();
}
