use core::alloc::Layout;
use core::fmt;
use core::iter;
use core::mem;
use core::ptr;

use super::Reservation;
use super::ledger::Ledger;
use super::notify::MayCall;
use crate::error::{AllocError, AllocatorKind};
#[cfg(target_has_atomic = "ptr")]
use crate::sync::Shared;
use crate::sync::{CountMode, Local};

/// How many bytes may be used, all in all and by one block.
///
/// `M` is [`Local`] (plain cells, for one thread: [`new`](Budget::new)) or [`Shared`](crate::Shared) (atomics, for many:
/// [`new_shared`](Budget::new_shared)). A budget holds no memory: it is charged by
/// [`Budgeted`](crate::allocator::Budgeted) allocators and by [`reserve`](Self::reserve).
///
/// ```
/// use nebula_memory::{Budget, KIB, MIB, Shared};
///
/// static ALL: Budget<Shared> = Budget::new_shared(8 * MIB);
///
/// let request = ALL.child(64 * KIB);
/// let buffer = request.reserve(10 * KIB)?;
/// assert_eq!((request.available(), ALL.used()), (54 * KIB, 10 * KIB));
///
/// let error = request.reserve(55 * KIB).unwrap_err();
/// assert_eq!(error.available(), Some(54 * KIB));
/// # drop(buffer);
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
pub struct Budget<'p, M: CountMode = Local> {
    limit: usize,
    /// `usize::MAX` if there is none, and so the next one.
    per_allocation: usize,
    soft_limit: usize,
    /// If `M` is `Shared`, it is `Sync`: `M` may call it.
    on_soft_limit: Option<&'p (dyn Fn(BudgetUsage) + 'p)>,
    parent: Parent<'p, M>,
    ledger: Ledger<M>,
}

/// Whom a budget is part of.
enum Parent<'p, M: CountMode> {
    None,
    /// What is charged to the child is charged to this one too.
    Charged(&'p Budget<'p, M>),
    /// The child's whole limit is charged to this one already.
    Paid(&'p Budget<'p, M>),
}

/// A [`Budget`] at one moment, in bytes.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetUsage {
    /// What is charged.
    pub used: usize,
    /// The most that was charged at once.
    pub peak: usize,
    /// What may be charged at most.
    pub limit: usize,
}

// SAFETY: the numbers are atomics, parents are such budgets too, and the callback is `Sync`, because this
// mode may call no other.
#[cfg(target_has_atomic = "ptr")]
unsafe impl Sync for Budget<'_, Shared> {}
// SAFETY: as above: parents and callbacks may be used by any thread.
#[cfg(target_has_atomic = "ptr")]
unsafe impl Send for Budget<'_, Shared> {}

/// Loom's atomics are made at run time.
macro_rules! const_unless_loom {
    ($(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $type:ty),*) -> Self $body:block) => {
        $(#[$doc])*
        #[cfg(not(loom))]
        $vis const fn $name($($arg: $type),*) -> Self $body

        $(#[$doc])*
        #[cfg(loom)]
        $vis fn $name($($arg: $type),*) -> Self $body
    };
}

impl Budget<'_> {
    const_unless_loom! {
        /// A budget of `limit` bytes for one thread; of `usize::MAX`, one that only counts.
        pub fn new(limit: usize) -> Self {
            Self::with_limit(limit)
        }
    }
}

#[cfg(target_has_atomic = "ptr")]
impl Budget<'_, Shared> {
    const_unless_loom! {
        /// A budget of `limit` bytes for many threads, also in a `static`; of `usize::MAX`, one that only counts.
        pub fn new_shared(limit: usize) -> Self {
            Self::with_limit(limit)
        }
    }
}

impl<'p, M: CountMode> Budget<'p, M> {
    const_unless_loom! {
        /// A budget of `limit` bytes, of whichever mode the type says: for code that is generic over it, and for types that
        /// are written out anyway. [`new`](Budget::new) and [`new_shared`](Budget::new_shared) say it by themselves.
        pub fn with_limit(limit: usize) -> Self {
            Self::part_of(Parent::None, limit)
        }
    }

    const_unless_loom! {
        fn part_of(parent: Parent<'p, M>, limit: usize) -> Self {
            let (per_allocation, soft_limit) = (usize::MAX, usize::MAX);
            Self { limit, per_allocation, soft_limit, on_soft_limit: None, parent, ledger: Ledger::new() }
        }
    }

