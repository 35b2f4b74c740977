use core::panic::Location;
use core::{fmt, mem};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::books::{Books, Grant, Refusal};
use super::entry::Slot;
use super::guard::{Lend, Lent, apart};
use super::held::{Held, Vacancy};
use super::panics::FirstPanic;
use super::signal::Signal;
use super::stats::Tally;
use super::watch::Watch;
use super::{
    Builder, DynRecipe, Make, NoHooks, NoRecipe, ObjectHooks, PoolError, PooledObject, Priority, Recipe,
    Watched,
};
use crate::sync::Ordering;
use crate::unwind::guarded;

/// Objects that are used again, for many threads.
///
/// [`acquire`](Self::acquire) hands out an idle object, or makes one if there may be one more, or waits: first come, first
/// served. What it returns is the object's guard, which brings it back. Objects are not dropped in between, and do not move.
///
/// Acquiring and releasing an idle object take no lock: a slot is taken from a free list that each thread has its own part
/// of, and one word is read that says whether anything else is to be done. All else (making objects, waiting, closing) is
/// under one lock, and nothing of yours is ever called under it.
///
/// `R` is the [`Recipe`]; `W` is what is noted of objects besides ([`Watched`]): ages, leases, uses, and nothing of it
/// unless the builder was told so. `ObjectPool<T>` is a pool with any recipe, `Arc` and all
/// ([`build_boxed`](Builder::build_boxed)).
///
/// ```
/// use nebula_memory::pool::ObjectPool;
///
/// let pool = ObjectPool::builder()
///     .max(8)
///     .create(|| Vec::<u8>::with_capacity(4096))
///     .on_release(|buffer| buffer.clear())
///     .build()?;
///
/// std::thread::scope(|threads| {
///     for byte in 0..4 {
///         let pool = &pool;
///         threads.spawn(move || {
///             let mut buffer = pool.acquire().unwrap();
///             buffer.push(byte);
///         });
///     }
/// });
/// assert_eq!(pool.stats().held, 0);
/// # Ok::<(), nebula_memory::pool::PoolError>(())
/// ```
pub struct ObjectPool<T, R: ObjectHooks<T> = DynRecipe<T>, W: Watch = Watched> {
    pub(super) books: Books<T, W::Note>,
    pub(super) recipe: R,
    pub(super) watch: W,
    /// As many objects as there are kept at least, by [`maintain`](Self::maintain).
    pub(super) least: usize,
    pub(super) tally: Tally,
}

/// How long to wait for an object.
#[derive(Clone, Copy)]
pub(super) enum Patience {
    None,
    Until(Instant),
    Unlimited,
}

impl Patience {
    pub(super) fn of(timeout: Duration) -> Self {
        Instant::now().checked_add(timeout).map_or(Self::Unlimited, Self::Until)
    }
}

impl<T> ObjectPool<T> {
    /// Says how the objects are made, how many there may be, and what happens to them.
    pub fn builder() -> Builder<T, NoRecipe, NoHooks, Watched> {
        Builder::new()
    }
}

impl<T, F: Fn() -> T> ObjectPool<T, Make<F>> {
    /// A pool of at most `max` objects, which `create` makes when they are needed.
    pub fn new(max: usize, create: F) -> Self {
        Self::with_recipe(max, Make(create))
    }
}

impl<T, R: ObjectHooks<T>> ObjectPool<T, R> {
    /// A pool of at most `max` objects.
    pub fn with_recipe(max: usize, recipe: R) -> Self {
        Self::assemble(max, 0, recipe, Watched::default())
    }
}

impl<T, R: Recipe<T>, W: Watch> ObjectPool<T, R, W> {
    /// An object; waits for one if all are in use. Those who wait are served in order.
    ///
    /// A thread that holds one object and waits for another may wait for itself; see
    /// [`acquire_timeout`](Self::acquire_timeout).
    ///
    /// # Errors
    /// [`Create`](PoolError::Create) if the recipe fails, [`Closed`](PoolError::Closed), [`Memory`](PoolError::Memory).
    #[inline]
    #[track_caller]
    pub fn acquire(&self) -> Result<PooledObject<T, &Self>, PoolError> {
        self.guard(Priority::NORMAL, Patience::Unlimited, Location::caller())
    }

