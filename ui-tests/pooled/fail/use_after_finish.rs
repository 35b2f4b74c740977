//! A finished builder is gone.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    let builder = User::builder().name("a".into()).age(1);
    let _ = builder.build();
    let _ = builder.build();
}
