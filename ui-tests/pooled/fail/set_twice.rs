//! A required field cannot be set twice; the second setter is pointed at.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    let _ = User::builder().age(1).name("a".into()).age(2);
}
