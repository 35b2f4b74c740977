use core::fmt;
use core::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use super::guard::{Lend, Lent};
use super::object::Patience;
use super::{ObjectPool, PoolError, PoolStats, PooledObject, Priority, Recipe, Watch};

mod sealed {
    pub trait Sealed {}
}

impl<T, R: Recipe<T>, W: Watch> sealed::Sealed for ObjectPool<T, R, W> {}

/// A pool of which only the objects' type is known: `&dyn DynObjectPool<T>`, `Arc<dyn DynObjectPool<T>>`.
///
/// Every [`ObjectPool`] that may be shared is one. What it hands out is the same guard.
///
/// ```
/// use std::sync::Arc;
/// use nebula_memory::pool::{DynObjectPool, ObjectPool, PoolError, PooledObject};
///
/// fn greet(pool: &dyn DynObjectPool<String>) -> Result<usize, PoolError> {
///     let mut text = pool.acquire()?;
///     text.push_str("hello");
///     Ok(text.len())
/// }
///
/// let pool: Arc<dyn DynObjectPool<String>> = Arc::new(ObjectPool::new(4, String::new));
/// assert_eq!(greet(&*pool)?, 5);
/// let kept: PooledObject<String, Arc<dyn DynObjectPool<String>>> = pool.acquire_arc()?;
/// assert_eq!((&**kept, pool.size(), pool.capacity()), ("hello", 1, 4));
/// # Ok::<(), PoolError>(())
/// ```
pub trait DynObjectPool<T>: Lend<T> + Send + Sync + sealed::Sealed {
    #[doc(hidden)]
    fn lend_dyn(
        &self,
        patience: Option<Duration>,
        by: &'static Location<'static>,
    ) -> Result<Lent<T>, PoolError>;

    /// Puts an object in the pool: see [`ObjectPool::adopt`].
    ///
    /// # Errors
    /// The object, if there may be no more.
    fn release(&self, object: T) -> Result<(), T>;

    /// How many objects there are.
    fn size(&self) -> usize;

    /// How many objects there may be.
    fn capacity(&self) -> usize;

    /// What the pool has done and has.
    fn stats(&self) -> PoolStats;

    /// See [`ObjectPool::close`].
    fn close(&self) -> bool;
}

impl<T: Send, R: Recipe<T> + Send + Sync, W: Watch + Send + Sync> DynObjectPool<T> for ObjectPool<T, R, W> {
    fn lend_dyn(
        &self,
        patience: Option<Duration>,
        by: &'static Location<'static>,
    ) -> Result<Lent<T>, PoolError> {
        let patience = match patience {
            None => Patience::Unlimited,
            Some(Duration::ZERO) => Patience::None,
            Some(timeout) => Patience::of(timeout),
        };
        self.lend(Priority::NORMAL, patience, by)
    }

    fn release(&self, object: T) -> Result<(), T> {
        self.adopt(object)
    }

    fn size(&self) -> usize {
        Self::size(self)
    }

    fn capacity(&self) -> usize {
        Self::capacity(self)
    }

    fn stats(&self) -> PoolStats {
        Self::stats(self)
    }

    fn close(&self) -> bool {
        Self::close(self)
    }
}

impl<T> dyn DynObjectPool<T> + '_ {
    /// See [`ObjectPool::acquire`].
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn acquire(&self) -> Result<PooledObject<T, &Self>, PoolError> {
        let lent = self.lend_dyn(None, Location::caller())?;
        // SAFETY: just lent by the pool: the trait is sealed, and all that implement it do.
        Ok(unsafe { PooledObject::new(lent, self) })
    }

    /// See [`ObjectPool::acquire_timeout`]; with no time at all it does not wait, and says
    /// [`Exhausted`](PoolError::Exhausted).
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn acquire_timeout(&self, timeout: Duration) -> Result<PooledObject<T, &Self>, PoolError> {
        let lent = self.lend_dyn(Some(timeout), Location::caller())?;
        // SAFETY: as above.
        Ok(unsafe { PooledObject::new(lent, self) })
    }

    /// See [`ObjectPool::acquire_arc`].
    ///
    /// # Errors
    /// As there.
    #[track_caller]
    pub fn acquire_arc(self: &Arc<Self>) -> Result<PooledObject<T, Arc<Self>>, PoolError> {
        let lent = self.lend_dyn(None, Location::caller())?;
        // SAFETY: as above.
        Ok(unsafe { PooledObject::new(lent, Arc::clone(self)) })
    }
}

impl<T> fmt::Debug for dyn DynObjectPool<T> + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynObjectPool").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
