use core::alloc::Layout;
use core::cell::{Cell, UnsafeCell};
use core::fmt;
use core::mem::{self, ManuallyDrop};
use core::ptr::NonNull;
use std::rc::Rc;
use std::vec::Vec;

use super::builder::check;
use super::guard::{Calm, Lend, Lent};
use super::layers::{Layer, Made};
use super::panics::FirstPanic;
use super::{Builder, Make, ObjectHooks, PoolError, PoolStats, PooledObject, Recipe, Watched};
use crate::SystemAllocator;
use crate::allocator::Allocator;
use crate::error::AllocErrorCode;

/// Objects that are used again, for one thread: no atomics, no lock, nobody to wait for.
///
/// The same recipes, hooks and guards as an [`ObjectPool`](super::ObjectPool); when all objects are in use, that is an error.
///
/// ```
/// use nebula_memory::pool::{LocalObjectPool, ObjectPool};
///
/// let pool = ObjectPool::builder()
///     .max(2)
///     .create(|| Vec::<u8>::with_capacity(4096))
///     .on_release(|buffer| buffer.clear())
///     .build_local()?;
/// let mut buffer = pool.acquire()?;
/// buffer.push(1);
/// drop(buffer);
/// assert!(pool.acquire()?.is_empty());
/// # Ok::<(), nebula_memory::pool::PoolError>(())
/// ```
pub struct LocalObjectPool<T, R: ObjectHooks<T> = Make<fn() -> T>> {
    /// An idle object, the one used last. Apart, because what is written in one call is read in the next, and of this one only the
    /// pointer itself is waited for, not a length as well.
    spare: Cell<Option<NonNull<T>>>,
    /// The other idle objects. Has room for all, so that putting one back cannot fail. Borrowed for a moment at a time, in which
    /// nothing of the user runs.
    idle: UnsafeCell<Vec<NonNull<T>>>,
    live: Cell<usize>,
    limit: usize,
    counts: Counts,
    recipe: R,
}

#[derive(Default)]
struct Counts {
    created: Cell<usize>,
    destroyed: Cell<usize>,
    detached: Cell<usize>,
    failed: Cell<usize>,
}

fn increment(count: &Cell<usize>) {
    count.set(count.get().wrapping_add(1));
}

// SAFETY: owns the idle objects; those that are lent borrow the pool, or keep it where it is by an `Rc`.
unsafe impl<T: Send, R: ObjectHooks<T> + Send> Send for LocalObjectPool<T, R> {}

/// An object in the hands of the pool. Dropped, it is destroyed.
struct Held<'p, T, R: ObjectHooks<T>> {
    pool: &'p LocalObjectPool<T, R>,
    object: NonNull<T>,
}

/// The memory of an object. Dropped, it is free, and another object may be made.
struct Vacancy<'p, T, R: ObjectHooks<T>> {
    pool: &'p LocalObjectPool<T, R>,
    memory: NonNull<T>,
}

/// Frees the memory of an object.
///
/// # Safety
/// It is from [`LocalObjectPool::vacancy`], holds no object, and is not used after this.
unsafe fn free<T>(memory: NonNull<T>) {
    // SAFETY: allocated there, with this layout.
    unsafe { SystemAllocator.deallocate(memory.cast(), Layout::new::<T>()) };
}

impl<'p, T, R: ObjectHooks<T>> Held<'p, T, R> {
    #[inline(always)]
    fn object(&mut self) -> &mut T {
        // SAFETY: ours alone, as long as we are here.
        unsafe { self.object.as_mut() }
    }

    #[inline(always)]
    fn shelve(self) {
        let this = ManuallyDrop::new(self);
        // The one that was spare goes to the others, which was used before.
        if let Some(older) = this.pool.spare.replace(Some(this.object)) {
            this.pool.stack(older);
        }
    }

    fn take(self) -> (T, Vacancy<'p, T, R>) {
        let this = ManuallyDrop::new(self);
        // SAFETY: ours, and moved out: `this` is not dropped.
        let object = unsafe { this.object.read() };
        (object, Vacancy { pool: this.pool, memory: this.object })
    }

    #[cold]
    fn destroy(self) -> Vacancy<'p, T, R> {
        let (object, vacancy) = self.take();
        increment(&vacancy.pool.counts.destroyed);
        vacancy.pool.recipe.on_destroy(object);
        vacancy
    }
}

impl<T, R: ObjectHooks<T>> Drop for Held<'_, T, R> {
    #[cold]
    fn drop(&mut self) {
        let this = Self { pool: self.pool, object: self.object };
        // Often a hook has panicked, and now the one that destroys may as well.
        FirstPanic::default().run(|| drop(this.destroy()));
    }
}

