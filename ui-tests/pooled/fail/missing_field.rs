//! A missing required field is named, with its type, where the builder is finished.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    let _ = User::builder().name("a".into()).build();
    let pool = nebula_memory::FixedPool::<User, 1>::new();
    let _ = User::build_in(&pool).unwrap().name("a".into()).finish();
}
