//! Growing arenas.
//!
//! * `chunk`: the list of chunks behind an arena, the only place here that touches raw memory
//! * `owner`: [`Arena`]
//! * `scope`: [`ArenaScope`], part of an arena's life, and what `#[arena]` gives a function
//! * `scratch`: the per-thread arenas that `#[arena]` takes
//!
//! Allocation itself is the [`bump`](crate::allocator::bump) core.

mod chunk;
mod owner;
mod scope;
#[cfg(feature = "std")]
mod scratch;

pub use crate::allocator::bump::ArenaBox;
pub use owner::Arena;
pub use scope::{ArenaScope, FnArena};
#[cfg(feature = "std")]
pub use scratch::Scratch;