    /// An object if there is one, or if there may be one more; does not wait, and does not overtake those who do.
    ///
    /// # Errors
    /// As [`acquire`](Self::acquire), or [`Exhausted`](PoolError::Exhausted).
    #[inline]
    #[track_caller]
    pub fn try_acquire(&self) -> Result<PooledObject<T, &Self>, PoolError> {
        self.guard(Priority::NORMAL, Patience::None, Location::caller())
    }

    /// An object; waits for one, but not longer than this. The time it takes to make one, or to
    /// ask whether it is healthy, is not counted.
    ///
    /// # Errors
    /// As [`acquire`](Self::acquire), or [`Timeout`](PoolError::Timeout).
    #[track_caller]
    pub fn acquire_timeout(&self, timeout: Duration) -> Result<PooledObject<T, &Self>, PoolError> {
        self.acquire_with_timeout(Priority::NORMAL, timeout)
    }

    /// An object; waits for one before all who wait with a lower priority. Those get none as long as there are others.
    ///
    /// # Errors
    /// As [`acquire`](Self::acquire).
    #[track_caller]
    pub fn acquire_with(&self, priority: Priority) -> Result<PooledObject<T, &Self>, PoolError> {
        self.guard(priority, Patience::Unlimited, Location::caller())
    }

    /// Both.
    ///
    /// # Errors
    /// As [`acquire_timeout`](Self::acquire_timeout).
    #[track_caller]
    pub fn acquire_with_timeout(
        &self,
        priority: Priority,
        timeout: Duration,
    ) -> Result<PooledObject<T, &Self>, PoolError> {
        let by = Location::caller();
        // The clock is looked at only if there is nothing to have.
        match self.guard(priority, Patience::None, by) {
            Err(PoolError::Exhausted { .. }) => self.guard(priority, Patience::of(timeout), by),
            outcome => outcome,
        }
    }

    /// The same as [`acquire`](Self::acquire), with a guard that keeps the pool alive.
    ///
    /// # Errors
    /// As [`acquire`](Self::acquire).
    #[inline]
    #[track_caller]
    pub fn acquire_arc(self: &Arc<Self>) -> Result<PooledObject<T, Arc<Self>>, PoolError> {
        let lent = self.lend(Priority::NORMAL, Patience::Unlimited, Location::caller())?;
        // SAFETY: just lent by the pool.
        Ok(unsafe { PooledObject::new(lent, Arc::clone(self)) })
    }

    /// The same as [`try_acquire`](Self::try_acquire), with a guard that keeps the pool alive.
    ///
    /// # Errors
    /// As [`try_acquire`](Self::try_acquire).
    #[inline]
    #[track_caller]
    pub fn try_acquire_arc(self: &Arc<Self>) -> Result<PooledObject<T, Arc<Self>>, PoolError> {
        let lent = self.lend(Priority::NORMAL, Patience::None, Location::caller())?;
        // SAFETY: just lent by the pool.
        Ok(unsafe { PooledObject::new(lent, Arc::clone(self)) })
    }

    #[inline(always)]
    pub(super) fn guard(
        &self,
        priority: Priority,
        patience: Patience,
        by: &'static Location<'static>,
    ) -> Result<PooledObject<T, &Self>, PoolError> {
        let lent = self.lend(priority, patience, by)?;
        // SAFETY: just lent by the pool.
        Ok(unsafe { PooledObject::new(lent, self) })
    }

    #[inline(always)]
    pub(super) fn lend(
        &self,
        priority: Priority,
        patience: Patience,
        by: &'static Location<'static>,
    ) -> Result<Lent<T>, PoolError> {
        match self.take_idle() {
            Some(held) => self.lend_idle(held, by),
            None => apart(self.lend_later(priority, patience, by)),
        }
    }

    /// An object that was used before: if it still can be.
    #[inline(always)]
    pub(super) fn lend_idle(
        &self,
        mut held: Held<'_, T, R, W>,
        by: &'static Location<'static>,
    ) -> Result<Lent<T>, PoolError> {
        if self.watch.expired(held.note()) || !self.recipe.is_healthy(held.object()) {
            return apart(self.replace(held, by));
        }
        Ok(self.hand_out(held, by))
    }

    /// Another one in its place, which stays ours.
    #[cold]
    #[inline(never)]
    fn replace(&self, held: Held<'_, T, R, W>, by: &'static Location<'static>) -> Result<Lent<T>, PoolError> {
        let held = self.create_in(held.destroy())?;
        Ok(self.hand_out(held, by))
    }

