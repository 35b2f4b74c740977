//! Collections that stand in an arena, a bump allocator, a stack, or in a scope of one.
//!
//! * `vec`: [`ArenaVec`], a vector
//! * `string`: [`ArenaString`], text that grows
//! * `block`: the block of memory that both stand in, and how it grows
//!
//! Vectors and maps of other crates stand in the same memory by way of [`interop`](crate::allocator::interop). These
//! know what they stand in, which makes them faster (see [`ArenaVec`]), and they end as values of the arena: a slice,
//! a box, a text.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a value is dropped twice, or read after it was moved out | while values are moved or dropped, the length says that they are not there; what is leaked or unwinds leaves a shorter vector |
//! | the block is used after it was moved or given back | `block` replaces pointer and capacity together, by value |
//! | the memory is reset, or goes, before the vector or the slice made of it | both borrow it; a slice's block is never given back |
//! | user code (iterators, closures, `Drop`, `Clone`) panics or uses the same memory | it runs while the block is reserved and the length is true |
//! | sizes overflow | the layout of each block is computed with checks |
//! | values of no size | they need no block; positions are indices, never pointers |
//! | two threads use one cursor | `Send` and `Sync` ask for memory that is `Sync` |
//! | a string that is not UTF-8 | bytes are added by whole texts only, and taken off at boundaries of characters |

mod block;
mod string;
mod vec;

use crate::error::{self, AllocError};

pub use string::ArenaString;
pub use vec::{ArenaVec, Drain, IntoIter};

/// The value, or the panic of whoever did not use the `try_` form.
#[inline(always)]
#[track_caller]
fn or_panic<T>(result: Result<T, AllocError>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => error::out_of_memory(error),
    }
}
