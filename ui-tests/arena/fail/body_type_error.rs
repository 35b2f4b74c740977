//! A wrong type in the body is reported once, at the expression.
use nebula_memory::arena;

#[arena]
fn sync() -> u32 {
    let _ = arena.alloc(1);
    "s"
}
#[arena]
async fn later() -> u32 {
    let _ = arena.alloc(1);
    "s"
}
#[arena]
fn nothing() -> u32 {
    let _ = arena.alloc(1);
}

fn main() {}
