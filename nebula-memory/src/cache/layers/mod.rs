//! What caches do besides keeping: compute what is missing, once for all who ask, and not at all while it only fails.
//!
//! Each layer is a type around a [`Store`], or around another layer, and each is usable alone. What is not asked for is not there
//! when the program is compiled. In which order they are put on makes no difference: a circuit breaker is always around the load,
//! and one load is always for all who wait for it.
//!
//! * `store`: what a layer needs of a cache
//! * `layered`: what layers need of each other
//! * `compute`: [`ComputeCache`], which computes what is missing
//! * `dedup`: [`DedupCache`], which computes it once for all who ask at the same time
//! * `face`: the methods that all of them have

mod compute;
mod dedup;
mod face;
mod layered;
mod store;

pub use compute::ComputeCache;
pub use dedup::{DedupCache, DeduplicationLayer};
pub use layered::{Layer, Layered, Loaded};
pub use store::Store;
