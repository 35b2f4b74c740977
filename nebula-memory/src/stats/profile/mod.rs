//! What a whole program allocates, by scope and by place.
//!
//! * `global`: [`TrackedGlobal`], a global allocator that is watched
//! * `books`: what is counted of it; `local`: what each thread has at hand for that
//! * `scope`: what was allocated under one name
//! * `chance`: which allocations are sampled; `sampler`: what is known of those
//! * `live`: which of their blocks are still there; `estimate`: what they stand for
//! * `table`: values found by their `hash`, without a lock
//! * `stack`: addresses of code; `names`: what they are called
//! * `profile`: [`Profile`], which tells it; `gather` fills it in; `watch`: what a collector tells

#[cfg(not(loom))]
mod books;
#[cfg(not(loom))]
mod chance;
#[cfg(not(loom))]
mod estimate;
#[cfg(not(loom))]
mod gather;
#[cfg(not(loom))]
mod global;
#[cfg(not(loom))]
mod hash;
mod live;
#[cfg(not(loom))]
mod local;
#[cfg(loom)]
pub mod model;
#[cfg(not(loom))]
mod names;
#[expect(clippy::module_inception, reason = "one concept per file")]
mod profile;
#[cfg(not(loom))]
mod sampler;
#[cfg(not(loom))]
mod scope;
#[cfg(not(loom))]
mod stack;
mod table;
#[cfg(not(loom))]
mod watch;

#[cfg(not(loom))]
pub use global::TrackedGlobal;
pub use profile::{Frame, Profile, ScopeProfile, StackProfile};
