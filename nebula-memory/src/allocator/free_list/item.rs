use core::fmt::Debug;

use crate::sync::AtomicU32;
#[cfg(feature = "std")]
use crate::sync::Ordering;

/// The name of a slot where free ones are kept at hand: whatever leads from a slot to its name, and back, with the fewest steps.
///
/// Two values name no slot.
pub(super) trait Item: Copy + Eq + Debug {
    /// No slot. What names none is told apart by [`is_slot`](Self::is_slot), not by this.
    const NONE: Self;
    /// No slot, and none is to be put there as if nothing had happened.
    #[cfg(feature = "std")]
    const SHUT: Self;

    /// A place for one that threads share.
    type Cell;

    /// Whether it names a slot.
    #[cfg(feature = "std")]
    fn is_slot(self) -> bool;

    #[cfg(feature = "std")]
    fn load(cell: &Self::Cell, order: Ordering) -> Self;

    #[cfg(feature = "std")]
    fn store(self, cell: &Self::Cell, order: Ordering);

    /// The same store, for a place where [`replace`](Self::replace) is used: what it writes follows at once on what it has read, which
    /// a model knows of its own kind only.
    #[cfg(all(feature = "std", loom))]
    fn swap(self, cell: &Self::Cell, order: Ordering);

    /// Puts `new` in the place of `self`, if that is what is there: whether it was.
    #[cfg(feature = "std")]
    fn replace(self, cell: &Self::Cell, new: Self) -> bool;
}

/// An index or a distance: less than the two largest numbers.
impl Item for u32 {
    const NONE: Self = Self::MAX;
    #[cfg(feature = "std")]
    const SHUT: Self = Self::MAX - 1;

    type Cell = AtomicU32;

    #[cfg(feature = "std")]
    #[inline(always)]
    fn is_slot(self) -> bool {
        self < Self::SHUT
    }

    #[cfg(feature = "std")]
    #[inline(always)]
    fn load(cell: &AtomicU32, order: Ordering) -> Self {
        cell.load(order)
    }

    #[cfg(feature = "std")]
    #[inline(always)]
    fn store(self, cell: &AtomicU32, order: Ordering) {
        cell.store(self, order);
    }

    #[cfg(all(feature = "std", loom))]
    fn swap(self, cell: &AtomicU32, order: Ordering) {
        cell.swap(self, order);
    }

    #[cfg(feature = "std")]
    fn replace(self, cell: &AtomicU32, new: Self) -> bool {
        cell.compare_exchange(self, new, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

/// The slot itself, which is not at the first two addresses of all.
#[cfg(feature = "std")]
impl<E> Item for *mut E {
    const NONE: Self = core::ptr::null_mut();
    const SHUT: Self = core::ptr::without_provenance_mut(1);

    type Cell = crate::sync::AtomicPtr<E>;

    #[inline(always)]
    fn is_slot(self) -> bool {
        self.addr() > 1
    }

    #[inline(always)]
    fn load(cell: &Self::Cell, order: Ordering) -> Self {
        cell.load(order)
    }

    #[inline(always)]
    fn store(self, cell: &Self::Cell, order: Ordering) {
        cell.store(self, order);
    }

    #[cfg(loom)]
    fn swap(self, cell: &Self::Cell, order: Ordering) {
        cell.swap(self, order);
    }

    fn replace(self, cell: &Self::Cell, new: Self) -> bool {
        cell.compare_exchange(self, new, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}
