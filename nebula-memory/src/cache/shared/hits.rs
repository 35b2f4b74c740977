use std::boxed::Box;

use super::cells::CellId;
use crate::cache::policy::Id;
use crate::sync::{AtomicU64, AtomicUsize, Ordering, thread_id};

/// Hits that a stripe takes.
const HITS: usize = if cfg!(loom) { 2 } else { 31 };

/// Hits that the ranking has not been told of, in their order, for each of some groups of threads.
///
/// Some are lost if two threads of a group write at once, or nobody has time for them: what a ranking loses by that is a bit of its
/// order. Nothing depends on what is in it, because who takes hits out looks whether the entry is still there.
pub(super) struct Hits(Box<[Stripe]>);

#[repr(align(128))]
struct Stripe {
    count: AtomicUsize,
    /// The entry, and its cell.
    hits: [AtomicU64; HITS],
}

impl Hits {
    /// So many stripes, a power of two.
    pub(super) fn new(stripes: usize) -> Self {
        let stripe =
            || Stripe { count: AtomicUsize::new(0), hits: core::array::from_fn(|_| AtomicU64::new(0)) };
        Self((0..stripes).map(|_| stripe()).collect())
    }

    /// Adds a hit; `false` if there is no room for it.
    #[inline]
    pub(super) fn push(&self, entry: Id, cell: CellId) -> bool {
        let mine = thread_id::current() as usize & (self.0.len() - 1);
        let Some(stripe) = self.0.get(mine) else { return true };
        let count = stripe.count.load(Ordering::Relaxed);
        let Some(hit) = stripe.hits.get(count) else { return false };
        hit.store(u64::from(entry) << 32 | u64::from(cell), Ordering::Relaxed);
        stripe.count.store(count + 1, Ordering::Release);
        true
    }

    /// Takes out all hits. Only for who has the lock.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "two halves")]
    pub(super) fn drain(&self, mut hit: impl FnMut(Id, CellId)) {
        for stripe in &self.0 {
            let count = stripe.count.load(Ordering::Acquire);
            if count > 0 {
                for word in &stripe.hits[..count.min(HITS)] {
                    let word = word.load(Ordering::Relaxed);
                    hit((word >> 32) as Id, word as CellId);
                }
                stripe.count.store(0, Ordering::Release);
            }
        }
    }
}
