use core::cmp::Reverse;

use alloc_crate::vec::Vec;

use super::{
    Hit, Id, Linked, Lirs, List, MARKS, Nodes, Ranking, S3Queues, Tag, TinyLfuQueues, Unwatched, Watch, Wide,
    lirs::LIR, nodes::NONE, s3_fifo::MAIN, w_tiny_lfu::PROTECTED, wide::age,
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
    /// Entries.
    len: u32,
    /// The time, which counts around, in parts of that in which as many requests come as there are entries; and requests until it
    /// goes on.
    now: u16,
    requests: u32,
}

/// Parts of the time in which as many requests come as there are entries: times of 16 bits are of the last 64 such.
const PARTS: u32 = 1024;

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
        Self { queues, capacity, len: 0, now: 0, requests: 0 }
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

    /// How many entries there are.
    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    /// A request more.
    #[inline(always)]
    fn pass(&mut self) {
        if self.requests == 0 {
            self.requests = self.len / PARTS;
            self.now = self.now.wrapping_add(1);
        } else {
            self.requests -= 1;
        }
    }

    /// All entries, those that were used last at the end, and whether they have proven their worth.
    pub(crate) fn entries(&self, nodes: &impl Nodes<Wide>) -> Vec<(Id, bool)> {
        let mut all = Vec::new();
        // The tag of those that have, besides those that have a mark.
        let (lists, worthy): (&[&List], _) = match &self.queues {
            Queues::Lru(list) => (&[list], None),
            Queues::Lirs(lirs) => (&lirs.lists(), Some(LIR)),
            Queues::S3Fifo(queues) => (&queues.lists(), Some(MAIN)),
            Queues::TinyLfu(queues) => (&queues.lists(), Some(PROTECTED)),
        };
        for list in lists {
            let mut next = list.back();
            while let Some(id) = next {
                let node = nodes.node(id);
                all.push((id, Some(node.tag()) == worthy || nodes.mark(id) > 0));
                next = Some(node.read().prev).filter(|&id| id != NONE);
            }
        }
        all.sort_unstable_by_key(|&(id, _)| Reverse(age(nodes.node(id).time(), self.now)));
        all
    }

    /// Another one, with the same entries: they come in by their last use, first those that have proven their worth, as such.
    pub(crate) fn succeed(&mut self, nodes: &mut impl Nodes<Wide>, kind: Kind) {
        let entries = self.entries(nodes);
        *self = Self { now: self.now, requests: self.requests, ..Self::new(kind, self.capacity) };
        for wanted in [true, false] {
            for &(id, worth) in entries.iter().filter(|(_, worth)| *worth == wanted) {
                *nodes.node_mut(id) = Wide::default();
                nodes.set_mark(id, 0);
                self.on_insert(nodes, id, &());
                if worth {
                    self.on_hit(nodes, id);
                }
            }
        }
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
        self.pass();
        match &mut self.queues {
            Queues::Lru(list) => list.move_to_front(nodes, id),
            Queues::Lirs(lirs) => lirs.on_hit(nodes, id, self.now),
            Queues::S3Fifo(_) => nodes.set_mark(id, (nodes.mark(id) + 1).min(MARKS)),
            Queues::TinyLfu(queues) => queues.on_hit(nodes, id),
        }
        nodes.node_mut(id).set_time(self.now);
    }

    #[inline]
    fn on_insert(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, (): &<Unwatched as Watch>::Note) {
        self.len += 1;
        self.pass();
        nodes.node_mut(id).set_time(self.now);
        match &mut self.queues {
            Queues::Lru(list) => {
                nodes.node_mut(id).set_tag(0);
                list.push_front(nodes, id);
            }
            Queues::Lirs(lirs) => lirs.on_insert(nodes, id, self.now),
            Queues::S3Fifo(queues) => queues.on_insert(nodes, id),
            Queues::TinyLfu(queues) => queues.on_insert(nodes, id),
        }
    }

    fn on_weight(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, before: u64) {
        each!(self, queues => queues.on_weight(nodes, id, before), list => list.reweigh(before, nodes.weight(id)));
    }

    fn on_remove(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        self.len -= 1;
        each!(self, queues => queues.on_remove(nodes, id), list => list.remove(nodes, id));
    }

    #[inline]
    fn evict(&mut self, nodes: &mut impl Nodes<Wide>, _: u32) -> Option<Id> {
        let id = match &mut self.queues {
            Queues::Lru(list) => list.pop_back(nodes),
            Queues::Lirs(lirs) => lirs.evict(nodes, self.now),
            Queues::S3Fifo(queues) => queues.evict(nodes),
            Queues::TinyLfu(queues) => queues.evict(nodes),
        }?;
        self.len -= 1;
        Some(id)
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
    pub(crate) fn validate(&self, nodes: &impl Nodes<Wide>) -> usize {
        let len = match &self.queues {
            Queues::Lru(list) => list.validate(nodes).len(),
            Queues::Lirs(lirs) => lirs.validate(nodes),
            Queues::S3Fifo(queues) => queues.validate(nodes),
            Queues::TinyLfu(queues) => queues.validate(nodes),
        };
        assert_eq!(self.len as usize, len);
        len
    }
}
