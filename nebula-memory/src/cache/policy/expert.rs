use core::cmp::Reverse;

use alloc_crate::{boxed::Box, vec::Vec};

use super::{
    Estate, Hit, Id, Linked, Lirs, List, MARKS, Nodes, Ranking, S3Queues, Tag, TinyLfuQueues, Unwatched,
    Watch, Wide,
    lirs::LIR,
    nodes::NONE,
    s3_fifo::MAIN,
    w_tiny_lfu::PROTECTED,
    wide::{across, after, age, is_beside},
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

/// No entry has it.
const NO_TAG: u8 = 3;

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

/// Parts of the time in which as many requests come as there are entries: times of 15 bits are of the last 64 such.
const PARTS: u32 = 512;

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
            self.now = after(self.now);
        } else {
            self.requests -= 1;
        }
    }

    /// The time.
    #[inline(always)]
    pub(crate) fn now(&self) -> u16 {
        self.now
    }

    /// Whether it is one of its entries, and none that was left to it.
    #[inline(always)]
    pub(crate) fn has(&self, nodes: &impl Nodes<Wide>, id: Id) -> bool {
        is_beside(nodes.node(id).time(), self.now)
    }

    /// All entries by the tags of their nodes, and the tag of those that have proven their worth, which may be that of none.
    pub(crate) fn lists(&self) -> ([List; 3], u8) {
        match &self.queues {
            Queues::Lru(list) => ([*list, List::new(), List::new()], NO_TAG),
            Queues::Lirs(lirs) => {
                let [low, queue] = lirs.lists();
                ([*low, *queue, List::new()], LIR)
            }
            Queues::S3Fifo(queues) => {
                let [small, main] = queues.lists();
                ([*small, *main, List::new()], MAIN)
            }
            Queues::TinyLfu(queues) => (queues.lists().map(|list| *list), PROTECTED),
        }
    }

    /// The entries with such hashes, those that were used last at the end. Looks at all.
    pub(crate) fn entries(&self, nodes: &impl Nodes<Wide>, is_wanted: impl Fn(u32) -> bool) -> Vec<Id> {
        let mut wanted = Vec::new();
        for list in self.lists().0 {
            let mut next = list.back();
            while let Some(id) = next {
                if is_wanted(nodes.hash(id)) {
                    wanted.push(id);
                }
                next = Some(nodes.node(id).read().prev).filter(|&id| id != NONE);
            }
        }
        wanted.sort_unstable_by_key(|&id| Reverse(age(nodes.node(id).time(), self.now)));
        wanted
    }

    /// One like another takes over, who has no entries yet: they are [adopted](Self::adopt) by and by.
    pub(crate) fn succeed(&mut self, like: &Self) -> Option<Box<Estate>> {
        let estate = Estate::of(self);
        let new = Self::new(like.kind(), self.capacity);
        *self = Self { now: across(self.now), requests: self.requests, ..new };
        if let (Queues::TinyLfu(own), Queues::TinyLfu(others)) = (&mut self.queues, &like.queues) {
            own.follow(others);
        }
        (!estate.is_empty()).then(|| Box::new(estate))
    }

    /// An entry comes in that was there before, behind all others: whether it has proven its worth, and what those weigh that have
    /// and come later.
    pub(crate) fn adopt(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, worth: bool, later: u64) {
        self.len += 1;
        let node = nodes.node_mut(id);
        node.set_time(across(node.time()));
        match &mut self.queues {
            Queues::Lru(list) => list.push_back_as(nodes, id, 0),
            Queues::Lirs(lirs) => lirs.adopt(nodes, id, worth, later),
            Queues::S3Fifo(queues) => queues.adopt(nodes, id, worth),
            Queues::TinyLfu(queues) => queues.adopt(nodes, id, worth),
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
