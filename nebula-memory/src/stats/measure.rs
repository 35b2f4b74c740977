use std::boxed::Box;
use std::rc::Rc;
use std::sync::Arc;

use super::recorder::Sizes;
use super::{AllocatorRecorder, AllocatorStats, Kind};
use crate::allocator::bump::{Backing, BumpMode};
use crate::allocator::fixed::{Align, PoolMode, SlotAlign};
use crate::allocator::{Allocator, Budgeted, Counters, Fallback, MemoryUsage, Owned, Tracked};
use crate::arena::{ArenaMonitor, Counting};
use crate::budget::{AsBudget, Budget};
#[cfg(feature = "async")]
use crate::pool::{AsyncPool, AsyncRecipe};
use crate::pool::{LocalObjectPool, ObjectHooks, ObjectPool, PoolStats, ThreadLocalPool, Watch};
use crate::sync::CountMode;
use crate::{
    Arena, BumpAllocator, FixedPool, PoolAllocator, SharedArena, SharedPoolAllocator, StackAllocator,
};

/// What can tell its figures: every allocator, arena, pool, cache and budget of this crate, and those of yours that say how.
///
/// ```
/// use nebula_memory::Arena;
/// use nebula_memory::stats::{AllocatorStats, Kind, Measure};
///
/// let arena = Arena::with_capacity(1024);
/// arena.alloc([0_u8; 100]);
/// assert_eq!((arena.kind(), arena.measure().in_use), (Kind::Arena, 100));
///
/// struct Connections(Vec<u32>);
///
/// impl Measure for Connections {
///     fn kind(&self) -> Kind {
///         Kind::Pool
///     }
///
///     fn measure(&self) -> AllocatorStats {
///         let mut stats = AllocatorStats::default();
///         stats.allocations = self.0.len() as u64;
///         stats
///     }
/// }
/// ```
pub trait Measure {
    /// What kind of thing it is.
    fn kind(&self) -> Kind;

    /// What it has done and has, now.
    fn measure(&self) -> AllocatorStats;
}

macro_rules! through {
    ($($pointer:ty),*) => {$(
        impl<T: Measure + ?Sized> Measure for $pointer {
            fn kind(&self) -> Kind {
                (**self).kind()
            }

            fn measure(&self) -> AllocatorStats {
                (**self).measure()
            }
        }
    )*};
}

through!(&T, Box<T>, Rc<T>, Arc<T>);

/// Figures of a type, and its kind.
macro_rules! measure {
    ($([$($generics:tt)*] $type:ty $([where $($bounds:tt)*])?: $kind:ident, |$this:ident| $stats:expr;)*) => {$(
        impl<$($generics)*> Measure for $type $(where $($bounds)*)? {
            fn kind(&self) -> Kind {
                Kind::$kind
            }

            fn measure(&self) -> AllocatorStats {
                let $this = self;
                $stats
            }
        }
    )*};
}

measure! {
    [A: Allocator, const N: usize, K: Counting] Arena<A, N, K>: Arena, |arena| usage(arena);
    [] ArenaMonitor: Arena, |monitor| AllocatorStats {
        allocations: monitor.allocations() as u64,
        in_use: monitor.allocated_bytes() as u64,
        ..AllocatorStats::default()
    };
    [A: Allocator + Clone, const N: usize] SharedArena<A, N>: Arena, |arena| AllocatorStats {
        in_use: arena.idle_bytes() as u64,
        ..AllocatorStats::default()
    };
    [B: Backing, const N: usize, M: BumpMode] BumpAllocator<B, N, M>: Allocator, |bump| usage(bump);
    [B: Backing] StackAllocator<B>: Allocator, |stack| usage(stack);
    [A: Allocator] PoolAllocator<A>: Allocator, |pool| usage(pool);
    [A: Allocator] SharedPoolAllocator<A>: Allocator, |pool| usage(pool);
    [A: MemoryUsage, B: MemoryUsage] Fallback<A, B>: Allocator, |both| usage(both);
    [A, B: AsBudget] Budgeted<A, B>: Allocator, |budgeted| budgeted.budget().measure();
    [A, K: Measure] Tracked<A, K>: Allocator, |tracked| tracked.tracker().measure();
    [M: CountMode] Counters<M>: Allocator, |counters| {
        let counted = counters.snapshot();
        AllocatorStats {
            allocations: counted.allocations as u64,
            deallocations: counted.deallocations as u64,
            resizes: counted.resizes as u64,
            refused: counted.refused as u64,
            in_use: counted.in_use as u64,
            peak: counted.peak as u64,
            ..AllocatorStats::default()
        }
    };
    [S: Sizes] AllocatorRecorder<S>: Allocator, |recorder| recorder.stats();
    [M: CountMode] Budget<'_, M>: Budget, |budget| AllocatorStats {
        in_use: budget.used() as u64,
        peak: budget.peak() as u64,
        capacity: (budget.limit() < usize::MAX).then_some(budget.limit() as u64),
        ..AllocatorStats::default()
    };
    [T, const CAP: usize, const ALIGN: usize, M: PoolMode] FixedPool<T, CAP, ALIGN, M> [where Align<ALIGN>: SlotAlign]:
        Pool, |pool| AllocatorStats {
            in_use: bytes::<T>(pool.in_use()),
            capacity: Some(bytes::<T>(CAP)),
            ..AllocatorStats::default()
        };
    [T, R: ObjectHooks<T>, W: Watch] ObjectPool<T, R, W>: Pool, |pool| objects::<T>(pool.stats());
    [T, R: ObjectHooks<T>] LocalObjectPool<T, R>: Pool, |pool| objects::<T>(pool.stats());
    [T: 'static, R: ObjectHooks<T> + 'static] ThreadLocalPool<T, R>: Pool, |pool| objects::<T>(pool.stats());
}

impl<A: Measure> Measure for Owned<A> {
    fn kind(&self) -> Kind {
        (**self).kind()
    }

    fn measure(&self) -> AllocatorStats {
        (**self).measure()
    }
}

#[cfg(feature = "async")]
measure! {
    [T, R: AsyncRecipe<T>, W: Watch] AsyncPool<T, R, W>: Pool, |pool| objects::<T>(pool.stats());
}

/// What takes no notice of single blocks knows how much it holds.
fn usage(memory: &impl MemoryUsage) -> AllocatorStats {
    let used = memory.used();
    let limit = memory.available().map(|free| used.saturating_add(free) as u64);
    AllocatorStats { in_use: used as u64, capacity: limit, ..AllocatorStats::default() }
}

fn bytes<T>(objects: usize) -> u64 {
    (objects as u64).saturating_mul(size_of::<T>() as u64)
}

/// Objects handed out, if the pool counts that; else those that were made.
fn objects<T>(pool: PoolStats) -> AllocatorStats {
    let made = (pool.created + pool.adopted) as u64;
    let allocations = pool.acquired.unwrap_or(made);
    AllocatorStats {
        allocations,
        deallocations: allocations.saturating_sub(pool.held as u64),
        refused: pool.failed as u64 + pool.timeouts as u64,
        bytes: allocations.saturating_mul(size_of::<T>() as u64),
        in_use: bytes::<T>(pool.held),
        capacity: Some(bytes::<T>(pool.capacity)),
        hits: pool.acquired.map(|acquired| acquired.saturating_sub(made)),
        misses: pool.acquired.map(|acquired| acquired.min(made)),
        ..AllocatorStats::default()
    }
}
