//! A twin borrows from its parts.
use nebula_memory::CacheKey;

#[derive(Clone, PartialEq, Eq, Hash, CacheKey)]
struct Key {
    text: String,
}

fn main() {
    let twin;
    {
        let text = String::from("short");
        twin = KeyRef::new(&text);
    }
    let _ = twin == twin;
}
