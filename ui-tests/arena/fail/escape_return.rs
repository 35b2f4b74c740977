//! An allocation cannot be returned, whatever it is wrapped in.
use nebula_memory::arena;

#[arena]
fn plain() -> &'static str {
    arena.alloc_str("x")
}
#[arena]
fn argument<'a>(_text: &'a str) -> &'a str {
    let copy = arena.alloc_str("x");
    copy
}
#[arena]
fn boxed(text: &str) -> Box<dyn std::fmt::Debug + '_> {
    Box::new(arena.alloc_str(text))
}
#[arena]
fn iterator<'a>() -> impl Iterator<Item = &'a u8> {
    arena.alloc_slice_copy(&[1, 2]).iter()
}
#[arena]
fn error<'a>(fail: Result<(), u8>) -> Result<u8, &'a str> {
    fail.map_err(|_| &*arena.alloc_str("x"))?;
    Ok(1)
}
#[arena]
fn closure<'a>() -> impl Fn() -> &'a str {
    let text = arena.alloc_str("x");
    move || &*text
}
#[arena]
fn early(text: &str) -> Option<&str> {
    if text.is_empty() {
        return Some(arena.alloc_str("x"));
    }
    None
}

fn main() {}
