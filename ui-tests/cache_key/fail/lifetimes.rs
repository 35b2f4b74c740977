//! A twin borrows from its parts.
use nebula_memory::CacheKey;

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
struct Key {
    text: String,
}

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
enum Kind {
    Text(String),
}

fn main() {
    let twin;
    {
        let text = String::from("short");
        twin = KeyRef::new(&text);
    }
    let _ = twin == twin;
    let kind;
    {
        let text = String::from("short");
        kind = KindRef::Text(&text);
    }
    let _ = kind == kind;
}
