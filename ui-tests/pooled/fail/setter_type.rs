//! A wrong type is reported at the argument, with the type of the field.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    let _ = User::builder().name(5);
}
