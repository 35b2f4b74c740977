//! Safe code in the same module cannot relabel a builder as complete.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    use nebula_memory::pooled::{Inline, Set};
    let builder = User::builder();
    let forged: UserBuilder<Inline<User>, (Set, Set)> = UserBuilder { partial: builder.partial };
    let _ = forged.build();
}
