//! The memory of a field cannot be kept for later.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    let mut kept = None;
    let _ = Text::builder().name_with(|slot| {
        kept = Some(slot);
        loop {}
    });
}

#[derive(Pooled)]
struct Text {
    name: Name,
}
type Name = String;
