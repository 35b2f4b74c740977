//! Pools in an arena: when all slots of one are in use, there is another.

use std::cell::Cell;

use nebula_memory::{LocalFixedPool, PoolBox};

use super::{
    nebula::Place,
    watch::{Slots, Watch},
};

/// Slots for values of one type. The first `CAP` are set aside at once, `CAP` more whenever they run out.
pub(crate) struct Pools<'s, W: Watch, T, const CAP: usize> {
    space: Place<'s, W>,
    newest: Cell<&'s LocalFixedPool<T, CAP>>,
}

/// A value in one of the pools.
pub(crate) type Pooled<'s, T, const CAP: usize> = PoolBox<T, &'s LocalFixedPool<T, CAP>>;

impl<'s, W: Watch, T, const CAP: usize> Pools<'s, W, T, CAP> {
    pub(super) fn new(space: Place<'s, W>) -> Self {
        Self { space, newest: Cell::new(space.pool()) }
    }

    /// A pool with a free slot.
    #[inline]
    pub(super) fn pool(&self, slots: Slots) -> &'s LocalFixedPool<T, CAP> {
        let is_full = self.newest.get().available() == 0;
        if is_full {
            self.newest.set(self.space.pool());
        }
        W::slot(slots, is_full);
        self.newest.get()
    }
}
