use core::any::Any;
use core::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

#[cfg(feature = "config")]
use super::config::Value;
use super::lifecycle::{fill, open};
use super::{Health, HealthStatus, Lifecycle};
use crate::allocator::Allocator;
use crate::allocator::fixed::{Align, PoolMode, SlotAlign};
use crate::arena::ArenaMonitor;
use crate::budget::Budget;
use crate::error::MemoryError;
#[cfg(feature = "config")]
use crate::pool::ObjectHooks;
#[cfg(feature = "async")]
use crate::pool::{AsyncPool, AsyncRecipe};
use crate::pool::{ObjectPool, Recipe, Watch};
use crate::stats::{AllocatorRecorder, AllocatorStats, Kind, Measure, Sizes};
use crate::sync::CountMode;
use crate::{FixedPool, SharedPoolAllocator};

/// What a [`Registry`](super::Registry) knows: something that many threads share, and that tells its figures.
///
/// Everything of this crate that threads share is one; what belongs to one thread at a time is one inside of a [`Managed`]. Of
/// your own types say that they are, and what they do beyond telling figures:
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicBool, Ordering};
/// use nebula_memory::MemoryError;
/// use nebula_memory::observe::{Component, HealthStatus, Registry};
/// use nebula_memory::stats::{AllocatorStats, Kind, Measure};
///
/// #[derive(Default)]
/// struct Sessions {
///     closed: AtomicBool,
/// }
///
/// impl Measure for Sessions {
///     fn kind(&self) -> Kind {
///         Kind::Cache
///     }
///
///     fn measure(&self) -> AllocatorStats {
///         AllocatorStats::default()
///     }
/// }
///
/// impl Component for Sessions {
///     fn stop(&self) -> Result<(), MemoryError> {
///         self.closed.store(true, Ordering::Relaxed);
///         Ok(())
///     }
///
///     fn check(&self) -> HealthStatus {
///         match self.closed.load(Ordering::Relaxed) {
///             true => HealthStatus::unhealthy("no sessions any more"),
///             false => HealthStatus::Healthy,
///         }
///     }
/// }
///
/// let registry = Registry::new();
/// let sessions = Arc::new(Sessions::default());
/// registry.register("sessions", &sessions)?;
/// assert!(registry.health().is_healthy());
/// assert!(registry.shutdown().is_clean());
/// assert_eq!(registry.health().to_string(), "unhealthy: cache `sessions`: no sessions any more");
/// # Ok::<(), nebula_memory::observe::RegistryError>(())
/// ```
pub trait Component: Measure + Any + Send + Sync {
    /// Makes it ready. May be called again.
    ///
    /// # Errors
    /// If it cannot be used.
    fn start(&self) -> Result<(), MemoryError> {
        Ok(())
    }

    /// Ends what it does, and gives back what it has, as far as nobody uses it. May be called again.
    ///
    /// # Errors
    /// If something is left that should not be.
    fn stop(&self) -> Result<(), MemoryError> {
        Ok(())
    }

    /// How it is, apart from what its figures say.
    fn check(&self) -> HealthStatus {
        HealthStatus::Healthy
    }

    /// What a setting of a [configuration](super::config::Config) is now, by its key (`max`); `None` if it does not know.
    #[cfg(feature = "config")]
    fn setting(&self, key: &str) -> Option<Value> {
        let _ = key;
        None
    }

    /// Changes a setting; `false` if that cannot be done while it runs.
    ///
    /// # Errors
    /// If it could be done, and went wrong.
    #[cfg(feature = "config")]
    fn set(&self, key: &str, value: &Value) -> Result<bool, MemoryError> {
        let _ = (key, value);
        Ok(false)
    }
}

impl<T, R, W> Component for ObjectPool<T, R, W>
where
    T: Send + 'static,
    R: Recipe<T> + Send + Sync + 'static,
    W: Watch + Send + Sync + 'static,
{
    fn start(&self) -> Result<(), MemoryError> {
        fill(self)
    }

    fn stop(&self) -> Result<(), MemoryError> {
        self.close();
        Ok(())
    }

    fn check(&self) -> HealthStatus {
        open(self)
    }

    #[cfg(feature = "config")]
    fn setting(&self, key: &str) -> Option<Value> {
        pool_setting(self, key)
    }

    #[cfg(feature = "config")]
    fn set(&self, key: &str, value: &Value) -> Result<bool, MemoryError> {
        Ok(set_in_pool(self, key, value))
    }
}

#[cfg(feature = "async")]
impl<T, R, W> Component for AsyncPool<T, R, W>
where
    T: Send + 'static,
    R: AsyncRecipe<T> + Send + Sync + 'static,
    W: Watch + Send + Sync + 'static,
{
    fn stop(&self) -> Result<(), MemoryError> {
        self.close();
        Ok(())
    }

    fn check(&self) -> HealthStatus {
        open(self)
    }

    #[cfg(feature = "config")]
    fn setting(&self, key: &str) -> Option<Value> {
        pool_setting(self, key)
    }

    #[cfg(feature = "config")]
    fn set(&self, key: &str, value: &Value) -> Result<bool, MemoryError> {
        Ok(set_in_pool(self, key, value))
    }
}

