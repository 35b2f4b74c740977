use core::marker::PhantomData;

use super::{Core, Half, LARGE, WatchOf};
use crate::cache::policy::{Id, NONE, Policy, Ranking, Watch};
use crate::cache::view::View;
use crate::cache::weight::Weigher;

impl<K, V, P: Policy, W: Weigher<K, V>> Core<K, V, P, W> {
    /// Whether an entry that comes in when there is no room takes the place of just one that leaves: all weigh the same, none leaves
    /// for another reason, and nothing else limits them.
    pub(crate) const TRADES: bool = W::UNIT && !WatchOf::<P>::EXPIRES && !P::Ranking::PAYS;

    /// Whether there are as many entries as there may be, and not more: as after a resize that could not evict.
    #[inline(always)]
    pub(crate) fn is_full(&self) -> bool {
        self.table.len() as u64 == self.capacity
    }

    /// Puts an entry in that is not there, if [that is so](Self::TRADES), for the one whose turn it is, which is given to the caller.
    ///
    /// The same as an eviction and an insertion, but nothing is said to be free in between.
    ///
    /// # Errors
    ///
    /// The entry comes back if none can leave.
    #[inline(always)]
    pub(crate) fn trade(&mut self, half: Half, key: K, value: V) -> Result<(Id, (K, V)), (K, V)> {
        let Some(id) = self.ranking.evict(view!(self), half.0) else { return Err((key, value)) };
        let gone = self.table.trade(id, half.0, key, value);
        // Its note says nothing.
        self.ranking.on_insert(view!(self), id, &Default::default());
        if self.table.len() >= LARGE {
            self.look_ahead();
        }
        Ok((id, gone))
    }

    /// Asks for the memory of what leaves next. The slot of the first was asked for some evictions ago, so that all of this waits for
    /// nothing.
    #[inline(always)]
    pub(super) fn look_ahead(&mut self) {
        let next = self.ranking.upcoming(view!(self));
        if next != NONE {
            self.table.fetch(self.table.half(next));
        }
    }
}
