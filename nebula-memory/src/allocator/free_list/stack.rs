use crate::sync::{AtomicU64, Backoff, Ordering};

/// Where the links of slots are: one word beside each slot, always the same one.
///
/// Words are zero at the start.
pub(super) trait Links {
    /// A number above every index; of all links, and at least one.
    const END: u32;

    /// The word beside the slot of this index, which was handed out before or is handed out now.
    fn link(&self, slot: u32) -> &AtomicU64;
}

/// Which indices are free: a lock-free stack (Treiber, *Systems programming: coping
/// with parallelism*, 1986) of indices, with a tag against ABA.
///
/// Links are stored as their difference to what they are if slot `i` is followed by `i + 1` and all below [`Links::END`] are
/// free, so that zeros are a full stack.
///
/// The head holds the top slot and a tag that counts pops; a link holds what follows a slot and how many
/// slots are free from it on. Only pops need to count: for a head to be the same again after it was
/// changed, its slot must have been popped. The tag has all bits of the word that the slot does not need: of a
/// pool of a thousand slots it comes round after 2^53 pops within one attempt of one thread.
pub(super) struct Stack {
    head: AtomicU64,
}

/// What stands below a slot: the next slot (or the end), and how many are free including this one.
#[derive(Clone, Copy)]
struct Link {
    next: u32,
    free: u32,
}

const fn pack(high: u32, low: u32) -> u64 {
    (high as u64) << 32 | low as u64
}

#[expect(clippy::cast_possible_truncation, reason = "the halves of the word")]
const fn unpack(word: u64) -> (u32, u32) {
    ((word >> 32) as u32, word as u32)
}

/// The bits of the head that hold a slot, or the end; above them is the tag.
const fn slot_bits<L: Links>() -> u64 {
    (u32::MAX >> L::END.leading_zeros()) as u64
}

/// The slot at the top, or the end.
#[expect(clippy::cast_possible_truncation, reason = "masked to what fits")]
fn top<L: Links>(head: u64) -> u32 {
    (head & slot_bits::<L>()) as u32
}

/// The same head with another slot at the top.
fn with_top<L: Links>(head: u64, slot: u32) -> u64 {
    head & !slot_bits::<L>() | u64::from(slot)
}

/// Of a link whose slot may be in use by now the answer is stale; the caller's next step on the head
/// fails then.
fn link<L: Links>(links: &L, slot: u32) -> Link {
    let (free, next) = unpack(links.link(slot).load(Ordering::Relaxed));
    Link { next: next.wrapping_add(slot).wrapping_add(1), free: free.wrapping_add(L::END).wrapping_sub(slot) }
}

fn set_link<L: Links>(links: &L, slot: u32, link: Link) {
    let free = link.free.wrapping_sub(L::END).wrapping_add(slot);
    let next = link.next.wrapping_sub(slot).wrapping_sub(1);
    links.link(slot).store(pack(free, next), Ordering::Relaxed);
}

fn free_from<L: Links>(links: &L, slot: u32) -> u32 {
    if slot >= L::END { 0 } else { link(links, slot).free }
}

impl Stack {
    /// All slots free.
    #[cfg(not(loom))]
    #[expect(clippy::declare_interior_mutable_const, reason = "an initial value, copied into each new pool")]
    pub(super) const FULL: Self = Self { head: AtomicU64::new(0) };

    /// All slots free.
    #[cfg(loom)]
    pub(super) fn full() -> Self {
        Self { head: AtomicU64::new(0) }
    }

    /// No slot free.
    #[cfg(all(not(loom), feature = "std"))]
    pub(super) const fn empty<L: Links>() -> Self {
        Self { head: AtomicU64::new(L::END as u64) }
    }

    /// No slot free.
    #[cfg(all(loom, feature = "std"))]
    pub(super) fn empty<L: Links>() -> Self {
        Self { head: AtomicU64::new(u64::from(L::END)) }
    }

    /// Takes a free index. It leaves the list only by the compare-exchange here, which succeeds for one thread, and
    /// only if the head, tag included, is what the link was read under; so the link was the index's.
    #[inline]
    pub(super) fn pop<L: Links>(&self, links: &L) -> Option<u32> {
        let mut backoff = Backoff::new();
        // Acquire pairs with the release in `push`: the link of the slot is seen, and all that its former
        // owner did with it has happened.
        let mut head = self.head.load(Ordering::Acquire);
        loop {
            let slot = top::<L>(head);
            if slot >= L::END {
                return None;
            }
            let below = with_top::<L>(head, link(links, slot).next).wrapping_add(slot_bits::<L>() + 1);
            match self.head.compare_exchange_weak(head, below, Ordering::Acquire, Ordering::Acquire) {
                Ok(_) => return Some(slot),
                Err(now) => head = now,
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
        let mut backoff = Backoff::new();
        let mut head = self.head.load(Ordering::Acquire);
        loop {
            let top = top::<L>(head);
            set_link(links, slot, Link { next: top, free: free_from(links, top) + 1 });
            let pushed = with_top::<L>(head, slot);
            match self.head.compare_exchange_weak(head, pushed, Ordering::Release, Ordering::Acquire) {
                Ok(_) => return,
                Err(now) => head = now,
            }
            backoff.wait();
        }
    }

    /// How many indices are free.
    pub(super) fn available<L: Links>(&self, links: &L) -> usize {
        let mut head = self.head.load(Ordering::Acquire);
        loop {
            let free = free_from(links, top::<L>(head));
            // The count belongs to this head only if the head is still there.
            match self.head.load(Ordering::Acquire) {
                now if now == head => return free as usize,
                now => head = now,
            }
        }
    }
}
