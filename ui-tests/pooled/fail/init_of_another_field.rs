//! Only initialising the field gives the proof of it: not that of another.
use nebula_memory::Pooled;

#[derive(Pooled)]
struct User {
    name: String,
    age: u32,
    email: Option<String>,
}

fn main() {
    let mut other = None;
    let _ = Text::builder().name_with(|first| {
        let _ = Text::builder().name_with(|second| {
            other = Some(first.write(String::new()));
            second.write(String::new())
        });
        other.unwrap()
    });
    let _ = Text::builder().name_with(|first| {
        let _ = Text::builder().name_with(|_second| first.write(String::new()));
        loop {}
    });
}

#[derive(Pooled)]
struct Text {
    name: Name,
}
type Name = String;
