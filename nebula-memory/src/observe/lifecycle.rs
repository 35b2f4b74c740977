use std::format;

#[cfg(feature = "config")]
use super::config::Value;
use super::{Health, HealthStatus};
use crate::allocator::bump::{Backing, BumpMode};
use crate::allocator::fixed::{Align, PoolMode, SlotAlign};
use crate::allocator::{Allocator, Budgeted, Fallback, MemoryUsage, Owned, Resettable, Segregated, Tracked};
use crate::arena::Counting;
use crate::budget::{AsBudget, Budget};
use crate::error::{AllocError, MemoryError};
use crate::logging::{LogSink, Logged};
#[cfg(feature = "async")]
use crate::pool::{AsyncPool, AsyncRecipe};
use crate::pool::{LocalObjectPool, ObjectHooks, ObjectPool, Recipe, ThreadLocalPool, Watch};
use crate::stats::Measure;
use crate::sync::CountMode;
use crate::{
    Arena, BumpAllocator, FixedPool, Poisoned, PoolAllocator, SharedArena, SharedPoolAllocator,
    StackAllocator, SystemAllocator, TypedArena,
};

/// What is made ready, watched, and shut down in order: every allocator, arena, pool and budget of this crate, and what you
/// have of your own.
///
/// `initialize` does before the first request what that would else have to do, and `shutdown` gives back what can be given
/// back. Each may be called twice; what was shut down can be initialized again, but for pools of objects that are shared,
/// which stay closed. Exclusive access is what makes it safe: nothing that was allocated can be alive.
///
/// | what | `initialize` | `shutdown` |
/// | --- | --- | --- |
/// | [`Arena`] | takes the first chunk | frees all values and gives all chunks back |
/// | [`SharedArena`], bump allocators, stacks, pools of blocks | | frees everything; the memory stays until it is dropped |
/// | [`ObjectPool`] | makes as many objects as there are to be at least | closes |
/// | `AsyncPool` (feature `async`) | | closes |
/// | [`LocalObjectPool`], [`ThreadLocalPool`] | | destroys its objects, of this thread |
/// | [`TypedArena`] | | drops its values |
/// | [`Logged`] | of what is in it | of what is in it |
/// | the rest: budgets, fixed pools, compositions, the heap | | |
///
/// The `health_check` is that of [`Health`]; of allocators that find wrong frees and stray writes, also whether they have.
///
/// ```
/// use nebula_memory::Arena;
/// use nebula_memory::observe::Lifecycle;
///
/// let mut arena = Arena::new();
/// arena.initialize()?;
/// assert!(arena.allocated_bytes() > 0);
/// arena.alloc([0_u8; 4096]);
/// arena.shutdown()?;
/// assert_eq!(arena.allocated_bytes(), 0);
/// # Ok::<(), nebula_memory::MemoryError>(())
/// ```
pub trait Lifecycle {
    /// Makes it ready.
    ///
    /// # Errors
    /// If it cannot be used: there is no memory, or it was closed.
    fn initialize(&mut self) -> Result<(), MemoryError>;

    /// Ends what it does, and gives back what it has.
    ///
    /// # Errors
    /// If something is left that should not be.
    fn shutdown(&mut self) -> Result<(), MemoryError>;

    /// How it is.
    fn health_check(&self) -> HealthStatus;

    /// What a setting of a [configuration](super::config::Config) is now, by its key (`max_capacity`); `None` if it does not
    /// know.
    #[cfg(feature = "config")]
    fn setting(&self, key: &str) -> Option<Value> {
        let _ = key;
        None
    }
}