impl<T, R: ObjectHooks<T>> Drop for Vacancy<'_, T, R> {
    fn drop(&mut self) {
        self.pool.live.set(self.pool.live.get() - 1);
        // SAFETY: ours, without an object, and not used after this.
        unsafe { free(self.memory) };
    }
}

impl<T, F: Fn() -> T> LocalObjectPool<T, Make<F>> {
    /// A pool of at most `max` objects, which `create` makes when they are needed.
    pub const fn new(max: usize, create: F) -> Self {
        Self::with_recipe(max, Make(create))
    }
}

impl<T, R: ObjectHooks<T>> LocalObjectPool<T, R> {
    /// A pool of at most `max` objects.
    pub const fn with_recipe(max: usize, recipe: R) -> Self {
        let counts = Counts {
            created: Cell::new(0),
            destroyed: Cell::new(0),
            detached: Cell::new(0),
            failed: Cell::new(0),
        };
        Self {
            spare: Cell::new(None),
            idle: UnsafeCell::new(Vec::new()),
            live: Cell::new(0),
            limit: max,
            counts,
            recipe,
        }
    }

    #[inline(always)]
    fn take_idle(&self) -> Option<Held<'_, T, R>> {
        let object = match self.spare.get() {
            Some(spare) => {
                self.spare.set(None);
                spare
            }
            // SAFETY: nothing of the user runs while this is borrowed, and no other thread is here.
            None => unsafe { &mut *self.idle.get() }.pop()?,
        };
        Some(Held { pool: self, object })
    }

    #[inline]
    fn stack(&self, object: NonNull<T>) {
        // SAFETY: as above.
        unsafe { &mut *self.idle.get() }.push(object);
    }

    fn idle(&self) -> usize {
        // SAFETY: as above.
        let stacked = unsafe { &*self.idle.get() }.len();
        stacked + usize::from(self.spare.get().is_some())
    }

    #[cold]
    fn vacancy(&self) -> Result<Vacancy<'_, T, R>, PoolError> {
        let live = self.live.get();
        if live >= self.limit {
            return Err(PoolError::Exhausted { capacity: self.limit });
        }
        // Out of its cell meanwhile: the global allocator may be the user's, and use this pool.
        // SAFETY: as above.
        let mut idle = mem::take(unsafe { &mut *self.idle.get() });
        let room = idle.try_reserve(live + 1 - idle.len());
        // SAFETY: as above.
        let meanwhile = mem::replace(unsafe { &mut *self.idle.get() }, idle);
        for object in meanwhile {
            self.stack(object);
        }
        room.map_err(|_| PoolError::Memory(AllocErrorCode::OutOfMemory))?;
        let memory = SystemAllocator.allocate(Layout::new::<T>())?.cast();
        // Read anew, for the same reason.
        self.live.set(self.live.get() + 1);
        Ok(Vacancy { pool: self, memory })
    }

    /// How many objects there are, idle or in use.
    pub fn size(&self) -> usize {
        self.live.get()
    }

    /// How many objects there may be.
    pub fn capacity(&self) -> usize {
        self.limit
    }

    /// What the pool has done and has; always exact.
    pub fn stats(&self) -> PoolStats {
        let idle = self.idle();
        PoolStats {
            capacity: self.limit,
            size: self.live.get(),
            idle,
            held: self.live.get() - idle,
            created: self.counts.created.get(),
            destroyed: self.counts.destroyed.get(),
            detached: self.counts.detached.get(),
            failed: self.counts.failed.get(),
            ..PoolStats::default()
        }
    }

    /// Destroys idle objects until there are no more than `size`, in use or not, or none is idle.
    pub fn shrink_to(&self, size: usize) {
        let mut panics = FirstPanic::default();
        while self.live.get() > size
            && let Some(held) = self.take_idle()
        {
            panics.run(|| drop(held));
        }
    }

    /// Destroys the idle objects that `keep` does not want.
    pub fn retain(&self, mut keep: impl FnMut(&mut T) -> bool) {
        /// Those that were looked at; they go back, whatever panics.
        struct Aside<'p, T, R: ObjectHooks<T>>(Vec<Held<'p, T, R>>);
        impl<T, R: ObjectHooks<T>> Drop for Aside<'_, T, R> {
            fn drop(&mut self) {
                self.0.drain(..).rev().for_each(Held::shelve);
            }
        }

        let mut aside = Aside(Vec::new());
        for _ in 0..self.idle() {
            let Some(mut held) = self.take_idle() else { break };
            if keep(held.object()) {
                aside.0.push(held);
            } else {
                drop(held.destroy());
            }
        }
    }
}

impl<T, R: Recipe<T>> LocalObjectPool<T, R> {
    /// An idle object, or a new one.
    ///
    /// # Errors
    /// [`Exhausted`](PoolError::Exhausted) if as many are in use as there may be; [`Create`](PoolError::Create) if the recipe
    /// fails; [`Memory`](PoolError::Memory).
    #[inline]
    pub fn acquire(&self) -> Result<PooledObject<T, &Self>, PoolError> {
        let lent = self.lend()?;
        // SAFETY: just lent by the pool.
        Ok(unsafe { PooledObject::new(lent, self) })
    }

