//! The fields of a half-built value are private.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    use nebula_memory::pooled::{Inline, Partial, Set};
    let _: Partial<Inline<User>, ((Set, Set),)> = Partial { place: panic!(), state: std::marker::PhantomData };
}
