use crate::sync::{AtomicU32, AtomicU64, Backoff, Ordering};

/// Where the links of slots are: one word beside each slot, always the same one, zero at the start.
pub(super) trait Links {
    /// A number above every index, and at least one.
    const END: u32;

    /// The word beside the slot of this index, which was handed out before, or is from the start.
    fn link(&self, slot: u32) -> &AtomicU32;
}

/// Which indices are free: a lock-free stack (Treiber, *Systems programming: coping
/// with parallelism*, 1986) of indices, with a tag against ABA. One or many move with one step on its head.
///
/// Links are stored as their difference to what they are at the start (slot `i` is followed by `i + 1`, and all are free), so that
/// zeros are a full stack.
///
/// The head holds the top slot, a tag that counts pops, and, if there is room for it, how many slots are not in the stack;
/// of more than 65 535 slots that number is beside the head. Only pops need to count: for a head to be the same again after
/// it was changed, its slot must have been popped. The tag has all bits of the word that the others do not need, at
/// least 32: of a pool of a thousand slots it comes round after 2^42 pops within one attempt of one thread.
pub(super) struct Stack {
    head: AtomicU64,
    /// How many slots are not in the stack, if the head has no room for it.
    used: AtomicU32,
}

/// What the head says. Links say what stands below a slot: the next one, or the end.
struct Head<L>(u64, core::marker::PhantomData<L>);

impl<L: Links> Head<L> {
    const BITS: u32 = u32::BITS - L::END.leading_zeros();
    const MASK: u64 = (1 << Self::BITS) - 1;
    const COUNTS: bool = Self::BITS <= 16;
    const TAG: u64 = 1 << if Self::COUNTS { 2 * Self::BITS } else { Self::BITS };

    const fn new(word: u64) -> Self {
        Self(word, core::marker::PhantomData)
    }

    #[expect(clippy::cast_possible_truncation, reason = "masked to what fits")]
    fn top(&self) -> u32 {
        (self.0 & Self::MASK) as u32
    }

    #[expect(clippy::cast_possible_truncation, reason = "masked to what fits")]
    fn used(&self) -> u32 {
        (self.0 >> Self::BITS & Self::MASK) as u32
    }

    fn with_top(&self, slot: u32) -> u64 {
        self.0 & !Self::MASK | u64::from(slot)
    }

    /// The head when `count` slots have gone from the top and `slot` is below them.
    fn popped(&self, slot: u32, count: u32) -> u64 {
        let count = if Self::COUNTS { u64::from(count) << Self::BITS } else { 0 };
        // The tag is at the top of the word: it wraps by itself.
        (self.with_top(slot) + count).wrapping_add(Self::TAG)
    }

    /// The head when `count` slots have come, `slot` the last of them.
    fn pushed(&self, slot: u32, count: u32) -> u64 {
        let count = if Self::COUNTS { u64::from(count) << Self::BITS } else { 0 };
        self.with_top(slot) - count
    }
}

/// Of a slot that is in use by now the answer is stale; the caller's next step on the head fails then.
#[inline]
fn below<L: Links>(links: &L, slot: u32) -> u32 {
    // Acquire: whoever goes on to the slot below has to find its link, which is new if the slot is.
    links.link(slot).load(Ordering::Acquire).wrapping_add(slot).wrapping_add(1)
}

#[inline]
fn put_on<L: Links>(links: &L, slot: u32, below: u32) {
    links.link(slot).store(below.wrapping_sub(slot).wrapping_sub(1), Ordering::Release);
}

impl Stack {
    /// All slots free.
    #[cfg(not(loom))]
    #[expect(clippy::declare_interior_mutable_const, reason = "an initial value, copied into each new pool")]
    pub(super) const FULL: Self = Self { head: AtomicU64::new(0), used: AtomicU32::new(0) };

    /// All slots free.
    #[cfg(loom)]
    pub(super) fn full() -> Self {
        Self { head: AtomicU64::new(0), used: AtomicU32::new(0) }
    }

    /// No slot free.
    #[cfg(all(not(loom), feature = "std"))]
    pub(super) const fn empty<L: Links>() -> Self {
        Self { head: AtomicU64::new(Self::empty_head::<L>()), used: AtomicU32::new(L::END) }
    }

    /// No slot free.
    #[cfg(all(loom, feature = "std"))]
    pub(super) fn empty<L: Links>() -> Self {
        Self { head: AtomicU64::new(Self::empty_head::<L>()), used: AtomicU32::new(L::END) }
    }