    #[cold]
    #[inline(never)]
    fn lend_later(
        &self,
        priority: Priority,
        patience: Patience,
        by: &'static Location<'static>,
    ) -> Result<Lent<T>, PoolError> {
        let grant = match patience {
            Patience::None => self.books.request(),
            Patience::Until(deadline) => self.wait(priority, Some(deadline))?,
            Patience::Unlimited => self.wait(priority, None)?,
        };
        self.honour(grant, by)
    }

    /// Makes something of what was granted.
    pub(super) fn honour(
        &self,
        grant: Grant<T, W::Note>,
        by: &'static Location<'static>,
    ) -> Result<Lent<T>, PoolError> {
        self.lend_granted(self.accept(grant)?, by)
    }

    pub(super) fn lend_granted(
        &self,
        granted: Granted<'_, T, R, W>,
        by: &'static Location<'static>,
    ) -> Result<Lent<T>, PoolError> {
        match granted {
            Granted::Object(held) => self.lend_idle(held, by),
            Granted::Vacant(vacancy) => Ok(self.hand_out(self.create_in(vacancy)?, by)),
        }
    }

    /// Makes an object.
    pub(super) fn create_in<'p>(
        &self,
        vacancy: Vacancy<'p, T, R, W>,
    ) -> Result<Held<'p, T, R, W>, PoolError> {
        let attempt = self.tally.attempt();
        let object = self.recipe.create().map_err(PoolError::Create)?;
        attempt.succeeded();
        let mut held = self.enter(vacancy, object);
        self.recipe.on_create(held.object());
        Ok(held)
    }
}

/// What was granted, in good hands.
pub(super) enum Granted<'p, T, R: ObjectHooks<T>, W: Watch> {
    Object(Held<'p, T, R, W>),
    Vacant(Vacancy<'p, T, R, W>),
}

impl<T, R: ObjectHooks<T>, W: Watch> ObjectPool<T, R, W> {
    pub(super) fn assemble(most: usize, least: usize, recipe: R, watch: W) -> Self {
        Self { books: Books::new(most, W::READ), recipe, watch, least, tally: Tally::new() }
    }

    /// An idle object; none also if others wait for it.
    #[inline(always)]
    pub(super) fn take_idle(&self) -> Option<Held<'_, T, R, W>> {
        let slot = if self.books.is_quiet() { self.books.take() } else { self.take_stirred() }?;
        // SAFETY: a slot on the free list holds an object, and this one is ours.
        Some(unsafe { Held::new(self, slot) })
    }

    /// The slot of an idle object, if it turns out that there is nothing else to be done first.
    #[cold]
    #[inline(never)]
    fn take_stirred(&self) -> Option<Slot<T, W::Note>> {
        let slot = self.books.take()?;
        if self.books.is_quiet_after_all() {
            return Some(slot);
        }
        // SAFETY: a slot on the free list holds an object, and this one is ours.
        unsafe { Held::new(self, slot) }.shelve();
        None
    }

    /// An object that is new to the pool.
    pub(super) fn enter<'p>(&self, vacancy: Vacancy<'p, T, R, W>, object: T) -> Held<'p, T, R, W> {
        let held = vacancy.fill(object);
        self.tally.created.fetch_add(1, Ordering::Relaxed);
        self.watch.created(held.note());
        held
    }

    #[inline(always)]
    pub(super) fn hand_out(&self, mut held: Held<'_, T, R, W>, by: &'static Location<'static>) -> Lent<T> {
        self.recipe.on_acquire(held.object());
        self.watch.acquired(held.note(), by);
        held.lend()
    }

    /// Waits in line.
    fn wait(&self, priority: Priority, deadline: Option<Instant>) -> Result<Grant<T, W::Note>, PoolError> {
        let (signal, waker) = Signal::of_thread();
        let ticket = match self.books.join(priority, waker.clone()) {
            Ok(ticket) => ticket,
            Err(grant) => return Ok(grant),
        };
        loop {
            let woken = signal.wait(deadline);
            if woken {
                if let Some(grant) = self.books.collect(&ticket, waker.clone()) {
                    return Ok(grant);
                }
            } else {
                // Too late, unless it was given something at the last moment.
                return self.books.leave(&ticket).ok_or_else(|| {
                    self.tally.timeouts.fetch_add(1, Ordering::Relaxed);
                    PoolError::Timeout { capacity: self.books.limit() }
                });
            }
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "a grant is owned, and used up here")]
    pub(super) fn accept(&self, grant: Grant<T, W::Note>) -> Result<Granted<'_, T, R, W>, PoolError> {
        match grant {
            // SAFETY: granted: ours, with an object.
            Grant::Object(slot) => Ok(Granted::Object(unsafe { Held::new(self, slot) })),
            // SAFETY: granted: ours, without an object.
            Grant::Vacant(slot) => Ok(Granted::Vacant(unsafe { Vacancy::new(self, slot) })),
            Grant::Refused(refusal) => Err(self.refuse(refusal)),
        }
    }

    #[cold]
    pub(super) fn refuse(&self, refusal: Refusal) -> PoolError {
        match refusal {
            Refusal::Exhausted => PoolError::Exhausted { capacity: self.books.limit() },
            Refusal::Closed => PoolError::Closed,
            Refusal::Memory(code) => PoolError::Memory(code),
        }
    }

    /// What was given to one who does not want it any more.
    pub(super) fn pass_on(&self, grant: Grant<T, W::Note>) {
        match self.accept(grant) {
            Ok(Granted::Object(held)) => held.shelve(),
            Ok(Granted::Vacant(vacancy)) => drop(vacancy),
            Err(_) => {}
        }
    }

    /// Does what the state of the pool asks for, after an object was put back.
    #[cold]
    #[inline(never)]
    pub(super) fn attend(&self) {
        if self.books.is_quiet_after_all() {
            return;
        }
        self.books.serve();
        self.shed(usize::MAX);
    }

    /// Destroys idle objects that are more than `keep` or than there may be, or all of a pool that was closed.
    pub(super) fn shed(&self, keep: usize) {
        let mut panics = FirstPanic::default();
        while let Some(slot) = self.books.surplus(keep) {
            // SAFETY: idle, and ours now.
            let held = unsafe { Held::new(self, slot) };
            panics.run(|| held.leave());
        }
    }

    /// The holder of an object has panicked. What panics in here must not add to that: two panics at once end the process.
    ///
    /// # Safety
    /// Lent by this pool, and not used after this.
    #[cold]
    #[inline(never)]
    unsafe fn take_back_tainted(&self, lent: Lent<T>) {
        // SAFETY: the caller's promise.
        let mut held = unsafe { Held::from_lent(self, lent) };
        guarded(move || {
            if self.recipe.keep_after_panic(held.object()) {
                self.recipe.on_release(held.object());
                held.shelve();
            }
        });
    }
}

