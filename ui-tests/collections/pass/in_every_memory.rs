//! Vectors and strings in functions, structs and threads.
#![deny(warnings)]

use std::fmt::Write;

use nebula_memory::allocator::bump::BumpMemory;
use nebula_memory::{Arena, ArenaString, ArenaVec, BumpAllocator, FnArena, StackAllocator, arena};

struct Tokens<'a> {
    kinds: ArenaVec<'a, u8>,
    names: ArenaVec<'a, &'a str>,
}

fn shorter<'s>(names: ArenaVec<'s, &'static str>) -> ArenaVec<'s, &'s str> {
    names
}

fn joined<'m, B: BumpMemory>(memory: &'m B, names: &[&str]) -> &'m str {
    let mut text = ArenaString::new_in(memory);
    for name in names {
        write!(text, "{name};").unwrap();
    }
    text.into_str()
}

fn doubled<'v, 'a>(arena: &'v FnArena<'a>, values: &[u32]) -> ArenaVec<'v, u32, FnArena<'a>> {
    ArenaVec::from_iter_in(values.iter().map(|value| value * 2), arena)
}

#[arena]
fn sum(values: &[u32]) -> u32 {
    let mut vector = doubled(&arena, values);
    vector.push(1);
    vector.iter().sum()
}

fn main() {
    let memory = Arena::new();
    let mut tokens = Tokens { kinds: ArenaVec::new_in(&memory), names: ArenaVec::new_in(&memory) };
    tokens.kinds.push(1);
    tokens.names.push(memory.alloc_str("a"));
    assert_eq!(shorter(ArenaVec::from_iter_in(["b"], &memory)), ["b"]);
    assert_eq!(joined(&BumpAllocator::new(64), &["a", "b"]), "a;b;");
    assert_eq!(joined(&StackAllocator::new(256).frame(), &["a", "b"]), "a;b;");
    assert_eq!(sum(&[1, 2, 3]), 13);
}
