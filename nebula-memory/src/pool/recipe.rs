use core::fmt;
use std::boxed::Box;

use super::CreateError;

/// How the objects of a pool are made, and what happens to them when they come and go. Elsewhere this is called a manager.
///
/// Only [`create`](Self::create) has to be written. What is left out does nothing, so a pool without hooks has no hook in
/// its code. [`Make`] is a recipe from a closure, and [`ObjectPool::builder`](super::ObjectPool::builder) makes one of
/// several.
///
/// None of these is called while the pool holds a lock, so each may use the pool. An object whose hook panics is destroyed;
/// the pool goes on.
///
/// ```
/// use nebula_memory::pool::{CreateError, ObjectPool, Recipe};
///
/// struct Buffers(usize);
///
/// impl Recipe<Vec<u8>> for Buffers {
///     fn create(&self) -> Result<Vec<u8>, CreateError> {
///         Ok(Vec::with_capacity(self.0))
///     }
///
///     fn on_release(&self, buffer: &mut Vec<u8>) {
///         buffer.clear();
///     }
/// }
///
/// let pool = ObjectPool::with_recipe(4, Buffers(1024));
/// pool.acquire()?.extend([1, 2, 3]);
/// let again = pool.acquire()?;
/// assert!(again.is_empty() && again.capacity() >= 1024);
/// # Ok::<(), nebula_memory::pool::PoolError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a pool has to know how its objects of type `{T}` are made",
    label = "this pool has no recipe for `{T}`",
    note = "say `.create(|| ..)`, `.try_create(|| ..)` or `.recipe(..)` before `.build()`; a recipe of yours implements `Recipe<{T}>`"
)]
pub trait Recipe<T> {
    /// Makes an object. It may block; the pool is not locked meanwhile.
    ///
    /// # Errors
    /// Whatever keeps it from that. Who asked for the object gets it as [`PoolError::Create`](super::PoolError::Create), and
    /// the next who waits may try.
    fn create(&self) -> Result<T, CreateError>;

    /// Called with each object that was made, once.
    #[inline]
    fn on_create(&self, object: &mut T) {
        let _ = object;
    }

    /// Called with each object before it is handed out.
    #[inline]
    fn on_acquire(&self, object: &mut T) {
        let _ = object;
    }

    /// Called with each object that comes back: the place to reset it.
    #[inline]
    fn on_release(&self, object: &mut T) {
        let _ = object;
    }

    /// Whether an object that was used before can be used again. It is asked before it is handed out, and by
    /// [`maintain`](super::ObjectPool::maintain); those that cannot are destroyed.
    #[inline]
    fn is_healthy(&self, object: &mut T) -> bool {
        let _ = object;
        true
    }

    /// Ends an object.
    #[inline]
    fn on_destroy(&self, object: T) {
        drop(object);
    }

    /// Whether an object goes back that was dropped because the one who had it panicked: half-way through something,
    /// most likely. Otherwise it is destroyed.
    #[inline]
    fn keep_after_panic(&self, object: &mut T) -> bool {
        let _ = object;
        false
    }
}

/// What a pool does with an object whose holder panics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnPanic {
    /// It is destroyed: what was being done to it is half done. A transaction is open, a buffer half written.
    #[default]
    Destroy,
    /// It is released as any other. For objects that their reset makes good again.
    Return,
}

/// A recipe from a closure that cannot fail.
#[derive(Clone, Copy)]
pub struct Make<F>(pub F);

/// A recipe from a closure that can.
#[derive(Clone, Copy)]
pub struct TryMake<F>(pub F);

impl<T, F: Fn() -> T> Recipe<T> for Make<F> {
    #[inline]
    fn create(&self) -> Result<T, CreateError> {
        Ok((self.0)())
    }
}

impl<T, E: Into<CreateError>, F: Fn() -> Result<T, E>> Recipe<T> for TryMake<F> {
    #[inline]
    fn create(&self) -> Result<T, CreateError> {
        (self.0)().map_err(Into::into)
    }
}

/// Any recipe for `T`: what makes `ObjectPool<T>` a type with a name. Its hooks are called through a table.
pub struct DynRecipe<T>(Box<dyn Recipe<T> + Send + Sync>);

impl<T> DynRecipe<T> {
    /// Any recipe.
    pub fn new(recipe: impl Recipe<T> + Send + Sync + 'static) -> Self {
        Self(Box::new(recipe))
    }
}

impl<T> Recipe<T> for DynRecipe<T> {
    fn create(&self) -> Result<T, CreateError> {
        self.0.create()
    }

    #[inline]
    fn on_create(&self, object: &mut T) {
        self.0.on_create(object);
    }

    #[inline]
    fn on_acquire(&self, object: &mut T) {
        self.0.on_acquire(object);
    }

    #[inline]
    fn on_release(&self, object: &mut T) {
        self.0.on_release(object);
    }

    #[inline]
    fn is_healthy(&self, object: &mut T) -> bool {
        self.0.is_healthy(object)
    }

    fn on_destroy(&self, object: T) {
        self.0.on_destroy(object);
    }

    fn keep_after_panic(&self, object: &mut T) -> bool {
        self.0.keep_after_panic(object)
    }
}

impl<T> fmt::Debug for DynRecipe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DynRecipe")
    }
}

/// What of a recipe a pool needs when objects come back: the same for recipes that wait and for those that block.
///
/// Implemented for every [`Recipe`]; not to be implemented by hand.
#[diagnostic::on_unimplemented(
    message = "a pool has to know how its objects of type `{T}` are made",
    label = "not a recipe for `{T}`",
    note = "a recipe implements `nebula_memory::pool::Recipe<{T}>`"
)]
pub trait Care<T> {
    #[doc(hidden)]
    fn acquired(&self, object: &mut T);
    #[doc(hidden)]
    fn released(&self, object: &mut T);
    #[doc(hidden)]
    fn destroyed(&self, object: T);
    #[doc(hidden)]
    fn survives_panic(&self, object: &mut T) -> bool;
}

impl<T, R: Recipe<T>> Care<T> for R {
    #[inline(always)]
    fn acquired(&self, object: &mut T) {
        self.on_acquire(object);
    }

    #[inline(always)]
    fn released(&self, object: &mut T) {
        self.on_release(object);
    }

    #[inline]
    fn destroyed(&self, object: T) {
        self.on_destroy(object);
    }

    fn survives_panic(&self, object: &mut T) -> bool {
        self.keep_after_panic(object)
    }
}
