use core::fmt;
use core::marker::PhantomData;
use std::thread::LocalKey;

use super::guard::{Lend, Lender, Lent};
use super::local::outlived;
use super::{LocalObjectPool, Make, ObjectHooks, PoolError, PoolStats, PooledObject, Recipe};

/// A pool of each thread's own: no thread waits for another, and what one thread frees another does not find.
///
/// A name for a `thread_local!`, so that guards need not stay within a closure. They stay on their thread: one that is still
/// there when the thread's pool has ended drops its object.
///
/// ```
/// use nebula_memory::pool::{LocalObjectPool, PoolError, ThreadLocalPool};
///
/// std::thread_local! {
///     static THIS_THREAD: LocalObjectPool<String> = const { LocalObjectPool::new(8, String::new) };
/// }
/// static TEXTS: ThreadLocalPool<String> = ThreadLocalPool::new(&THIS_THREAD);
///
/// let mut text = TEXTS.acquire()?;
/// text.push_str("hello");
/// drop(text);
/// assert_eq!(*TEXTS.acquire()?, "hello");
/// std::thread::spawn(|| assert_eq!(*TEXTS.acquire().unwrap(), "")).join().unwrap();
/// # Ok::<(), PoolError>(())
/// ```
pub struct ThreadLocalPool<T: 'static, R: ObjectHooks<T> + 'static = Make<fn() -> T>> {
    key: &'static LocalKey<LocalObjectPool<T, R>>,
}

/// Where objects of a [`ThreadLocalPool`] go back to. Stays on its thread.
pub struct OfThread<T: 'static, R: ObjectHooks<T> + 'static = Make<fn() -> T>> {
    key: &'static LocalKey<LocalObjectPool<T, R>>,
    not_send: PhantomData<*const ()>,
}

impl<T, R: ObjectHooks<T>> ThreadLocalPool<T, R> {
    /// The pools behind a `thread_local!`.
    pub const fn new(key: &'static LocalKey<LocalObjectPool<T, R>>) -> Self {
        Self { key }
    }

    /// What this thread's pool has done and has; nothing on a thread whose pool has ended.
    pub fn stats(&self) -> PoolStats {
        self.key.try_with(LocalObjectPool::stats).unwrap_or_default()
    }

    /// Destroys idle objects of this thread until it has no more than `size`, in use or not, or none is idle.
    pub fn shrink_to(&self, size: usize) {
        // A thread whose pool has ended has none.
        let _ = self.key.try_with(|pool| pool.shrink_to(size));
    }
}

impl<T, R: Recipe<T>> ThreadLocalPool<T, R> {
    /// An object of this thread's pool.
    ///
    /// # Errors
    /// As [`LocalObjectPool::acquire`], or [`Closed`](PoolError::Closed) if the thread is ending and its pool has ended.
    #[inline]
    pub fn acquire(&self) -> Result<PooledObject<T, OfThread<T, R>>, PoolError> {
        let lent = self.key.try_with(LocalObjectPool::lend).unwrap_or(Err(PoolError::Closed))?;
        let home = OfThread { key: self.key, not_send: PhantomData };
        // SAFETY: just lent by the pool of this thread, where the guard stays.
        Ok(unsafe { PooledObject::new(lent, home) })
    }
}

// SAFETY: stays on its thread, which has one pool for this key: until that has ended, and there is none after it. The
// memory of objects is their own.
unsafe impl<T, R: ObjectHooks<T>> Lender<T> for OfThread<T, R> {
    #[inline]
    unsafe fn take_back(&self, lent: Lent<T>) {
        // SAFETY: the caller's promise.
        if self.key.try_with(|pool| unsafe { pool.take_back(lent) }).is_err() {
            // SAFETY: the pool is gone, and has not taken it back.
            drop(unsafe { outlived(lent) });
        }
    }

    unsafe fn take_out(&self, lent: Lent<T>) -> T {
        // SAFETY: the caller's promise.
        let taken = self.key.try_with(|pool| unsafe { pool.take_out(lent) });
        // SAFETY: the pool is gone, and has not taken it.
        taken.unwrap_or_else(|_| unsafe { outlived(lent) })
    }

    unsafe fn destroy(&self, lent: Lent<T>) {
        // SAFETY: the caller's promise.
        if self.key.try_with(|pool| unsafe { pool.destroy(lent) }).is_err() {
            // SAFETY: the pool is gone, and has not destroyed it.
            drop(unsafe { outlived(lent) });
        }
    }
}

impl<T, R: ObjectHooks<T>> fmt::Debug for ThreadLocalPool<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThreadLocalPool").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
