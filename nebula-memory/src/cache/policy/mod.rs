//! Who leaves first when there is no room.
//!
//! A [`Policy`] is what users name: a small value that says how. What it says is carried out by its [`Ranking`], which keeps the
//! entries of one cache, or of one shard of a shared one, in the order in which they leave. A ranking knows nothing of keys and
//! values: entries are [`Id`]s, and what it keeps beside each of them is a [`Ranking::Node`], found by [`Nodes`].
//!
//! * `ghosts`: the hashes of what went last
//! * `list`: lists of entries, linked by their nodes
//! * `lru`, `fifo`: by the last use, by age
//! * `nodes`: what stands beside entries
//! * `any`: [`AnyPolicy`], chosen at run time
//! * `ranking`: the seam between caches and policies
//! * `s3_fifo`: [`S3Fifo`], that caches have unless told otherwise
//! * `w_tiny_lfu`: [`WTinyLfu`]
//! * `sketch`: how often keys were wanted lately
//! * `shadow`: caches of hashes, to see what a policy would do
//! * `tagged`: lists again, whose nodes know which one they are in
//! * `watch`: what a hit does, and whether an entry still counts, without a lock

mod any;
mod fifo;
mod ghosts;
mod list;
mod lru;
mod nodes;
mod ranking;
mod s3_fifo;
mod shadow;
mod sketch;
mod tagged;
mod w_tiny_lfu;
mod watch;

pub use any::AnyPolicy;
pub use fifo::Fifo;
pub(crate) use ghosts::Ghosts;
pub(crate) use list::{Linked, Links, List};
pub use lru::Lru;
pub(crate) use nodes::{END, NONE};
pub use nodes::{Id, Nodes, Notes};
pub(crate) use ranking::sealed;
pub use ranking::{Hit, Lives, NoteOf, Pins, Policy, Ranking};
pub use s3_fifo::S3Fifo;
pub(crate) use shadow::Shadow;
pub(crate) use sketch::Sketch;
pub(crate) use tagged::{Tag, Tagged};
pub use w_tiny_lfu::WTinyLfu;
pub use watch::{Unwatched, Watch};
