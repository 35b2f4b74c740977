//! Who leaves first when there is no room.
//!
//! A [`Policy`] is what users name: a small value that says how. What it says is carried out by its [`Ranking`], which keeps the
//! entries of one cache, or of one shard of a shared one, in the order in which they leave. A ranking knows nothing of keys and
//! values: entries are [`Id`]s, and what it keeps beside each of them is a [`Ranking::Node`], found by [`Nodes`].
//!
//! * `adaptive`: [`Adaptive`], which does what would have been best lately
//! * `any`: [`AnyPolicy`], chosen at run time
//! * `called`: what they are called in text, [`PolicyError`]
//! * `climber`: how large the window of W-TinyLFU is to be
//! * `dated`: the hashes of what went, and when each was used last
//! * `elastic`: [`Elastic`], that caches have unless told otherwise
//! * `estate`: what one of them has left to another
//! * `expert`: one of the policies it chooses from
//! * `ghosts`: the hashes of what went last
//! * `hashes`: entries that are nothing but a hash
//! * `inner`: the nodes of a ranking that another one is around
//! * `jury`: what each policy would find, and which one is best
//! * `lfu`, `random`, `sieve`: by how often, by chance, by a hand that goes round
//! * `lirs`: another of them
//! * `list`: lists of entries, linked by their nodes
//! * `lru`, `fifo`: by the last use, by age; `queue`: the ranking of both
//! * `nodes`: what stands beside entries
//! * `ordered`: rankings that know the whole order
//! * `ranking`: the seam between caches and policies
//! * `rehearsal`: in which order entries would leave
//! * `s3_fifo`: [`S3Fifo`], and what others make of its queues
//! * `shadow`: caches of hashes, to see what a policy would do
//! * `sketch`: how often keys were wanted lately
//! * `split`: what each queue of [`S3Fifo`] has of the capacity
//! * `tagged`: lists again, whose nodes know which one they are in
//! * `w_tiny_lfu`: [`WTinyLfu`]
//! * `watch`: what a hit does, and whether an entry still counts, without a lock
//! * `wide`: nodes that serve all of them

mod adaptive;
mod any;
mod called;
mod climber;
mod dated;
mod elastic;
mod estate;
mod expert;
mod fifo;
mod ghosts;
mod hashes;
mod inner;
mod jury;
mod lfu;
mod lirs;
mod list;
mod lru;
mod nodes;
mod ordered;
mod queue;
mod random;
pub(crate) mod ranking;
#[cfg(feature = "serde")]
mod rehearsal;
mod s3_fifo;
mod shadow;
mod sieve;
mod sketch;
mod split;
mod tagged;
#[cfg(test)]
mod tests;
mod w_tiny_lfu;
mod watch;
mod wide;

pub use adaptive::Adaptive;
pub use any::AnyPolicy;
pub use called::PolicyError;
pub(crate) use climber::Climber;
pub(crate) use dated::Dated;
pub use elastic::Elastic;
pub(crate) use estate::Estate;
pub(crate) use expert::{Expert, Kind};
pub use fifo::Fifo;
pub(crate) use ghosts::Ghosts;
pub(crate) use hashes::Hashes;
pub(crate) use inner::{Field, Inner, Part};
pub(crate) use jury::Jury;
pub use lfu::Lfu;
pub(crate) use lirs::Lirs;
pub(crate) use list::{Linked, Links, List, look_ahead};
pub use lru::Lru;
pub(crate) use nodes::{END, NONE};
pub use nodes::{Id, Nodes, Notes};
pub use ordered::Ordered;
pub(crate) use queue::Queue;
pub use random::Random;
pub(crate) use ranking::sealed;
pub use ranking::{Hit, Lives, NoteOf, Pins, Policy, Ranking};
#[cfg(feature = "serde")]
pub(crate) use rehearsal::{Rehearsal, Seen};
pub use s3_fifo::S3Fifo;
pub(crate) use s3_fifo::{MARKS, S3FifoRanking, S3Queues};
pub(crate) use shadow::Shadow;
pub use sieve::Sieve;
pub(crate) use sketch::Sketch;
pub(crate) use split::Split;
pub use split::{Tenth, Yielding};
pub(crate) use tagged::{Tag, Tagged};
pub(crate) use w_tiny_lfu::TinyLfuQueues;
pub use w_tiny_lfu::WTinyLfu;
pub use watch::{Unwatched, Watch};
pub(crate) use wide::Wide;
