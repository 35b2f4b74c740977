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
    /// Which of what is called each time an object is handed out and comes back does something. A [`DynRecipe`] does not call the others:
    /// through a table an empty hook costs as much as any. Others need not ask, because an empty hook is not in their code.
    ///
    /// Called once, when the recipe is made a `DynRecipe`. What is missing here may be called all the same.
    #[inline]
    fn hooks(&self) -> Hooks {
        Hooks::ALL
    }

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

/// Which hooks of a recipe do something: see [`ObjectHooks::hooks`].
///
/// ```
/// use nebula_memory::pool::{CreateError, Hooks, ObjectHooks, Recipe};
///
/// struct Buffers;
///
/// impl Recipe<Vec<u8>> for Buffers {
///     fn create(&self) -> Result<Vec<u8>, CreateError> {
///         Ok(Vec::new())
///     }
/// }
///
/// impl ObjectHooks<Vec<u8>> for Buffers {
///     fn hooks(&self) -> Hooks {
///         Hooks::ON_RELEASE
///     }
///     fn on_release(&self, buffer: &mut Vec<u8>) {
///         buffer.clear();
///     }
/// }
///
/// assert!(Buffers.hooks().has(Hooks::ON_RELEASE) && !Buffers.hooks().has(Hooks::IS_HEALTHY));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hooks(u8);

impl Hooks {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// [`ObjectHooks::on_acquire`].
    pub const ON_ACQUIRE: Self = Self(1);
    /// [`ObjectHooks::on_release`].
    pub const ON_RELEASE: Self = Self(2);
    /// [`Recipe::is_healthy`].
    pub const IS_HEALTHY: Self = Self(4);
    /// All of them.
    pub const ALL: Self = Self(7);

    /// These and those.
    #[must_use]
    pub const fn with(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Whether all of `others` are among these.
    pub const fn has(self, others: Self) -> bool {
        self.0 & others.0 == others.0
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

impl<T, F> ObjectHooks<T> for Make<F> {
    fn hooks(&self) -> Hooks {
        Hooks::NONE
    }
}

impl<T, F> ObjectHooks<T> for TryMake<F> {
    fn hooks(&self) -> Hooks {
        Hooks::NONE
    }
}

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

/// Any recipe for `T`: what makes `ObjectPool<T>` a type with a name. Its hooks are called through a table, those that it
/// [has](ObjectHooks::hooks).
pub struct DynRecipe<T> {
    recipe: Box<dyn Recipe<T> + Send + Sync>,
    hooks: Hooks,
}

impl<T> DynRecipe<T> {
    /// Any recipe.
    pub fn new(recipe: impl Recipe<T> + Send + Sync + 'static) -> Self {
        Self { hooks: recipe.hooks(), recipe: Box::new(recipe) }
    }
}

impl<T> Recipe<T> for DynRecipe<T> {
    fn create(&self) -> Result<T, CreateError> {
        self.recipe.create()
    }

    #[inline]
    fn is_healthy(&self, object: &mut T) -> bool {
        !self.hooks.has(Hooks::IS_HEALTHY) || self.recipe.is_healthy(object)
    }
}

impl<T> ObjectHooks<T> for DynRecipe<T> {
    fn hooks(&self) -> Hooks {
        self.hooks
    }

    fn on_create(&self, object: &mut T) {
        self.recipe.on_create(object);
    }

    #[inline]
    fn on_acquire(&self, object: &mut T) {
        if self.hooks.has(Hooks::ON_ACQUIRE) {
            self.recipe.on_acquire(object);
        }
    }

    #[inline]
    fn on_release(&self, object: &mut T) {
        if self.hooks.has(Hooks::ON_RELEASE) {
            self.recipe.on_release(object);
        }
    }

    fn on_destroy(&self, object: T) {
        self.recipe.on_destroy(object);
    }

    fn keep_after_panic(&self, object: &mut T) -> bool {
        self.recipe.keep_after_panic(object)
    }
}

impl<T> fmt::Debug for DynRecipe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DynRecipe")
    }
}