    /// Refuses blocks of more than `bytes` bytes, whatever is left.
    #[must_use]
    pub const fn with_allocation_limit(mut self, bytes: usize) -> Self {
        self.per_allocation = bytes;
        self
    }

    /// Calls `notify` when more than `bytes` are charged, which is no error: time to free what can be done without.
    ///
    /// It is called once each time the limit is crossed, by the thread that does so, but not while it is running already;
    /// after the charge was made and before the memory is allocated. It may use the budget; if it panics, the
    /// charge is given back. For a [`Shared`](crate::Shared) budget it must be `Sync`.
    ///
    /// ```
    /// use std::cell::Cell;
    /// use nebula_memory::{Budget, BudgetUsage, MIB, Shared};
    ///
    /// let calls = Cell::new(0);
    /// let notify = |_: BudgetUsage| calls.set(calls.get() + 1);
    /// let budget = Budget::new(100).with_soft_limit(80, &notify);
    /// let first = budget.reserve(80)?;
    /// assert_eq!(calls.get(), 0);
    /// let second = budget.reserve(1)?;
    /// let third = budget.reserve(1)?;
    /// assert_eq!(calls.get(), 1);
    ///
    /// static ALL: Budget<Shared> = Budget::new_shared(8 * MIB)
    ///     .with_soft_limit(7 * MIB, &|now: BudgetUsage| eprintln!("{} of {} bytes are used", now.used, now.limit));
    /// # drop((first, second, third));
    /// # Ok::<(), nebula_memory::AllocError>(())
    /// ```
    #[must_use]
    pub const fn with_soft_limit<F>(mut self, bytes: usize, notify: &'p F) -> Self
    where
        F: Fn(BudgetUsage) + 'p,
        M: MayCall<F>,
    {
        self.soft_limit = bytes;
        self.on_soft_limit = Some(notify);
        self
    }

    /// A part of this budget with a limit of its own, which may be more than there is.
    ///
    /// What is charged to the child is charged to this budget too, and to what that is a part of: all limits hold. What the
    /// child has not given back when it is dropped is given back then.
    pub fn child(&self, limit: usize) -> Budget<'_, M> {
        Budget::part_of(Parent::Charged(self), limit)
    }

