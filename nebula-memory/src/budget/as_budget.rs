use super::{Budget, Reservation};
use crate::sync::CountMode;

/// Whatever leads to a [`Budget`]: the budget, a [`Reservation`], a reference to either, an `Rc` or `Arc` of either.
///
/// ```
/// use std::sync::Arc;
/// use nebula_memory::{Budget, Shared, SystemAllocator, allocator::Budgeted};
///
/// // Memory that belongs to a task, wherever that runs, with a limit that all its parts share.
/// let budget = Arc::new(Budget::new_shared(1000));
/// let memory = Budgeted::new(SystemAllocator, Arc::clone(&budget));
/// # let _ = memory;
/// ```
pub trait AsBudget {
    /// That of the budget.
    type Mode: CountMode;

    /// The budget: the same every time, or what is charged to one is given back to another.
    fn as_budget(&self) -> &Budget<'_, Self::Mode>;
}

impl<M: CountMode> AsBudget for Budget<'_, M> {
    type Mode = M;

    #[inline(always)]
    fn as_budget(&self) -> &Budget<'_, M> {
        self
    }
}

impl<M: CountMode> AsBudget for Reservation<'_, M> {
    type Mode = M;

    #[inline(always)]
    fn as_budget(&self) -> &Budget<'_, M> {
        self
    }
}

macro_rules! through {
    ($($pointer:ty),*) => {$(
        impl<B: AsBudget + ?Sized> AsBudget for $pointer {
            type Mode = B::Mode;

            #[inline(always)]
            fn as_budget(&self) -> &Budget<'_, B::Mode> {
                (**self).as_budget()
            }
        }
    )*};
}

through!(&B);
#[cfg(feature = "alloc")]
through!(alloc_crate::rc::Rc<B>);
#[cfg(all(feature = "alloc", target_has_atomic = "ptr"))]
through!(alloc_crate::sync::Arc<B>);
