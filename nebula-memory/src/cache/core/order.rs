//! All entries: as they stand in memory, and as they leave.

use super::{Core, SlotOf, TableOf};
use crate::cache::policy::Policy;
#[cfg(feature = "serde")]
use crate::cache::policy::{Id, Rehearsal, Seen};
use crate::cache::weight::Weigher;

impl<K, V, P: Policy, W: Weigher<K, V>> Core<K, V, P, W> {
    /// All slots, by id, full or not.
    pub(crate) fn slots_mut(&mut self) -> &mut [SlotOf<K, V, P>] {
        self.table.slots_mut().into_slice()
    }

    /// The entries, and who keeps them in order.
    pub(crate) fn parts(&self) -> (&TableOf<K, V, P>, &P::Ranking) {
        (&self.table, &self.ranking)
    }

    /// The entries in the order in which they would leave if nobody used them any more.
    #[cfg(feature = "serde")]
    pub(crate) fn order(&self) -> impl Iterator<Item = Id>
    where
        P::Ranking: Clone,
    {
        let seen = self.ids().filter(|&id| self.table.get(id).is_some()).map(|id| {
            let (node, mark) = (*self.table.node(id), self.table.mark(id));
            (id, Seen { node, mark, hash: self.table.half(id), weight: self.weight(id) })
        });
        Rehearsal::new(self.ranking.clone(), seen).order().into_iter()
    }
}
