//! The traits of the states are sealed.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    struct MyField;
    struct Mine;
    impl nebula_memory::pooled::IsSet<MyField, User> for nebula_memory::pooled::Unset {}
    impl nebula_memory::pooled::IsUnset<MyField, User> for nebula_memory::pooled::Set {}
    impl nebula_memory::pooled::IsSet<MyField, User> for Mine {}
}
