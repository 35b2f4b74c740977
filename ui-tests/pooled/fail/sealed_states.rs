//! The traits of the states are sealed.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    impl nebula_memory::pooled::IsSet for nebula_memory::pooled::Unset {}
    impl nebula_memory::pooled::IsUnset for nebula_memory::pooled::Set {}
}
