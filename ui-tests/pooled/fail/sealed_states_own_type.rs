//! The traits of the states are sealed, for a type of one's own too.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    struct Mine;
    impl nebula_memory::pooled::IsSet for Mine {}
}
