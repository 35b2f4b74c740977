//! Of an unfinished body only the error of the parser is seen.
use nebula_memory::arena;

#[arena]
fn typing() -> u32 {
    arena.
}

fn main() { let _ = typing(); }
