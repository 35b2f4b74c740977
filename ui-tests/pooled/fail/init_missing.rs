//! An in-place initialiser must initialise.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    let _ = Text::builder().name_with(|_slot| String::new());
    let _ = Text::builder().name_with(|slot| {
        slot.write(String::new());
    });
}

#[derive(Pooled)]
struct Text {
    name: Name,
}
type Name = String;
