use alloc_crate::collections::VecDeque;

use super::{Hashes, Id, Linked, Links, List, Nodes, Tag, Wide, nodes::NONE, wide::NO_REST};

/// Two kinds of entries: those that were used twice within a short time (LIR), which have nearly all of the capacity and stay, and
/// the others (HIR), which share a small queue.
///
/// A stack has all LIR entries, and whatever was used after the LIR entry whose use is the longest ago, ghosts included: what is
/// used while it is in the stack was used twice within a shorter time than that one, and takes its place. Of HIR entries and ghosts
/// it is a *place* of its own that stands in the stack, since a HIR entry stands in the queue as well.
///
/// Song Jiang, Xiaodong Zhang: LIRS: An Efficient Low Inter-reference Recency Set Replacement Policy to Improve Buffer Cache
/// Performance, SIGMETRICS 2002.
#[derive(Clone, Debug)]
pub(crate) struct Lirs {
    stack: List,
    queue: List,
    places: Hashes<Links, Id>,
    /// Places of ghosts by the time at which they became that, and of what was one. The oldest first.
    ghosts: VecDeque<Id>,
    /// What the LIR entries weigh, and may weigh.
    low: u64,
    low_share: u64,
    /// Entries.
    len: u32,
}

/// Tags. The rest of a HIR entry is its place in the stack, [`NO_REST`] if it is not there.
const LIR: u8 = 0;
const HIR: u8 = 1;
/// In the stack, places have this bit, entries have not.
const PLACE: u32 = 1 << 31;
/// Places of ghosts that are ghosts no longer.
const DEAD: u8 = 1;

/// Stack links, of entries and of places.
struct Stacked<'a, M> {
    nodes: &'a mut M,
    places: &'a mut Hashes<Links, Id>,
}

impl<M: Nodes<Wide>> Nodes<Links> for Stacked<'_, M> {
    fn node(&self, id: Id) -> &Links {
        if id & PLACE == 0 { &self.nodes.node(id).links } else { self.places.node(id & !PLACE) }
    }

    #[inline]
    fn node_mut(&mut self, id: Id) -> &mut Links {
        if id & PLACE == 0 { self.nodes.node_mut(id).links() } else { self.places.node_mut(id & !PLACE) }
    }

    fn mark(&self, _: Id) -> u8 {
        0
    }

    fn set_mark(&mut self, _: Id, _: u8) {}

    fn hash(&self, _: Id) -> u32 {
        0
    }

    /// Nobody asks what the stack weighs.
    fn weight(&self, _: Id) -> u64 {
        1
    }
}

macro_rules! stacked {
    ($self:ident, $nodes:ident) => {
        &mut Stacked { nodes: &mut *$nodes, places: &mut $self.places }
    };
}

impl Lirs {
    pub(crate) fn new(capacity: u64) -> Self {
        let mut lirs = Self {
            stack: List::new(),
            queue: List::new(),
            places: Hashes::new(),
            ghosts: VecDeque::new(),
            low: 0,
            low_share: 0,
            len: 0,
        };
        lirs.set_capacity(capacity);
        lirs
    }

    /// All but a twentieth for LIR entries, at least 1 for the others.
    fn set_capacity(&mut self, capacity: u64) {
        self.low_share = (capacity - capacity.div_ceil(20)).max(1);
    }

    /// As many ghosts as that.
    fn most_ghosts(&self) -> usize {
        2 * self.len as usize
    }

    /// What is under the last LIR entry of the stack leaves it.
    #[inline]
    fn prune(&mut self, nodes: &mut impl Nodes<Wide>) {
        while let Some(id) = self.stack.back() {
            if id & PLACE == 0 {
                return;
            }
            self.leave(nodes, id & !PLACE);
        }
    }

    /// A place leaves the stack, a ghost for good.
    fn leave(&mut self, nodes: &mut impl Nodes<Wide>, place: Id) {
        self.stack.remove(stacked!(self, nodes), place | PLACE);
        let slot = &mut self.places.slots[place as usize];
        if slot.note == NONE {
            slot.mark = DEAD;
        } else {
            nodes.node_mut(slot.note).set_rest(NO_REST);
            self.places.remove(place);
        }
    }

    /// The LIR entry whose use is the longest ago is a HIR entry from now on; whether there was one.
    fn demote(&mut self, nodes: &mut impl Nodes<Wide>) -> bool {
        self.prune(nodes);
        let Some(id) = self.stack.back() else { return false };
        self.stack.remove(stacked!(self, nodes), id);
        self.low -= nodes.weight(id);
        self.push_queue(nodes, id, NO_REST);
        self.prune(nodes);
        true
    }

    fn demote_excess(&mut self, nodes: &mut impl Nodes<Wide>) {
        while self.low > self.low_share && self.demote(nodes) {}
    }

    #[inline]
    fn push_low(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        nodes.node_mut(id).set_tag(LIR);
        self.low += nodes.weight(id);
        self.stack.push_front(stacked!(self, nodes), id);
        self.demote_excess(nodes);
    }

    #[inline]
    fn push_queue(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, place: Id) {
        nodes.node_mut(id).set_tag(HIR);
        nodes.node_mut(id).set_rest(place);
        self.queue.push_front(nodes, id);
    }

    /// A place for a HIR entry, in front of the stack.
    #[inline]
    fn new_place(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) -> Id {
        let place = self.places.insert(nodes.hash(id), 1);
        self.places.slots[place as usize].note = id;
        self.stack.push_front(stacked!(self, nodes), place | PLACE);
        place
    }

