//! Code that is being written.
use nebula_memory::cached;

#[cached]
fn unfinished(text: &str) -> usize {
    text.
}

fn main() {}
