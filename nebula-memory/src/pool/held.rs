//! A slot in the hands of the pool: with an object in it, or without. Whatever panics, fails or is cancelled meanwhile, the
//! books are right afterwards, because each of these puts them right when it is dropped.

use core::mem::ManuallyDrop;

use super::entry::{Slot, note_of, object_of};
use super::guard::{Calm, Lent};
use super::panics::FirstPanic;
use super::{ObjectHooks, ObjectPool, Watch};
use crate::sync::Ordering;

/// An object that is being looked at. Dropped, it is destroyed: what was being done to it is half done.
pub(super) struct Held<'p, T, R: ObjectHooks<T>, W: Watch> {
    pub(super) pool: &'p ObjectPool<T, R, W>,
    /// Ours, with an object.
    slot: Slot<T, W::Note>,
}

/// A place for an object. Dropped, another one may be made in its stead, by who waits longest.
pub(super) struct Vacancy<'p, T, R: ObjectHooks<T>, W: Watch> {
    pub(super) pool: &'p ObjectPool<T, R, W>,
    /// Ours, without an object.
    slot: Slot<T, W::Note>,
    /// The object that was here is counted as one that leaves.
    leaving: bool,
}

// SAFETY: owns the object in the slot; notes are `Sync`.
unsafe impl<T: Send, R: ObjectHooks<T>, W: Watch> Send for Held<'_, T, R, W> where ObjectPool<T, R, W>: Sync {}
// SAFETY: as above, without an object.
unsafe impl<T: Send, R: ObjectHooks<T>, W: Watch> Send for Vacancy<'_, T, R, W> where ObjectPool<T, R, W>: Sync
{}

impl<'p, T, R: ObjectHooks<T>, W: Watch> Held<'p, T, R, W> {
    /// # Safety
    /// The slot is of this pool and the caller's, holds an object, and is not used otherwise.
    #[inline(always)]
    pub(super) unsafe fn new(pool: &'p ObjectPool<T, R, W>, slot: Slot<T, W::Note>) -> Self {
        Self { pool, slot }
    }

    #[inline(always)]
    pub(super) fn object(&mut self) -> &mut T {
        // SAFETY: the slot is ours, with an object, as long as we are here.
        unsafe { object_of(self.slot).as_mut() }
    }

    #[inline(always)]
    pub(super) fn note(&self) -> &W::Note {
        // SAFETY: slots live as long as their pool.
        unsafe { note_of(self.slot) }
    }

    /// It is handed out, and comes back as what [`from_lent`](Self::from_lent) makes of it.
    #[inline(always)]
    pub(super) fn lend(self) -> Lent<T> {
        let this = ManuallyDrop::new(self);
        Lent { object: object_of(this.slot), calm: Calm::now() }
    }

    /// # Safety
    /// Lent by this pool, and not used otherwise any more.
    #[inline(always)]
    pub(super) unsafe fn from_lent(pool: &'p ObjectPool<T, R, W>, lent: Lent<T>) -> Self {
        Self { pool, slot: lent.object.cast() }
    }

    /// It is idle from now on; who waits gets it.
    #[inline(always)]
    pub(super) fn shelve(self) {
        let this = ManuallyDrop::new(self);
        // SAFETY: the slot is ours, with an object; `this` is not used or dropped any more.
        unsafe { this.pool.books.put_back(this.slot) };
        if !this.pool.books.is_quiet_now() {
            this.pool.attend();
        }
    }

    /// The same, and nobody is told: more of them follow, and then one who tells.
    pub(super) fn shelve_quietly(self) {
        let this = ManuallyDrop::new(self);
        // SAFETY: as above.
        unsafe { this.pool.books.put_back(this.slot) };
    }

    /// Takes the object out.
    #[inline]
    pub(super) fn take(self) -> (T, Vacancy<'p, T, R, W>) {
        let this = ManuallyDrop::new(self);
        // SAFETY: the slot is ours, with an object, which is moved out: `this` is not dropped.
        let object = unsafe { object_of(this.slot).read() };
        (object, Vacancy { pool: this.pool, slot: this.slot, leaving: false })
    }

    /// Destroys the object.
    #[cold]
    pub(super) fn destroy(self) -> Vacancy<'p, T, R, W> {
        self.destroy_as(false)
    }

    /// Destroys one that goes because there are too many, and is counted as one that leaves.
    #[cold]
    pub(super) fn leave(self) {
        self.destroy_as(true);
    }

    fn destroy_as(self, leaving: bool) -> Vacancy<'p, T, R, W> {
        let (object, mut vacancy) = self.take();
        vacancy.leaving = leaving;
        vacancy.pool.tally.destroyed.fetch_add(1, Ordering::Relaxed);
        vacancy.pool.recipe.on_destroy(object);
        vacancy
    }
}

impl<T, R: ObjectHooks<T>, W: Watch> Drop for Held<'_, T, R, W> {
    #[cold]
    fn drop(&mut self) {
        // SAFETY: the slot is ours, with an object; the new one takes it over, and this is gone after it.
        let this = Self { pool: self.pool, slot: self.slot };
        // Often a hook has panicked, and now the one that destroys may as well.
        FirstPanic::default().run(|| drop(this.destroy()));
    }
}

impl<'p, T, R: ObjectHooks<T>, W: Watch> Vacancy<'p, T, R, W> {
    /// # Safety
    /// The slot is of this pool and the caller's, holds no object, and is not used otherwise.
    pub(super) unsafe fn new(pool: &'p ObjectPool<T, R, W>, slot: Slot<T, W::Note>) -> Self {
        Self { pool, slot, leaving: false }
    }

    /// Puts an object in.
    pub(super) fn fill(self, object: T) -> Held<'p, T, R, W> {
        let this = ManuallyDrop::new(self);
        // SAFETY: the slot is ours, and holds no object.
        unsafe { object_of(this.slot).write(object) };
        Held { pool: this.pool, slot: this.slot }
    }
}

impl<T, R: ObjectHooks<T>, W: Watch> Drop for Vacancy<'_, T, R, W> {
    fn drop(&mut self) {
        // SAFETY: the slot is ours, without an object, and not used after this.
        unsafe { self.pool.books.vacate(self.slot, self.leaving) };
    }
}
