use alloc_crate::vec::Vec;

use super::{
    Hit, Id, Lirs, List, MARKS, Nodes, Ranking, S3Queues, Tag, TinyLfuQueues, Unwatched, Watch, Wide,
    nodes::NONE,
};

/// Which policy an [`Expert`] has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Lru,
    Lirs,
    S3Fifo,
    TinyLfu,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::TinyLfu, Self::Lirs, Self::S3Fifo, Self::Lru];
}

/// One of the policies that [`Adaptive`](super::Adaptive) chooses from, over nodes that are the same for all.
#[derive(Clone, Debug)]
pub(crate) struct Expert {
    queues: Queues,
    capacity: u64,
}

#[derive(Clone, Debug)]
enum Queues {
    Lru(List),
    Lirs(Lirs),
    S3Fifo(S3Queues),
    TinyLfu(TinyLfuQueues),
}

impl Expert {
    pub(crate) fn new(kind: Kind, capacity: u64) -> Self {
        let queues = match kind {
            Kind::Lru => Queues::Lru(List::new()),
            Kind::Lirs => Queues::Lirs(Lirs::new(capacity)),
            Kind::S3Fifo => Queues::S3Fifo(S3Queues::new(capacity)),
            Kind::TinyLfu => Queues::TinyLfu(TinyLfuQueues::new(capacity, None)),
        };
        Self { queues, capacity }
    }

    /// Which one it is.
    pub(crate) fn kind(&self) -> Kind {
        match &self.queues {
            Queues::Lru(_) => Kind::Lru,
            Queues::Lirs(_) => Kind::Lirs,
            Queues::S3Fifo(_) => Kind::S3Fifo,
            Queues::TinyLfu(_) => Kind::TinyLfu,
        }
    }

    /// The entry was used at this time, which counts around: notes that where [`entries`](Self::entries) needs it.
    #[inline]
    pub(crate) fn stamp(&self, nodes: &mut impl Nodes<Wide>, id: Id, now: u32) {
        if !matches!(self.queues, Queues::Lirs(_)) {
            nodes.node_mut(id).set_rest(now);
        }
    }

    /// All entries, those that were used last at the end, and whether they have proven their worth.
    pub(crate) fn entries(&self, nodes: &mut impl Nodes<Wide>, now: u32) -> Vec<(Id, bool)> {
        let mut all = Vec::new();
        let lists: &[&List] = match &self.queues {
            Queues::Lirs(lirs) => {
                lirs.entries(nodes, |id, worth| all.push((id, worth)));
                return all;
            }
            Queues::Lru(list) => &[list],
            Queues::S3Fifo(queues) => &queues.lists(),
            Queues::TinyLfu(queues) => &queues.lists(),
        };
        for list in lists {
            let mut next = list.back();
            while let Some(id) = next {
                let links = nodes.node(id).links;
                all.push((id, nodes.node(id).tag() != 0 || nodes.mark(id) > 0));
                next = Some(links.prev).filter(|&id| id != NONE);
            }
        }
        all.sort_unstable_by_key(|&(id, _)| {
            u32::MAX - (now.wrapping_sub(nodes.node(id).rest()) & (u32::MAX >> 2))
        });
        all
    }
}

macro_rules! each {
    ($self:ident, $queues:ident => $call:expr, $list:ident => $lru:expr) => {
        match &mut $self.queues {
            Queues::Lru($list) => $lru,
            Queues::Lirs($queues) => $call,
            Queues::S3Fifo($queues) => $call,
            Queues::TinyLfu($queues) => $call,
        }
    };
}

impl Ranking for Expert {
    const HIT: Hit = Hit::Order;
    type Node = Wide;
    type Watch = Unwatched;

    fn watch(&self) -> Unwatched {
        Unwatched
    }

    #[inline]
    fn on_hit(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        match &mut self.queues {
            Queues::Lru(list) => list.move_to_front(nodes, id),
            Queues::Lirs(lirs) => lirs.on_hit(nodes, id),
            Queues::S3Fifo(_) => nodes.set_mark(id, (nodes.mark(id) + 1).min(MARKS)),
            Queues::TinyLfu(queues) => queues.on_hit(nodes, id),
        }
    }

    #[inline]
    fn on_insert(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, (): &<Unwatched as Watch>::Note) {
        each!(self, queues => queues.on_insert(nodes, id), list => {
            nodes.node_mut(id).set_tag(0);
            list.push_front(nodes, id);
        });
    }

    fn on_weight(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, before: u64) {
        each!(self, queues => queues.on_weight(nodes, id, before), list => list.reweigh(before, nodes.weight(id)));
    }

    fn on_remove(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        each!(self, queues => queues.on_remove(nodes, id), list => list.remove(nodes, id));
    }

    #[inline]
    fn evict(&mut self, nodes: &mut impl Nodes<Wide>, _: u32) -> Option<Id> {
        each!(self, queues => queues.evict(nodes), list => list.pop_back(nodes))
    }

    fn resize(&mut self, nodes: &mut impl Nodes<Wide>, capacity: u64) {
        self.capacity = capacity;
        match &mut self.queues {
            Queues::Lru(_) => {}
            Queues::Lirs(lirs) => lirs.resize(nodes, capacity),
            Queues::S3Fifo(queues) => queues.resize(capacity),
            Queues::TinyLfu(queues) => queues.resize(nodes, capacity),
        }
    }

    fn clear(&mut self) {
        *self = Self::new(self.kind(), self.capacity);
    }
}

#[cfg(test)]
impl Expert {
    /// How many entries there are, if everything is as it should be.
    pub(crate) fn validate(&mut self, nodes: &mut impl Nodes<Wide>) -> usize {
        match &mut self.queues {
            Queues::Lru(list) => list.validate(nodes).len(),
            Queues::Lirs(lirs) => lirs.validate(nodes),
            Queues::S3Fifo(queues) => queues.validate(nodes),
            Queues::TinyLfu(queues) => queues.validate(nodes),
        }
    }
}
