//! A lifetime that is not written.
use nebula_memory::cached;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Text<'a>(&'a str);

#[cached]
fn length(text: Text) -> usize {
    text.0.len()
}

fn main() {}