    /// The same, with a guard that keeps the pool alive.
    ///
    /// # Errors
    /// As [`acquire`](Self::acquire).
    #[inline]
    pub fn acquire_rc(self: &Rc<Self>) -> Result<PooledObject<T, Rc<Self>>, PoolError> {
        let lent = self.lend()?;
        // SAFETY: just lent by the pool.
        Ok(unsafe { PooledObject::new(lent, Rc::clone(self)) })
    }

    /// Makes objects until `idle` are idle, or there may be no more. How many it made.
    ///
    /// # Errors
    /// The first that cannot be made; those made before stay.
    pub fn reserve(&self, idle: usize) -> Result<usize, PoolError> {
        let mut made = 0;
        while self.idle() < idle && self.live.get() < self.limit {
            self.create_in(self.vacancy()?)?.shelve();
            made += 1;
        }
        Ok(made)
    }

    #[inline(always)]
    pub(super) fn lend(&self) -> Result<Lent<T>, PoolError> {
        let mut held = match self.take_idle() {
            Some(mut held) => {
                if self.recipe.is_healthy(held.object()) {
                    held
                } else {
                    self.create_in(held.destroy())?
                }
            }
            None => self.create_in(self.vacancy()?)?,
        };
        self.recipe.on_acquire(held.object());
        let held = ManuallyDrop::new(held);
        Ok(Lent { object: held.object, calm: Calm::now() })
    }

    #[cold]
    fn create_in<'p>(&self, vacancy: Vacancy<'p, T, R>) -> Result<Held<'p, T, R>, PoolError> {
        // Counted as failed until it has not.
        increment(&self.counts.failed);
        let object = self.recipe.create().map_err(PoolError::Create)?;
        self.counts.failed.set(self.counts.failed.get() - 1);
        increment(&self.counts.created);
        let vacancy = ManuallyDrop::new(vacancy);
        // SAFETY: memory for an object, ours, without one.
        unsafe { vacancy.memory.write(object) };
        let mut held = Held { pool: vacancy.pool, object: vacancy.memory };
        self.recipe.on_create(held.object());
        Ok(held)
    }
}

// SAFETY: what is lent is memory of its own, which stays until it comes back.
unsafe impl<T, R: ObjectHooks<T>> Lend<T> for LocalObjectPool<T, R> {
    #[inline]
    unsafe fn take_back(&self, lent: Lent<T>) {
        let mut held = Held { pool: self, object: lent.object };
        if lent.is_tainted() {
            return take_back_tainted(held);
        }
        self.recipe.on_release(held.object());
        held.shelve();
    }

    unsafe fn take_out(&self, lent: Lent<T>) -> T {
        let (object, vacancy) = Held { pool: self, object: lent.object }.take();
        increment(&self.counts.detached);
        drop(vacancy);
        object
    }

    unsafe fn destroy(&self, lent: Lent<T>) {
        drop(Held { pool: self, object: lent.object }.destroy());
    }
}

/// The holder has panicked; what panics in here must not add to that.
#[cold]
#[inline(never)]
fn take_back_tainted<T, R: ObjectHooks<T>>(mut held: Held<'_, T, R>) {
    FirstPanic::default().run(move || {
        if held.pool.recipe.keep_after_panic(held.object()) {
            held.pool.recipe.on_release(held.object());
            held.shelve();
        }
    });
}

/// The object outlived its pool.
///
/// # Safety
/// Lent by a local pool that is gone, and not used after this.
#[cold]
pub(super) unsafe fn outlived<T>(lent: Lent<T>) -> T {
    // SAFETY: whole, and moved out.
    let object = unsafe { lent.object.read() };
    // SAFETY: allocated by the pool that is gone; holds no object any more.
    unsafe { free(lent.object) };
    object
}

impl<T, R: ObjectHooks<T>> Drop for LocalObjectPool<T, R> {
    fn drop(&mut self) {
        self.shrink_to(0);
    }
}

impl<T, R: ObjectHooks<T>> fmt::Debug for LocalObjectPool<T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalObjectPool").field("stats", &self.stats()).finish_non_exhaustive()
    }
}

impl<T, C, H> Builder<T, C, H, Watched> {
    /// The pool for one thread, with as many objects as there are to be at least.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub fn build_local(self) -> Result<LocalObjectPool<T, Made<C, H>>, PoolError>
    where
        C: Recipe<T>,
        H: Layer<T>,
    {
        check(self.most, self.least)?;
        let pool = LocalObjectPool::with_recipe(self.most, self.made);
        pool.reserve(self.least)?;
        Ok(pool)
    }
}
