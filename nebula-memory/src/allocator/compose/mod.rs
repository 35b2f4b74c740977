//! Allocators made of allocators.
//!
//! * `fallback`: [`Fallback`], one serves what another refuses
//! * `segregated`: [`Segregated`], one for small blocks and one for large ones
//! * `budgeted`: [`Budgeted`], charges a [`Budget`](crate::Budget)
//! * `tracked`: [`Tracked`], tells a [`Track`] of every block
//! * `counters`: [`Counters`], the `Track` that counts
//! * [`poisoned`]: [`Poisoned`], finds stray writes
//! * `owned`: [`Owned`], a part that is there by value
//! * `owns`: [`Owns`], whose block is it; `independent`: [`Independent`], where that cannot be doubted
//! * `blocks`: what they share: moving a block from one allocator to another, cutting one
//!
//! Each can be a part of another. All but `Poisoned` are as large as their parts and have no state besides them. None can be reset: what
//! resets an allocator needs it exclusively, and these hold references or copies.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a block is given back to the wrong part of a `Fallback` | the first part says what is its own ([`Owns`]); the second has no block in the memory of the first ([`Independent`], or the caller's promise) |
//! | a block is given back to the wrong part of a `Segregated` | the layout decides, alone; no block is said to be longer than its side of the threshold |
//! | a block of no size is looked up | `Fallback` answers for these itself; they are never asked for |
//! | counts drift because a block is given back with a size between the asked and the got | what is counted is cut to what was asked |
//! | an allocator that is a part of another is reset, or moved away from its blocks | an `Owned` lends no `&mut`; it takes what stands still ([`Steady`]) |
//! | a callback or counter unwinds while a block is resized | callbacks run before that; [`Track`] must not unwind |

mod blocks;
mod budgeted;
mod counters;
mod fallback;
mod independent;
mod owned;
mod owns;
#[cfg(feature = "alloc")]
pub mod poisoned;
mod segregated;
mod tracked;

pub use budgeted::Budgeted;
pub use counters::{Counters, CountersSnapshot};
pub use fallback::Fallback;
pub use independent::Independent;
pub use owned::{Owned, Steady};
pub use owns::Owns;
#[cfg(feature = "alloc")]
pub use poisoned::Poisoned;
pub use segregated::Segregated;
pub use tracked::{Track, Tracked, Untracked};
