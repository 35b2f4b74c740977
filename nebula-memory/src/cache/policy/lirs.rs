use super::{Dated, Id, List, Nodes, Tag, Wide, wide::age};

/// Two kinds of entries: those that were used twice within a short time (LIR), which have nearly all of the capacity and stay, and
/// the others (HIR), which share a small queue.
///
/// The time between the last two uses of an entry is short if it was used after the LIR entry whose last use is the longest ago. An
/// entry that is used again after such a time becomes a LIR one, even if it has gone in the meantime, and the one whose last use is
/// the longest ago takes its place among the others. The paper has all this in one stack of LIR entries, HIR entries and ghosts in
/// the order of their last uses, whose last entry is a LIR one: whether something is in the stack is the same as whether it was used
/// after that one, so that the times of the last uses say all that the stack would.
///
/// Song Jiang, Xiaodong Zhang: LIRS: An Efficient Low Inter-reference Recency Set Replacement Policy to Improve Buffer Cache
/// Performance, SIGMETRICS 2002.
#[derive(Clone, Debug)]
pub(crate) struct Lirs {
    /// The LIR entries by their last use.
    low: List,
    /// The HIR entries by their last use since they are that.
    queue: List,
    ghosts: Dated,
    /// What the LIR entries may weigh.
    share: u64,
    /// Entries.
    len: u32,
}

/// Tags.
pub(super) const LIR: u8 = 0;
const HIR: u8 = 1;
/// Ghosts for each entry.
const GHOSTS: usize = 2;

impl Lirs {
    pub(crate) fn new(capacity: u64) -> Self {
        let (low, queue) = (List::new(), List::new());
        Self { low, queue, ghosts: Dated::default(), share: Self::share(capacity), len: 0 }
    }

    /// All but a twentieth, and at least 1, for LIR entries.
    fn share(capacity: u64) -> u64 {
        (capacity - capacity.div_ceil(20)).max(1)
    }

    /// Whether a use at that time was after that of some LIR entry.
    #[inline]
    fn is_recent(&self, nodes: &impl Nodes<Wide>, time: u16, now: u16) -> bool {
        self.low.back().is_some_and(|last| age(time, now) < age(nodes.node(last).time(), now))
    }

    /// What is too much of the LIR entries are HIR ones from now on.
    #[inline]
    fn trim(&mut self, nodes: &mut impl Nodes<Wide>) {
        while self.low.weight() > self.share
            && let Some(id) = self.low.pop_back(nodes)
        {
            nodes.node_mut(id).set_tag(HIR);
            self.queue.push_front(nodes, id);
        }
    }

    #[inline]
    fn push_low(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        nodes.node_mut(id).set_tag(LIR);
        self.low.push_front(nodes, id);
        self.trim(nodes);
    }

    /// The entry is used, for the last time at that which its node has.
    #[inline]
    pub(crate) fn on_hit(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, now: u16) {
        let node = *nodes.node(id);
        if node.tag() == LIR {
            self.low.move_to_front(nodes, id);
        } else if self.is_recent(nodes, node.time(), now) {
            self.queue.remove(nodes, id);
            // Before others are, it is the last to become a HIR one again.
            nodes.node_mut(id).set_time(now);
            self.push_low(nodes, id);
        } else {
            self.queue.move_to_front(nodes, id);
        }
    }

    #[inline]
    pub(crate) fn on_insert(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, now: u16) {
        self.len += 1;
        let ghost = self.ghosts.take(nodes.hash(id));
        let is_recent = ghost.is_some_and(|time| self.is_recent(nodes, time, now));
        if is_recent || self.low.weight() + nodes.weight(id) <= self.share {
            self.push_low(nodes, id);
        } else {
            nodes.node_mut(id).set_tag(HIR);
            self.queue.push_front(nodes, id);
        }
    }

    /// An entry comes in behind all others. What has proven its worth is a LIR one as long as there is room, and so is the rest
    /// if it leaves room to what has and comes later.
    pub(crate) fn adopt(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, worth: bool, later: u64) {
        self.len += 1;
        let later = if worth { 0 } else { later };
        if self.low.weight().saturating_add(later) + nodes.weight(id) <= self.share {
            self.low.push_back_as(nodes, id, LIR);
        } else {
            self.queue.push_back_as(nodes, id, HIR);
        }
    }

    fn list<N: Nodes<Wide>>(&mut self, nodes: &N, id: Id) -> &mut List {
        if nodes.node(id).tag() == LIR { &mut self.low } else { &mut self.queue }
    }

    pub(crate) fn on_weight(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, before: u64) {
        self.list(nodes, id).reweigh(before, nodes.weight(id));
        self.trim(nodes);
    }

    pub(crate) fn on_remove(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        self.len -= 1;
        self.list(nodes, id).remove(nodes, id);
    }

    #[inline]
    pub(crate) fn evict(&mut self, nodes: &mut impl Nodes<Wide>, now: u16) -> Option<Id> {
        let id = self.queue.pop_back(nodes).or_else(|| self.low.pop_back(nodes))?;
        let time = nodes.node(id).time();
        if self.is_recent(nodes, time, now) {
            self.ghosts.fit(GHOSTS * self.len as usize);
            self.ghosts.push(nodes.hash(id), time);
        }
        self.len -= 1;
        Some(id)
    }

    pub(crate) fn resize(&mut self, nodes: &mut impl Nodes<Wide>, capacity: u64) {
        self.share = Self::share(capacity);
        self.trim(nodes);
    }

    /// All lists: LIR entries are in the first.
    pub(crate) fn lists(&self) -> [&List; 2] {
        [&self.low, &self.queue]
    }
}

#[cfg(test)]
impl Lirs {
    /// How many entries there are, if everything is as it should be.
    pub(crate) fn validate(&self, nodes: &impl Nodes<Wide>) -> usize {
        let (low, queue) = (self.low.validate(nodes), self.queue.validate(nodes));
        assert!(low.iter().all(|&id| nodes.node(id).tag() == LIR));
        assert!(queue.iter().all(|&id| nodes.node(id).tag() == HIR));
        assert!(self.low.weight() <= self.share);
        assert_eq!(self.len as usize, low.len() + queue.len());
        self.len as usize
    }
}
