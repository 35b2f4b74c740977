//! Pools of objects that are used again: buffers, parsers, connections.

mod books;
mod builder;
mod care;
mod entry;
mod error;
mod guard;
mod held;
mod layers;
mod leaks;
mod object;
mod panics;
mod priority;
mod recipe;
mod signal;
mod stats;
mod waiters;
mod watch;

pub use builder::{Builder, NoRecipe};
pub use care::{Maintained, Maintenance};
pub use error::{CreateError, PoolError};
pub use guard::{Lend, Lender, Lent, PooledObject, WithRelease};
pub use layers::{HealthCheck, Layer, Made, NoHooks, OnAcquire, OnCreate, OnDestroy, OnRelease};
pub use leaks::Lease;
pub use object::ObjectPool;
pub use priority::Priority;
pub use recipe::{Care, DynRecipe, Make, OnPanic, Recipe, TryMake};
pub use stats::PoolStats;
pub use watch::{Age, Aging, LeaseNote, Leases, Uses, Watch, Watched};

#[cfg(all(test, not(loom)))]
mod tests {
    /// As many cases as `PROPTEST_CASES` says, or few where each takes long.
    pub(super) fn cases(normally: u32) -> proptest::test_runner::Config {
        let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
        proptest::test_runner::Config {
            cases: if cfg!(miri) { normally.min(8) } else { asked.unwrap_or(normally) },
            failure_persistence: None,
            ..proptest::test_runner::Config::default()
        }
    }
}