    #[inline]
    pub(crate) fn on_hit(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        let node = *nodes.node(id);
        if node.tag() == LIR {
            self.stack.move_to_front(stacked!(self, nodes), id);
        } else if node.rest() == NO_REST {
            self.queue.move_to_front(nodes, id);
            let place = self.new_place(nodes, id);
            nodes.node_mut(id).set_rest(place);
        } else {
            self.leave(nodes, node.rest());
            self.queue.remove(nodes, id);
            self.push_low(nodes, id);
        }
        self.prune(nodes);
    }

    #[inline]
    pub(crate) fn on_insert(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        self.len += 1;
        let hash = nodes.hash(id);
        // Of places with the same hash, the newest is found.
        let ghost = self.places.find(hash);
        let ghost = ghost.filter(|&place| {
            let slot = &self.places.slots[place as usize];
            slot.note == NONE && slot.mark != DEAD
        });
        if let Some(place) = ghost {
            self.leave(nodes, place);
        }
        if ghost.is_some() || self.low + nodes.weight(id) <= self.low_share {
            self.push_low(nodes, id);
        } else {
            let place = self.new_place(nodes, id);
            self.push_queue(nodes, id, place);
        }
        self.prune(nodes);
    }

    pub(crate) fn on_weight(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, before: u64) {
        if nodes.node(id).tag() == LIR {
            self.low = self.low - before + nodes.weight(id);
            self.demote_excess(nodes);
        } else {
            self.queue.reweigh(before, nodes.weight(id));
        }
    }

    pub(crate) fn on_remove(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        self.len -= 1;
        let node = *nodes.node(id);
        if node.tag() == LIR {
            self.low -= nodes.weight(id);
            self.stack.remove(stacked!(self, nodes), id);
        } else {
            self.queue.remove(nodes, id);
            if node.rest() != NO_REST {
                self.leave(nodes, node.rest());
            }
        }
        self.prune(nodes);
    }

    #[inline]
    pub(crate) fn evict(&mut self, nodes: &mut impl Nodes<Wide>) -> Option<Id> {
        if self.queue.is_empty() {
            self.demote(nodes);
        }
        let id = self.queue.pop_back(nodes)?;
        let place = nodes.node(id).rest();
        if place != NO_REST {
            self.places.slots[place as usize].note = NONE;
            self.ghosts.push_back(place);
            self.drop_ghosts(nodes);
            self.prune(nodes);
        }
        self.len -= 1;
        Some(id)
    }

    /// So many ghosts are enough.
    #[inline]
    fn drop_ghosts(&mut self, nodes: &mut impl Nodes<Wide>) {
        while self.ghosts.len() > self.most_ghosts() {
            let Some(place) = self.ghosts.pop_front() else { return };
            if self.places.slots[place as usize].mark != DEAD {
                self.leave(nodes, place);
            }
            self.places.remove(place);
        }
    }

    pub(crate) fn resize(&mut self, nodes: &mut impl Nodes<Wide>, capacity: u64) {
        self.set_capacity(capacity);
        self.demote_excess(nodes);
    }

    /// All entries by their last use, as far as it is known: the oldest first.
    pub(crate) fn entries(&self, nodes: &mut impl Nodes<Wide>, mut each: impl FnMut(Id, bool)) {
        let mut next = self.queue.back();
        while let Some(id) = next {
            let node = nodes.node(id);
            if node.rest() == NO_REST {
                each(id, false);
            }
            next = Some(node.links.prev).filter(|&id| id != NONE);
        }
        let mut next = self.stack.back();
        while let Some(id) = next {
            let links = if id & PLACE == 0 {
                each(id, true);
                nodes.node(id).links
            } else {
                let slot = &self.places.slots[(id & !PLACE) as usize];
                if slot.note != NONE {
                    each(slot.note, false);
                }
                slot.node
            };
            next = Some(links.prev).filter(|&id| id != NONE);
        }
    }
}

#[cfg(test)]
impl Lirs {
    /// How many entries there are, if everything is as it should be.
    pub(crate) fn validate(&mut self, nodes: &mut impl Nodes<Wide>) -> usize {
        let queue = self.queue.validate(nodes);
        let stack = self.stack.validate(stacked!(self, nodes));
        let (stacked, low): (alloc_crate::vec::Vec<Id>, alloc_crate::vec::Vec<Id>) =
            stack.iter().partition(|&id| id & PLACE != 0);
        assert!(queue.iter().all(|&id| nodes.node(id).tag() == HIR));
        assert!(low.iter().all(|&id| nodes.node(id).tag() == LIR));
        assert_eq!(self.low, low.iter().map(|&id| nodes.weight(id)).sum::<u64>());
        assert!(
            stack.first().is_none_or(|bottom| bottom & PLACE == 0),
            "nothing is under the last LIR entry"
        );
        let mut without = queue.iter().filter(|&&id| nodes.node(id).rest() != NO_REST).count();
        for place in stacked.iter().map(|place| place & !PLACE) {
            let slot = &self.places.slots[place as usize];
            if slot.note == NONE {
                assert!(slot.mark != DEAD && self.ghosts.contains(&place));
            } else {
                assert_eq!(nodes.node(slot.note).rest(), place);
                without -= 1;
            }
        }
        assert_eq!(without, 0, "each has its entry");
        let dead =
            self.ghosts.iter().filter(|&&place| self.places.slots[place as usize].mark == DEAD).count();
        assert_eq!(self.places.len, stacked.len() + dead);
        assert_eq!(self.len as usize, queue.len() + low.len());
        self.len as usize
    }
}