    #[cfg(feature = "std")]
    const fn empty_head<L: Links>() -> u64 {
        let end = L::END as u64;
        end | if Head::<L>::COUNTS { end << Head::<L>::BITS } else { 0 }
    }

    /// The head as it is: if it is the same again, nothing has been popped meanwhile, and if it is empty, nothing pushed either.
    #[cfg(feature = "std")]
    pub(super) fn state(&self) -> u64 {
        self.head.load(Ordering::Acquire)
    }

    /// Whether a stack in this state is empty.
    #[cfg(feature = "std")]
    pub(super) fn is_empty<L: Links>(state: u64) -> bool {
        Head::<L>::new(state).top() >= L::END
    }

    /// Takes a free index.
    #[inline]
    pub(super) fn pop<L: Links>(&self, links: &L) -> Option<u32> {
        let mut taken = L::END;
        (self.pop_many(links, 1, |_, slot| taken = slot) == 1).then_some(taken)
    }

    /// Takes up to `most` free indices in one step, and says how many. They are shown to `each` with their number, the last
    /// free one first; if that has to be done again, then from the start.
    ///
    /// They leave the list only by the compare-exchange here, which succeeds for one thread, and only if the head,
    /// tag included, is what the links were read under; so the links were those of the indices.
    #[inline]
    pub(super) fn pop_many<L: Links>(&self, links: &L, most: u32, mut each: impl FnMut(u32, u32)) -> u32 {
        let mut backoff = Backoff::new();
        // Acquire pairs with the release in `push`: the link of the slot is seen, and all that its former
        // owner did with it has happened.
        let mut head = Head::<L>::new(self.head.load(Ordering::Acquire));
        loop {
            let mut slot = head.top();
            let mut count = 0;
            while count < most && slot < L::END {
                each(count, slot);
                slot = below(links, slot);
                count += 1;
            }
            if count == 0 {
                return 0;
            }
            let popped = head.popped(slot, count);
            // Release: whoever finds the stack empty finds out what was done before (a lock was taken).
            match self.head.compare_exchange_weak(head.0, popped, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => {
                    if !Head::<L>::COUNTS {
                        self.used.fetch_add(count, Ordering::Relaxed);
                    }
                    return count;
                }
                Err(now) => head = Head::new(now),
            }
            backoff.wait();
        }
    }

    /// Gives an index back.
    ///
    /// # Safety
    /// It was handed out, by `pop` or as a new one, was not pushed since, and nobody uses its slot any more.
    #[inline]
    pub(super) unsafe fn push<L: Links>(&self, links: &L, slot: u32) {
        // SAFETY: the caller's promise.
        unsafe { self.push_chain(links, slot, slot, 1) };
    }

    /// Gives indices back in one step, the last one to be the first that is taken; at least one.
    ///
    /// # Safety
    /// As for `push`, each.
    #[cfg(feature = "std")]
    pub(super) unsafe fn push_many<L: Links>(&self, links: &L, count: u32, slot: impl Fn(u32) -> u32) {
        let last = slot(0);
        let mut first = last;
        for number in 1..count {
            let above = slot(number);
            put_on(links, above, first);
            first = above;
        }
        // SAFETY: the caller's promise; linked just above.
        unsafe { self.push_chain(links, first, last, count) };
    }

    /// # Safety
    /// As for `push`, each of the `count` slots that are linked from `first` to `last`.
    #[inline]
    unsafe fn push_chain<L: Links>(&self, links: &L, first: u32, last: u32, count: u32) {
        let mut backoff = Backoff::new();
        let mut head = Head::<L>::new(self.head.load(Ordering::Relaxed));
        loop {
            put_on(links, last, head.top());
            let pushed = head.pushed(first, count);
            // Acquire pairs with nothing; release with the acquire in `pop_many`, also through pushes that come after.
            match self.head.compare_exchange_weak(head.0, pushed, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => {
                    if !Head::<L>::COUNTS {
                        self.used.fetch_sub(count, Ordering::Relaxed);
                    }
                    return;
                }
                Err(now) => head = Head::new(now),
            }
            backoff.wait();
        }
    }

    /// How many indices are free. Exact at some moment of the call if the head counts, else if nobody changes it meanwhile.
    pub(super) fn available<L: Links>(&self) -> usize {
        let used = if Head::<L>::COUNTS {
            Head::<L>::new(self.head.load(Ordering::Acquire)).used()
        } else {
            // Who counts after the step may be late, and what is given back be counted before it was taken.
            let used = self.used.load(Ordering::Relaxed);
            if used > L::END { 0 } else { used }
        };
        (L::END - used) as usize
    }
}