/// What each type does beside nothing, and how it is: where that is not said, what its figures say.
macro_rules! lifecycle {
    ($(
        $(#[$attribute:meta])*
        [$($generics:tt)*] $type:ty $([where $($bounds:tt)*])?: |$it:ident| {
            $(initialize: $initialize:expr,)?
            $(shutdown: $shutdown:expr,)?
            health: $health:expr,
            $(setting($key:ident): $setting:expr,)?
        }
    )*) => {$(
        $(#[$attribute])*
        impl<$($generics)*> Lifecycle for $type $(where $($bounds)*)? {
            fn initialize(&mut self) -> Result<(), MemoryError> {
                $(
                    let $it = self;
                    $initialize?;
                )?
                Ok(())
            }

            fn shutdown(&mut self) -> Result<(), MemoryError> {
                $(
                    let $it = self;
                    $shutdown;
                )?
                Ok(())
            }

            fn health_check(&self) -> HealthStatus {
                let $it = self;
                $health
            }

            $(
                #[cfg(feature = "config")]
                fn setting(&self, $key: &str) -> Option<Value> {
                    let $it = self;
                    $setting
                }
            )?
        }
    )*};
}

lifecycle! {
    [A: Allocator, const N: usize, K: Counting] Arena<A, N, K>: |arena| {
        initialize: arena.try_reserve(1),
        shutdown: arena.clear(),
        health: arena.health(),
        setting(key): match key {
            "max_capacity" => Some(Value::limit(arena.limit())),
            "growth" => Some(Value::Growth(arena.growth())),
            _ => None,
        },
    }
    [A: Allocator + Clone, const N: usize] SharedArena<A, N>: |arena| {
        shutdown: arena.reset(),
        health: arena.health(),
    }
    [T] TypedArena<T>: |arena| {
        shutdown: arena.clear(),
        health: well(arena),
    }
    [B: Backing, const N: usize, M: BumpMode] BumpAllocator<B, N, M>: |bump| {
        shutdown: bump.reset(),
        health: bump.health(),
    }
    [B: Backing] StackAllocator<B>: |stack| {
        shutdown: Resettable::reset(stack),
        health: stack.health(),
    }
    [A: Allocator] PoolAllocator<A>: |pool| {
        shutdown: pool.reset(),
        health: pool.health().worst(misused(pool.first_error())),
    }
    [A: Allocator] SharedPoolAllocator<A>: |pool| {
        shutdown: pool.reset(),
        health: pool.health().worst(misused(pool.first_error())),
    }
    [T, R: Recipe<T>, W: Watch] ObjectPool<T, R, W>: |pool| {
        initialize: fill(pool),
        shutdown: pool.close(),
        health: pool.health().worst(open(pool)),
    }
    [T, R: Recipe<T>] LocalObjectPool<T, R>: |pool| {
        shutdown: pool.shrink_to(0),
        health: pool.health(),
    }
    [T: 'static, R: Recipe<T> + 'static] ThreadLocalPool<T, R>: |pool| {
        shutdown: pool.shrink_to(0),
        health: pool.health(),
    }
    #[cfg(feature = "async")]
    [T, R: AsyncRecipe<T>, W: Watch] AsyncPool<T, R, W>: |pool| {
        shutdown: pool.close(),
        health: pool.health().worst(open(pool)),
    }
    [T, const CAP: usize, const ALIGN: usize, M: PoolMode] FixedPool<T, CAP, ALIGN, M> [where Align<ALIGN>: SlotAlign]:
    |pool| {
        health: pool.health(),
    }
    [M: CountMode] Budget<'_, M>: |budget| {
        health: budget.health(),
    }
    [A, B: AsBudget] Budgeted<A, B>: |budgeted| {
        health: budgeted.health(),
    }
    [A, K: Measure] Tracked<A, K>: |tracked| {
        health: tracked.health(),
    }
    [A: MemoryUsage, B: MemoryUsage] Fallback<A, B>: |both| {
        health: both.health(),
    }
    [Small, Large, const THRESHOLD: usize] Segregated<Small, Large, THRESHOLD>: |both| {
        health: well(both),
    }
    [A: Allocator] Poisoned<A>: |poisoned| {
        health: misused(poisoned.check().err()),
    }
    [T: Lifecycle, S: LogSink] Logged<T, S>: |logged| {
        initialize: logged.inner_mut().initialize(),
        shutdown: logged.inner_mut().shutdown()?,
        health: logged.inner().health_check(),
    }
    [A: Measure] Owned<A>: |owned| {
        health: owned.health(),
    }
    [] SystemAllocator: |heap| {
        health: well(heap),
    }
}

/// Nothing is known that would be wrong with it.
const fn well<T: ?Sized>(_: &T) -> HealthStatus {
    HealthStatus::Healthy
}

/// What an allocator has found.
pub(super) fn misused(found: Option<AllocError>) -> HealthStatus {
    found.map_or(HealthStatus::Healthy, |error| {
        HealthStatus::unhealthy(format!("{}: {}", error.code(), error.code().message()))
    })
}

/// Makes as many objects as there are to be at least.
pub(super) fn fill<T, R: Recipe<T>, W: Watch>(pool: &ObjectPool<T, R, W>) -> Result<(), MemoryError> {
    pool.fill_to_least().map(drop).map_err(MemoryError::from)
}

/// Whether a pool hands out objects.
pub(super) fn open<T, R: ObjectHooks<T>, W: Watch>(pool: &ObjectPool<T, R, W>) -> HealthStatus {
    if pool.is_closed() { HealthStatus::unhealthy("the pool is closed") } else { HealthStatus::Healthy }
}
