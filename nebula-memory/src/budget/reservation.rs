use core::fmt;
use core::ops::Deref;

use super::Budget;
use crate::sync::{CountMode, Local};

/// Bytes of a [`Budget`] that are paid for before they are used; given back on drop.
///
/// It is a budget of its own, with all of its limit charged to the one it is from: allocations that charge the reservation
/// ([`Budgeted`](crate::allocator::Budgeted) takes one) cannot be refused for what others use meanwhile. Leaking
/// a reservation leaks its bytes and nothing else.
///
/// ```
/// use nebula_memory::Budget;
///
/// let budget = Budget::new(1000);
/// let reserved = budget.reserve(600)?;
/// assert_eq!((budget.used(), reserved.available()), (600, 600));
/// assert!(budget.reserve(600).is_err());
/// drop(reserved);
/// assert_eq!(budget.used(), 0);
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
#[must_use = "the bytes are given back when the reservation is dropped"]
pub struct Reservation<'b, M: CountMode = Local> {
    /// Not handed out by `&mut`: another budget in its place would give back what was never charged.
    purse: Budget<'b, M>,
}

impl<'b, M: CountMode> Reservation<'b, M> {
    pub(super) fn new(purse: Budget<'b, M>) -> Self {
        Self { purse }
    }

    /// How many bytes are reserved, used or not.
    pub fn bytes(&self) -> usize {
        self.purse.limit()
    }
}

impl<'b, M: CountMode> Deref for Reservation<'b, M> {
    type Target = Budget<'b, M>;

    #[inline]
    fn deref(&self) -> &Budget<'b, M> {
        &self.purse
    }
}

impl<M: CountMode> fmt::Debug for Reservation<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reservation").field("bytes", &self.bytes()).field("used", &self.used()).finish()
    }
}
