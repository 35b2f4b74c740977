//! Other crates' collections in our allocators, and our allocators on those of other crates.
//!
//! There are four traits of one contract: the standard library's (unstable, feature `nightly`) and its stable mirrors,
//! versions 0.2, 0.3 and 0.4 of the `allocator-api2` crate (features `allocator-api2`, `allocator-api2-03`,
//! `allocator-api2-04`). hashbrown, bumpalo and bump-scope speak 0.2, blink-alloc speaks 0.4. Of each:
//!
//! * every allocator of this crate implements it, and so does one of yours by
//!   [`impl_allocator!`](crate::impl_allocator);
//! * [`Interop`] is any [`Allocator`](crate::Allocator) with all of them, for code that is generic over ours;
//! * `FromApi2`, `FromApi2V03`, `FromApi2V04` and `FromStd`, each there with its feature, are the other way round: an arena
//!   can stand on any of their allocators.
//!
//! A collection that fails to grow tells no more than that: the foreign errors have no room for ours.
//!
//! Inside:
//!
//! * `forward`: ours as theirs, the one implementation of all four traits
//! * `from_foreign`: theirs as ours, likewise
//! * `wrapper`: [`Interop`]
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | the contracts differ | ours is theirs, word for word where it matters: zero sizes, clones, what a block's layout may be |
//! | a foreign collection outlives or resets its allocator | an owner that can be reset is no allocator, only references to it are |
//! | a clone frees what another allocated | a clone of an [`Allocator`](crate::Allocator) is the same allocator, by contract |

mod forward;
#[cfg(any(
    feature = "allocator-api2",
    feature = "allocator-api2-03",
    feature = "allocator-api2-04",
    nebula_nightly
))]
mod from_foreign;
mod wrapper;

pub(crate) use forward::implement_api2;
#[cfg(feature = "allocator-api2")]
pub use from_foreign::FromApi2;
#[cfg(feature = "allocator-api2-03")]
pub use from_foreign::FromApi2V03;
#[cfg(feature = "allocator-api2-04")]
pub use from_foreign::FromApi2V04;
#[cfg(nebula_nightly)]
pub use from_foreign::FromStd;
pub use wrapper::Interop;
