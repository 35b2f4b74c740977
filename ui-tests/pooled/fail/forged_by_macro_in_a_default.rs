//! A macro in a default expression reaches the traits of the fields: they are sealed.
use nebula_memory::Pooled;

macro_rules! forge {
    () => {{
        impl __fields::name_is_set for nebula_memory::pooled::Unset {}
        1
    }};
}

#[derive(Pooled)]
struct User {
    name: String,
    #[pooled(default = forge!())]
    age: u32,
}

fn main() {
    let _ = User::builder().build();
}
