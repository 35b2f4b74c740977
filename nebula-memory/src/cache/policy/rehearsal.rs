use alloc_crate::vec::Vec;

use super::{Id, Nodes, Ranking};

/// A ranking that is tried out: in which order entries would leave if nobody used them any more.
pub(crate) struct Rehearsal<R: Ranking> {
    ranking: R,
    nodes: Copies<R::Node>,
    /// Which ids are those of entries that have not left.
    there: Vec<bool>,
}

/// What stands beside the entries, by their ids.
struct Copies<N>(Vec<Seen<N>>);

/// What stands beside an entry.
#[derive(Clone, Copy, Default)]
pub(crate) struct Seen<N> {
    pub(crate) node: N,
    pub(crate) mark: u8,
    pub(crate) hash: u32,
    pub(crate) weight: u64,
}

impl<R: Ranking> Rehearsal<R> {
    /// A copy of a ranking, with what stands beside its entries.
    pub(crate) fn new(ranking: R, entries: impl IntoIterator<Item = (Id, Seen<R::Node>)>) -> Self {
        let (mut copies, mut there) = (Vec::new(), Vec::new());
        for (id, seen) in entries {
            let at = id as usize;
            if copies.len() <= at {
                copies.resize(at + 1, Seen::default());
                there.resize(at + 1, false);
            }
            (copies[at], there[at]) = (seen, true);
        }
        Self { ranking, nodes: Copies(copies), there }
    }

    /// The entries, that which leaves first in front; those that cannot leave at the end.
    pub(crate) fn order(mut self) -> Vec<Id> {
        let mut order = Vec::new();
        while let Some(id) = self.ranking.evict(&mut self.nodes, 0) {
            // No ranking names an entry twice. Should one do so, this has an end all the same.
            match self.there.get_mut(id as usize) {
                Some(there) if *there => *there = false,
                _ => break,
            }
            order.push(id);
        }
        order.extend((0..).zip(self.there).filter(|(_, there)| *there).map(|(id, _)| id));
        order
    }
}

impl<N> Nodes<N> for Copies<N> {
    fn node(&self, id: Id) -> &N {
        &self.0[id as usize].node
    }

    fn node_mut(&mut self, id: Id) -> &mut N {
        &mut self.0[id as usize].node
    }

    fn mark(&self, id: Id) -> u8 {
        self.0[id as usize].mark
    }

    fn set_mark(&mut self, id: Id, mark: u8) {
        self.0[id as usize].mark = mark;
    }

    fn hash(&self, id: Id) -> u32 {
        self.0[id as usize].hash
    }

    fn weight(&self, id: Id) -> u64 {
        self.0[id as usize].weight
    }
}
