//! Our pool, for one thread and for many.

use nebula_memory::allocator::fixed::PoolMode;
use nebula_memory::{FixedPool, Local, PoolBox, PoolSlot, Shared};

use super::contender::{CAPACITY, Contender, Value};
use crate::barrier::{sink, sink_place};

/// What the pool of a mode is called.
pub(super) trait Named: PoolMode {
    const NAME: &'static str;
}

impl Named for Local {
    const NAME: &'static str = "FixedPool Local";
}

impl Named for Shared {
    const NAME: &'static str = "FixedPool Shared";
}

/// A pool of one mode.
pub(super) type Pool<M> = FixedPool<Value, CAPACITY, 1, M>;

/// `FixedPool`, that stays where it is, as in a `static`.
pub(super) struct Fixed<M: Named>(&'static Pool<M>);

impl<M: Named> Contender for Fixed<M> {
    const NAME: &'static str = M::NAME;
    const OURS: bool = true;
    type Slot = PoolSlot<&'static Pool<M>>;
    type Full = PoolBox<Value, &'static Pool<M>>;

    fn new() -> Self {
        Self(Box::leak(Box::new(FixedPool::new())))
    }

    #[inline(always)]
    fn acquire(&mut self) -> Self::Slot {
        let mut slot = self.0.acquire().expect("a slot is free");
        sink_place(slot.as_mut_ptr());
        slot
    }

    #[inline(always)]
    fn release(&mut self, slot: Self::Slot) {
        drop(slot);
    }

    #[inline(always)]
    fn put(&mut self, make: impl FnOnce() -> Value) -> Self::Full {
        let full = self.0.alloc_with(make).expect("a slot is free");
        sink(&*full);
        full
    }

    #[inline(always)]
    fn get<'a>(&'a self, full: &'a Self::Full) -> &'a Value {
        full
    }

    #[inline(always)]
    fn remove(&mut self, full: Self::Full) {
        drop(full);
    }
}
