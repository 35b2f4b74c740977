//! Growing arenas.
//!
//! * `chunk`: the list of chunks behind an arena, the only place here that touches raw memory
//! * `owner`: [`Arena`]
//! * `scope`: [`ArenaScope`], part of an arena's life, and what `#[arena]` gives a function
//! * `options`: [`ArenaOptions`], how an arena grows; `stats`: [`ArenaStats`], how much it holds and uses
//! * `live`: [`Counted`] arenas, which other threads can watch
//! * `typed`: [`TypedArena`], values of one type, which are dropped
//! * `shared`: [`SharedArena`], one arena for many threads, each with chunks of its own
//! * `scratch`: the per-thread arenas that `#[arena]` takes
//!
//! Allocation itself is the [`bump`](crate::allocator::bump) core.

mod chunk;
mod live;
mod options;
mod owner;
mod scope;
#[cfg(feature = "std")]
mod scratch;
#[cfg(feature = "std")]
mod shared;
mod stats;
mod typed;

pub use crate::allocator::bump::ArenaBox;
pub use live::{ArenaMonitor, Counted, Counting, Uncounted};
pub use options::ArenaOptions;
pub use owner::{Arena, ArenaCheckpoint};
pub use scope::{ArenaGuard, ArenaScope, FnArena};
#[cfg(feature = "std")]
pub use scratch::Scratch;
#[cfg(feature = "std")]
pub use shared::{SharedArena, ThreadArena};
pub use stats::ArenaStats;
pub use typed::TypedArena;
