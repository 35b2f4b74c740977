//! Entries whose time ends.
//!
//! Three policies that go around any other, and around each other: [`Ttl`] counts from when a value came in, [`Tti`] from when it
//! was used, [`PerEntryTtl`] gives each entry a time of its own. A value whose time is over is never served: each look-up
//! compares its deadline with a [`Clock`], without a lock. What is over is collected by writes, a bounded amount each, and leaves
//! before anything that lives; no thread works in the background.
//!
//! * `clock`: [`Clock`], that of the machine and one that is set by hand
//! * `rule`: when the time of a value ends
//! * `note`: deadlines, which stand beside the entries, and who compares them
//! * `wheel`: entries by their deadlines, in constant time
//! * `timed`: the nodes of a ranking among those of one that expires
//! * `expiring`: the ranking of all three
//! * `ttl`, `tti`, `per_entry`: the policies
//! * `building`: what they are called in a builder

mod building;
mod clock;
mod expiring;
mod note;
mod per_entry;
mod rule;
mod timed;
mod tti;
mod ttl;
mod wheel;

pub use clock::{Clock, ManualClock, Monotonic};
pub use per_entry::PerEntryTtl;
pub use tti::Tti;
pub use ttl::Ttl;