#[cfg(feature = "config")]
fn pool_setting<T, R: ObjectHooks<T>, W: Watch>(pool: &ObjectPool<T, R, W>, key: &str) -> Option<Value> {
    // Without a limit they are used for ever.
    let age = |limit: Option<_>| limit.map_or(Value::Unlimited, Value::Duration);
    match key {
        "min" => Some(Value::Count(pool.least() as u64)),
        "max" => Some(Value::limit_of_things(pool.capacity())),
        "idle_timeout" => Some(age(pool.oldest().0)),
        "max_lifetime" => Some(age(pool.oldest().1)),
        _ => None,
    }
}

#[cfg(feature = "config")]
fn set_in_pool<T, R: ObjectHooks<T>, W: Watch>(pool: &ObjectPool<T, R, W>, key: &str, value: &Value) -> bool {
    match (key, value) {
        ("max", Value::Count(max)) if *max > 0 => {
            pool.resize(usize::try_from(*max).unwrap_or(usize::MAX));
            true
        }
        _ => false,
    }
}

impl<A: Allocator + Send + Sync + 'static> Component for SharedPoolAllocator<A> {
    fn check(&self) -> HealthStatus {
        super::lifecycle::misused(self.first_error())
    }
}

impl<M: CountMode> Component for Budget<'static, M>
where
    Self: Send + Sync,
{
    #[cfg(feature = "config")]
    fn setting(&self, key: &str) -> Option<Value> {
        match key {
            "limit" => Some(Value::limit(self.limit())),
            "soft_limit" => Some(Value::limit(self.soft_limit().unwrap_or(usize::MAX))),
            _ => None,
        }
    }
}

impl<T: 'static, const CAP: usize, const ALIGN: usize, M: PoolMode + 'static> Component
    for FixedPool<T, CAP, ALIGN, M>
where
    Align<ALIGN>: SlotAlign,
    Self: Send + Sync,
{
    #[cfg(feature = "config")]
    fn setting(&self, key: &str) -> Option<Value> {
        (key == "max").then_some(Value::Count(CAP as u64))
    }
}

impl<S: Sizes + 'static> Component for AllocatorRecorder<S> {}

impl Component for ArenaMonitor {}

/// Something that belongs to one thread at a time, such as an arena, for all that want to have it or to know how it is.
///
/// A lock, whose holder is not disturbed: while somebody has it, the figures are those of the last time when nobody had.
///
/// ```
/// use std::sync::Arc;
/// use nebula_memory::Arena;
/// use nebula_memory::observe::{Managed, Registry};
///
/// let registry = Registry::new();
/// let scratch = Arc::new(Managed::new(Arena::new()));
/// registry.register("scratch", &scratch)?;
///
/// let mut arena = scratch.lock();
/// arena.alloc([0_u8; 100]);
/// assert_eq!(registry.metrics().gauge("scratch.memory.used"), Some(0.0));
/// drop(arena);
/// assert_eq!(registry.metrics().gauge("scratch.memory.used"), Some(100.0));
/// # Ok::<(), nebula_memory::observe::RegistryError>(())
/// ```
pub struct Managed<T> {
    it: Mutex<T>,
    kind: Kind,
    last: Mutex<(AllocatorStats, HealthStatus)>,
}

impl<T: Lifecycle + Measure> Managed<T> {
    /// Takes it.
    pub fn new(it: T) -> Self {
        let last = look_at(&it);
        Self { kind: it.kind(), it: Mutex::new(it), last: Mutex::new(last) }
    }

    /// Waits until nobody has it. If who had it panicked, it is as that one left it.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.it.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives it back.
    pub fn into_inner(self) -> T {
        self.it.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// It, if nobody has it.
    fn free(&self) -> Option<MutexGuard<'_, T>> {
        match self.it.try_lock() {
            Ok(it) => Some(it),
            Err(TryLockError::Poisoned(it)) => Some(it.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Looks at it, if nobody has it.
    fn look(&self) -> (AllocatorStats, HealthStatus) {
        let now = self.free().map(|it| look_at(&*it));
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(now) = now {
            *last = now;
        }
        last.clone()
    }
}

/// Figures, and how it is apart from them: these are judged by whoever asks for them.
fn look_at<T: Lifecycle + Measure>(it: &T) -> (AllocatorStats, HealthStatus) {
    let status = it.health_check();
    (it.measure(), if status == it.health() { HealthStatus::Healthy } else { status })
}

impl<T: Lifecycle + Measure> Measure for Managed<T> {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn measure(&self) -> AllocatorStats {
        self.look().0
    }
}

/// Starting and stopping wait for the lock.
impl<T: Lifecycle + Measure + Send + 'static> Component for Managed<T> {
    fn start(&self) -> Result<(), MemoryError> {
        self.lock().initialize()
    }

    fn stop(&self) -> Result<(), MemoryError> {
        self.lock().shutdown()
    }

    fn check(&self) -> HealthStatus {
        self.look().1
    }

    /// Of something that somebody has, nobody knows.
    #[cfg(feature = "config")]
    fn setting(&self, key: &str) -> Option<Value> {
        self.free()?.setting(key)
    }
}

impl<T: fmt::Debug> fmt::Debug for Managed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Managed").field(&self.it).finish()
    }
}