    /// Charges `bytes` bytes now, for what is allocated later.
    ///
    /// The limit for one allocation is not asked here, but by those that charge the reservation.
    ///
    /// # Errors
    /// [`BudgetExceeded`](crate::AllocErrorCode::BudgetExceeded) if there is not as much left, here or in a parent;
    /// [`CapacityOverflow`](crate::AllocErrorCode::CapacityOverflow) if no memory can be as large.
    pub fn reserve(&self, bytes: usize) -> Result<Reservation<'_, M>, AllocError> {
        let Ok(layout) = Layout::array::<u8>(bytes) else {
            return Err(AllocError::capacity_overflow(AllocatorKind::Budgeted)
                .with_room(self.limit, self.available()));
        };
        self.charge(layout, bytes)?.keep();
        let per_allocation = self.chain().map(|level| level.per_allocation).min();
        let purse = Budget::part_of(Parent::Paid(self), bytes);
        Ok(Reservation::new(purse.with_allocation_limit(per_allocation.unwrap_or(usize::MAX))))
    }

    /// How many bytes are charged, by children too.
    pub fn used(&self) -> usize {
        self.ledger.used()
    }

    /// The most bytes that were ever charged at once.
    ///
    /// A charge is made before the memory is asked for, so this includes those whose memory was refused; of a shared child also
    /// one that its parent refused because another thread was faster.
    pub fn peak(&self) -> usize {
        self.ledger.peak()
    }

    /// How many bytes may be charged at most.
    pub const fn limit(&self) -> usize {
        self.limit
    }

    /// From where on somebody is told, if that was [said](Self::with_soft_limit).
    pub const fn soft_limit(&self) -> Option<usize> {
        if self.soft_limit == usize::MAX { None } else { Some(self.soft_limit) }
    }

    /// How many bytes can still be charged, which parents have a say in.
    pub fn available(&self) -> usize {
        self.chain().map(Self::left).min().unwrap_or(0)
    }

    /// Its numbers now.
    pub fn usage(&self) -> BudgetUsage {
        BudgetUsage { used: self.used(), peak: self.peak(), limit: self.limit }
    }

    /// What is left here, whatever parents say.
    fn left(&self) -> usize {
        self.limit.saturating_sub(self.used())
    }

    /// The next budget that is charged with this one.
    fn above(&self) -> Option<&Self> {
        match self.parent {
            Parent::Charged(parent) => Some(parent),
            Parent::None | Parent::Paid(_) => None,
        }
    }

    /// All that are charged together, this one first.
    fn chain(&self) -> impl Iterator<Item = &Self> {
        iter::successors(Some(self), |level| level.above())
    }

    /// Charges a new block, or one that becomes larger by `bytes`.
    #[inline]
    pub(crate) fn charge_block(&self, block: Layout, bytes: usize) -> Result<Charge<'_, 'p, M>, AllocError> {
        match self.chain().find(|level| block.size() > level.per_allocation) {
            None => self.charge(block, bytes),
            Some(level) => Err(level.refused(block, level.per_allocation.min(self.available()))),
        }
    }

    /// Whether a block of as much could ever be charged, however little is used.
    #[cfg(feature = "cache")]
    pub(crate) fn allows_block(&self, bytes: usize) -> bool {
        self.chain().all(|level| bytes <= level.per_allocation.min(level.limit))
    }

    /// Charges the whole chain or nothing.
    #[inline]
    fn charge(&self, block: Layout, bytes: usize) -> Result<Charge<'_, 'p, M>, AllocError> {
        // Look first: so a charge that a parent refuses is not seen here, not even in the peak, unless there is a race.
        for level in self.chain().skip(1) {
            if bytes > level.left() {
                return Err(level.refused(block, level.left()));
            }
        }
        let mut over_soft_limit = false;
        for level in self.chain() {
            match level.ledger.take(bytes, level.limit, level.soft_limit) {
                Ok(crossed) => over_soft_limit |= crossed,
                Err(left) => {
                    self.give_below(level, bytes);
                    return Err(level.refused(block, left));
                }
            }
        }
        // From here on a panic gives everything back.
        let charge = Charge { budget: self, bytes };
        if over_soft_limit {
            self.notify();
        }
        Ok(charge)
    }

    /// Gives back to all that were charged with this one. Never more than this one has.
    #[inline]
    pub(crate) fn give(&self, bytes: usize) {
        let mut bytes = bytes;
        for level in self.chain() {
            bytes = level.ledger.give(bytes, level.soft_limit);
        }
    }

    #[cold]
    fn give_below(&self, end: &Self, bytes: usize) {
        for level in self.chain().take_while(|level| !ptr::eq(*level, end)) {
            level.ledger.give(bytes, level.soft_limit);
        }
    }

    #[cold]
    #[inline(never)]
    fn notify(&self) {
        for level in self.chain() {
            if let Some(call) = level.ledger.begin_call() {
                if let Some(notify) = level.on_soft_limit {
                    notify(level.usage());
                }
                drop(call);
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn refused(&self, block: Layout, available: usize) -> AllocError {
        AllocError::budget_exceeded(block, self.limit, available)
    }
}

impl<M: CountMode> Drop for Budget<'_, M> {
    fn drop(&mut self) {
        match self.parent {
            Parent::None => {}
            Parent::Charged(parent) => parent.give(self.used()),
            Parent::Paid(parent) => parent.give(self.limit),
        }
    }
}

/// Bytes that are charged to a budget and all above it; given back on drop, unless they are kept.
pub(crate) struct Charge<'b, 'p, M: CountMode> {
    budget: &'b Budget<'p, M>,
    bytes: usize,
}

impl<M: CountMode> Charge<'_, '_, M> {
    /// They are somebody else's to give back.
    #[inline]
    pub(crate) fn keep(self) {
        mem::forget(self);
    }
}

impl<M: CountMode> Drop for Charge<'_, '_, M> {
    #[inline]
    fn drop(&mut self) {
        self.budget.give(self.bytes);
    }
}

impl<M: CountMode> fmt::Debug for Budget<'_, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget")
            .field("limit", &self.limit)
            .field("used", &self.used())
            .field("peak", &self.peak())
            .finish_non_exhaustive()
    }
}