// SAFETY: what is lent was taken from the free list, or never was there: its slot is the borrower's until it is put back. Slots do
// not move. The memory of a slot stays until the pool is dropped.
unsafe impl<T, R: ObjectHooks<T>, W: Watch> Lend<T> for ObjectPool<T, R, W> {
    #[inline(always)]
    unsafe fn take_back(&self, lent: Lent<T>) {
        // SAFETY: the caller's promise.
        let mut held = unsafe { Held::from_lent(self, lent) };
        self.watch.released(held.note());
        if lent.is_tainted() {
            mem::forget(held);
            // SAFETY: the caller's promise; what was made of it is forgotten.
            return unsafe { self.take_back_tainted(lent) };
        }
        self.recipe.on_release(held.object());
        held.shelve();
    }

    unsafe fn take_out(&self, lent: Lent<T>) -> T {
        // SAFETY: the caller's promise.
        let held = unsafe { Held::from_lent(self, lent) };
        self.watch.released(held.note());
        let (object, vacancy) = held.take();
        self.tally.detached.fetch_add(1, Ordering::Relaxed);
        drop(vacancy);
        object
    }

    unsafe fn destroy(&self, lent: Lent<T>) {
        // SAFETY: the caller's promise.
        let held = unsafe { Held::from_lent(self, lent) };
        self.watch.released(held.note());
        drop(held.destroy());
    }
}

impl<T, R: ObjectHooks<T>, W: Watch> Drop for ObjectPool<T, R, W> {
    fn drop(&mut self) {
        let leases = self.leases();
        if !leases.is_empty() {
            self.watch.report(&leases);
        }
        // Waiters that were leaked may have been given objects.
        for grant in self.books.given_away() {
            self.pass_on(grant);
        }
        self.close();
    }
}

impl<T, R: ObjectHooks<T>, W: Watch> fmt::Debug for ObjectPool<T, R, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ObjectPool").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
