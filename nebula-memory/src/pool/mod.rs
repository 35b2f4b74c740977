//! Objects that are used again: buffers, parsers, connections.
//!
//! An object is made when it is needed, goes back when its guard is dropped, and is handed out as it is the next time. It does
//! not move in between. (For slots that are empty in between there is [`FixedPool`](crate::FixedPool); for blocks of bytes
//! [`PoolAllocator`](crate::PoolAllocator).)
//!
//! # Which pool for what
//!
//! | pool | who uses it | when all objects are in use | making one |
//! | --- | --- | --- | --- |
//! | [`LocalObjectPool`] | one thread | an error | blocks |
//! | [`ThreadLocalPool`] | each thread its own | an error | blocks |
//! | [`ObjectPool`] | many threads; tasks too, by `acquire_async` (feature `async`) | waits in order, or an error, or both | blocks |
//! | `AsyncPool` (feature `async`) | many tasks, on any executor | waits in order | is waited for |
//! | `dyn` [`DynObjectPool`] | code that is not to know which [`ObjectPool`] it is | as that | |
//!
//! Buffers that live as long as a call: [`ThreadLocalPool`]. Buffers that go from thread to thread, or are few because they are
//! large: [`ObjectPool`]. Connections: [`ObjectPool`] or `AsyncPool`, with
//! [`health_check`](Builder::health_check), [`idle_timeout`](Builder::idle_timeout) and [`track_leaks`](Builder::track_leaks).
//!
//! # What it costs
//!
//! | what | when it is paid |
//! | --- | --- |
//! | acquire and release: a slot from the free list and back, and one word read each time | always |
//! | hooks, a health check | if the recipe has them; what it has not is not compiled |
//! | [`idle_timeout`](Builder::idle_timeout), [`max_lifetime`](Builder::max_lifetime) | if asked for: the clock, and a number or two beside each object |
//! | [`track_leaks`](Builder::track_leaks) | if asked for: the clock, and two words beside each object |
//! | [`count_uses`](Builder::count_uses) | if asked for: an addition, and a number beside each object |
//! | the lock; a call of the kernel | who makes an object, waits, or gives back while somebody waits |
//!
//! Options that cost something are types ([`Watched`]), so a pool pays for what its type says.
//!
//! # What holds, whatever happens
//!
//! `created + adopted = destroyed + detached + idle + held` ([`PoolStats`]). A recipe that fails, a hook or a destructor that
//! panics, a task that is cancelled, a thread that gives up: the object at hand is destroyed, or passed on, and its place is
//! given to who has waited longest. An object whose holder panics is destroyed, because nobody knows how far that one has come
//! ([`OnPanic`]). A guard that is leaked keeps its object and its share of the capacity, and nothing else is lost.
//!
//! Nothing of the user is called while a lock is held: not recipes, hooks and destructors, and not wakers.
//!
//! # How it is made
//!
//! * `object`: [`ObjectPool`], the ways to acquire; `care`: closing, resizing, maintenance
//! * `books`: the free list, and under the lock how many objects there are and who waits; `waiters`: the queue;
//!   `signal`: how a thread waits in it, `turn`: how a task does
//! * `held`: an object, or a place for one, in the hands of the pool; each puts the books right when it is dropped
//! * `entry`: what a slot holds; `guard`: [`PooledObject`]
//! * `recipe`: [`Recipe`], [`ObjectHooks`]; `layers`: hooks given one by one; `builder`: [`Builder`]
//! * `watch`: what is noted of objects; `leaks`: [`Lease`]; `stats`: [`PoolStats`]
//! * `local`, `thread_local`, `asynchronous`, `view`: the other pools
//! * `error`: [`PoolError`]; `priority`: [`Priority`]; `panics`: one panic after the other
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | two owners of an object | a slot taken from the free list is one thread's until it is put back; `Held`, `Vacancy`, `Grant` and the guard own it in turn, and are neither `Clone` nor used after they passed it on |
//! | a slot that is read without an object | a slot is on the free list only with one; `Vacancy` is a slot without, and makes no reference |
//! | an object idle while somebody waits | flags and fences (`books`), model-checked with loom |
//! | a guard that outlives its pool | it borrows the pool, or keeps it by an `Arc` or `Rc`; objects of a [`ThreadLocalPool`] have memory of their own |
//! | an object on a thread it must not be on | a pool is `Sync` only if its objects are `Send`; guards of local pools stay |
//! | a guard turned into one of a supertype, to leave something short-lived in the pool | guards are invariant in the object's type |
//! | notes that are read while they are written | they are atomics, and never a reference to the object |
//! | a panic under the lock | nothing of the user runs there |

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
pub(crate) mod panics;
mod priority;
mod recipe;
mod signal;
mod stats;
mod thread_local;
#[cfg(feature = "async")]
mod turn;
mod view;
mod waiters;
mod watch;

#[cfg(feature = "async")]
pub use asynchronous::{AsyncPool, AsyncRecipe, MakeAsync, NoAsyncRecipe};
pub use builder::{Builder, NoRecipe};
pub use care::{Maintained, Maintenance};
pub use error::{CreateError, PoolError};
pub use guard::{Lend, Lender, Lent, PooledObject, WithRelease};
pub use layers::{HealthCheck, Layer, Made, NoHooks, OnAcquire, OnCreate, OnDestroy, OnRelease};
pub use leaks::Lease;
pub use local::LocalObjectPool;
pub use object::ObjectPool;
pub use priority::Priority;
pub use recipe::{DynRecipe, Hooks, Make, ObjectHooks, OnPanic, Recipe, TryMake};
pub use stats::PoolStats;
pub use thread_local::{OfThread, ThreadLocalPool};
#[cfg(feature = "async")]
pub use turn::Acquire;
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
