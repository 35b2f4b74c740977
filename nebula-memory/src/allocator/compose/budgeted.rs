use core::alloc::Layout;
use core::ptr::NonNull;

use super::blocks::cut;
use super::{Independent, Owns};
use crate::allocator::interop::implement_api2;
use crate::allocator::{Allocator, MemoryUsage};
use crate::budget::{AsBudget, Budget};
use crate::error::AllocError;
use crate::sync::CountMode;

/// An allocator that charges a [`Budget`] for every block, and refuses what that does not allow.
///
/// `B` is the budget, a [`Reservation`](crate::Reservation), or a reference to either, so that several allocators can share
/// one. What is charged is what was asked for: blocks are exactly as long, even if the allocator inside gives more, so that
/// giving a block back gives back what it was charged. A block that grows pays for the difference before it does.
///
/// ```
/// use core::alloc::Layout;
/// use nebula_memory::{Allocator, AllocErrorCode, Budget, SystemAllocator, allocator::Budgeted};
///
/// let budget = Budget::new(100);
/// let memory = Budgeted::new(SystemAllocator, &budget);
///
/// let layout = Layout::new::<[u8; 60]>();
/// let block = memory.allocate(layout)?;
/// assert_eq!(budget.available(), 40);
/// let error = memory.allocate(layout).unwrap_err();
/// assert_eq!(error.code(), AllocErrorCode::BudgetExceeded);
/// // SAFETY: allocated above with this layout.
/// unsafe { memory.deallocate(block.cast(), layout) };
/// assert_eq!((budget.used(), budget.peak()), (0, 60));
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Budgeted<A, B> {
    allocator: A,
    budget: B,
}

impl<A, B: AsBudget> Budgeted<A, B> {
    /// `allocator`, of which every block is charged to `budget`.
    #[inline]
    pub const fn new(allocator: A, budget: B) -> Self {
        Self { allocator, budget }
    }

    /// The budget.
    pub fn budget(&self) -> &Budget<'_, B::Mode> {
        self.budget.as_budget()
    }
}

impl<A, B> Budgeted<A, B> {
    /// The allocator inside.
    pub const fn allocator(&self) -> &A {
        &self.allocator
    }
}

impl<A: Allocator, B: AsBudget> Budgeted<A, B> {
    /// A block that `allocate` gets, paid for. If it gets none, or panics, the charge is given back.
    #[inline(always)]
    fn pay(
        &self,
        block: Layout,
        bytes: usize,
        allocate: impl FnOnce() -> Result<NonNull<[u8]>, AllocError>,
    ) -> Result<NonNull<[u8]>, AllocError> {
        let charge = self.budget().charge_block(block, bytes)?;
        let memory = allocate()?;
        charge.keep();
        Ok(cut(memory, block.size()))
    }
}

// SAFETY: everything is passed on; that blocks are said to be shorter than they are is within the contract. What may unwind,
// the callback of a soft limit and `as_budget`, runs before a block is given up.
unsafe impl<A: Allocator, B: AsBudget> Allocator for Budgeted<A, B> {
    #[inline]
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        self.pay(layout, layout.size(), || self.allocator.allocate(layout))
    }

    #[inline]
    fn allocate_zeroed(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        self.pay(layout, layout.size(), || self.allocator.allocate_zeroed(layout))
    }

    #[inline]
    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        let budget = self.budget();
        // SAFETY: the caller's promise.
        unsafe { self.allocator.deallocate(block, layout) };
        // Last, so that never more is held than is charged.
        budget.give(layout.size());
    }

    #[inline]
    unsafe fn grow(&self, block: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise.
        self.pay(new, new.size() - old.size(), || unsafe { self.allocator.grow(block, old, new) })
    }

    #[inline]
    unsafe fn grow_zeroed(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: the caller's promise.
        self.pay(new, new.size() - old.size(), || unsafe { self.allocator.grow_zeroed(block, old, new) })
    }

    #[inline]
    unsafe fn shrink(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        let budget = self.budget();
        // SAFETY: the caller's promise.
        let shrunk = unsafe { self.allocator.shrink(block, old, new)? };
        budget.give(old.size() - new.size());
        Ok(cut(shrunk, new.size()))
    }
}

// SAFETY: the blocks are those of the allocator inside, and go back to it as they are.
unsafe impl<A: Owns, B: AsBudget> Owns for Budgeted<A, B> {
    #[inline]
    fn owns(&self, block: NonNull<u8>, layout: Layout) -> bool {
        self.allocator.owns(block, layout)
    }
}

// SAFETY: blocks are handed on where they are.
unsafe impl<A: Independent, B: AsBudget> Independent for Budgeted<A, B> {}

impl<A: MemoryUsage, B: AsBudget> MemoryUsage for Budgeted<A, B> {
    fn used(&self) -> usize {
        self.allocator.used()
    }

    fn capacity(&self) -> usize {
        self.allocator.capacity()
    }

    /// What the allocator has and the budget allows.
    fn available(&self) -> Option<usize> {
        let allowed = self.budget().available();
        Some(self.allocator.available().map_or(allowed, |available| available.min(allowed)))
    }
}

impl<M: CountMode> MemoryUsage for Budget<'_, M> {
    fn used(&self) -> usize {
        Self::used(self)
    }

    /// The limit: a budget holds no memory.
    fn capacity(&self) -> usize {
        self.limit()
    }

    fn available(&self) -> Option<usize> {
        Some(Self::available(self))
    }
}

implement_api2!([A: Allocator, B: AsBudget] Budgeted<A, B>);
