//! Bodies that end with a statement: what is dropped before what, and names that hide.
#![deny(warnings)]
#![warn(clippy::pedantic)]

use nebula_memory::{ArenaVec, arena};

#[arena]
fn drops(text: &str) {
    let mut words = ArenaVec::new_in(&arena);
    for word in text.split(' ') {
        words.push(arena.alloc_str(word));
    }
    assert_eq!(words.len(), 2);
}

#[arena]
fn hides() {
    let arena = arena.alloc(3);
    *arena += 1;
}

#[arena]
fn items() {
    #[derive(Debug)]
    struct Inner(u8);
    fn helper(inner: &Inner) -> u8 {
        inner.0
    }
    assert_eq!(helper(arena.alloc(Inner(3))), 3);
}

#[arena]
fn returns(x: u8) -> u8 {
    if x > 1 {
        return *arena.alloc(x);
    }
    unreachable!();
}

#[arena]
fn never() -> u8 {
    loop {
        if *arena.alloc(1) == 1 {
            return 1;
        }
    }
}

#[arena]
async fn future() {
    arena.alloc(1);
}

fn main() {
    drops("a b");
    hides();
    items();
    assert_eq!(returns(2) + never(), 3);
    drop(future());
}
