//! A default expression, which stands beside the traits of the fields, cannot say that a field is set.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    #[pooled(default = {
        impl __fields::name_is_set for nebula_memory::pooled::Unset {}
        1
    })]
    age: u32,
}

fn main() {
    let _ = User::builder().build();
}
