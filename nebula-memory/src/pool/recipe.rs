use core::fmt;
use std::boxed::Box;

use super::CreateError;

/// What happens to the objects of a pool when they come and go. What is left out does nothing, so a pool without hooks has
/// no hook in its code: `impl ObjectHooks<T> for MyRecipe {}`.
///
/// None of these is called while the pool holds a lock, so each may use the pool. An object whose hook panics is destroyed;
/// the pool goes on.
#[diagnostic::on_unimplemented(
    message = "a pool has to know what happens to its objects of type `{T}`",
    label = "no hooks for `{T}`",
    note = "if nothing does: `impl ObjectHooks<{T}> for {Self} {{}}`"
)]
pub trait ObjectHooks<T> {
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

/// How the objects of a pool are made. Elsewhere this is called a manager.
///
/// Only [`create`](Self::create) has to be written. [`Make`] is a recipe from a closure, and
/// [`ObjectPool::builder`](super::ObjectPool::builder) makes one of several. As [hooks](ObjectHooks), these are called while
/// no lock is held.
///
/// ```
/// use nebula_memory::pool::{CreateError, ObjectHooks, ObjectPool, Recipe};
///
/// struct Buffers(usize);
///
/// impl Recipe<Vec<u8>> for Buffers {
///     fn create(&self) -> Result<Vec<u8>, CreateError> {
///         Ok(Vec::with_capacity(self.0))
///     }
/// }
///
/// impl ObjectHooks<Vec<u8>> for Buffers {
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
pub trait Recipe<T>: ObjectHooks<T> {
    /// Makes an object. It may block; the pool is not locked meanwhile. The object is handed out as it is, and not asked whether
    /// it [is healthy](Self::is_healthy): one that can be made and yet does not work is found here, or by its holder.
    ///
    /// # Errors
    /// Whatever keeps it from that. Who asked for the object gets it as [`PoolError::Create`](super::PoolError::Create), and
    /// the next who waits may try.
    fn create(&self) -> Result<T, CreateError>;

    /// Whether an object that was used before can be used again. It is asked before it is handed out, and by
    /// [`maintain`](super::ObjectPool::maintain); those that cannot are destroyed.
    #[inline]
    fn is_healthy(&self, object: &mut T) -> bool {
        let _ = object;
        true
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

impl<T, F> ObjectHooks<T> for Make<F> {}
impl<T, F> ObjectHooks<T> for TryMake<F> {}

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
    fn is_healthy(&self, object: &mut T) -> bool {
        self.0.is_healthy(object)
    }
}

impl<T> ObjectHooks<T> for DynRecipe<T> {
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
