//! Pools of objects that are used again: buffers, parsers, connections.

#[cfg(feature = "async")]
mod asynchronous;
mod books;
mod builder;
mod care;
mod entry;
mod error;
mod guard;
mod held;
mod layers;
mod leaks;
mod local;
mod object;
mod panics;
mod priority;
mod recipe;
mod signal;
mod stats;
mod thread_local;
mod view;
mod waiters;
mod watch;

#[cfg(feature = "async")]
pub use asynchronous::{Acquire, AsyncPool, AsyncRecipe, MakeAsync, NoAsyncRecipe};
pub use builder::{Builder, NoRecipe};
pub use care::{Maintained, Maintenance};
pub use error::{CreateError, PoolError};
pub use guard::{Lend, Lender, Lent, PooledObject, WithRelease};
pub use layers::{HealthCheck, Layer, Made, NoHooks, OnAcquire, OnCreate, OnDestroy, OnRelease};
pub use leaks::Lease;
pub use local::LocalObjectPool;
pub use object::ObjectPool;
pub use priority::Priority;
pub use recipe::{DynRecipe, Make, ObjectHooks, OnPanic, Recipe, TryMake};
pub use stats::PoolStats;
pub use thread_local::{OfThread, ThreadLocalPool};
pub use view::DynObjectPool;
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
