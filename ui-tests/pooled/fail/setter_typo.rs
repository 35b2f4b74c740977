//! A misspelled setter gets the suggestion of the right one.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    let _ = User::builder().nam("a".into());
}
