//! Memory runs out at every call: whatever request is the one that is refused, the answer is an error value, or a panic
//! that unwinds from the methods that panic. Nothing is leaked, every value is dropped once, and what was allocated from
//! goes on when there is memory again.
#![cfg(all(not(loom), feature = "std"))]

#[path = "../support/mod.rs"]
mod support;

mod arenas;
mod blocks;
mod collections;
mod compositions;
mod every_call;
mod global_heap;
mod methods;
mod typed;
