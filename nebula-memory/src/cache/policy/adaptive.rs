use alloc_crate::boxed::Box;

use super::{
    Estate, Expert, Hit, Id, Jury, Kind, Nodes, Policy, Ranking, Unwatched, Watch, Wide,
    ranking::sealed::Sealed,
};

/// Does what would have been best lately: the one that finds the most, over all kinds of requests.
///
/// It watches what W-TinyLFU, LIRS, S3-FIFO and LRU would have found, in small shadow caches of a sample of the keys (all keys, in
/// caches of few entries), and ranks the entries as the best of them does. When another one has been better for some time, by more
/// than chance would have it, that one takes over: it gets the entries in the order of their last uses, some with each request, those
/// that have proven their worth as such.
///
/// All takes constant time, except that when the cache is full for the first time, all entries are looked at. A cache of 10,000
/// entries or more takes as much memory as one of [`WTinyLfu`](super::WTinyLfu), give or take a tenth. The shadows take 12 KiB at
/// least, once the cache is full, which is much for a few hundred entries.
///
/// The policies: Gil Einziger, Roy Friedman, Ben Manes: `TinyLFU`: A Highly Efficient Cache Admission Policy, ACM Transactions on
/// Storage 13, 2017. Song Jiang, Xiaodong Zhang: LIRS: An Efficient Low Inter-reference Recency Set Replacement Policy to Improve
/// Buffer Cache Performance, SIGMETRICS 2002. Juncheng Yang et al.: FIFO Queues are All You Need for Cache Eviction, SOSP 2023.
/// Following the best of several by what they would have done: Ismail Ari et al.: ACME: Adaptive Caching Using Multiple Experts,
/// WDAS 2002. Shadows of a sample: Carl A. Waldspurger et al.: Cache Modeling and Optimization using Miniature Simulations, USENIX ATC
/// 2017.
///
/// ```
/// use nebula_memory::cache::{policy::{Adaptive, Lru}, sim::{self, Trace}};
///
/// // A loop that is a little too long for the cache: nothing that only looks at the last uses finds anything in it.
/// let trace = Trace::new((0..50_000_u32).map(|turn| turn % 120));
/// assert_eq!(sim::replay(&trace, &Lru, 100).hits, 0);
/// assert!(sim::replay(&trace, &Adaptive, 100).hit_ratio() > 0.75);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Adaptive;

impl Sealed for Adaptive {}

impl Policy for Adaptive {
    type Ranking = AdaptiveRanking;

    fn ranking(&self, capacity: u64) -> AdaptiveRanking {
        AdaptiveRanking::new(capacity)
    }
}

/// Carries out [`Adaptive`].
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct AdaptiveRanking {
    expert: Expert,
    /// What the one before it has left, until all of that has moved.
    estate: Option<Box<Estate>>,
    /// There when the cache has become full for the first time: before that, all policies do the same.
    jury: Option<Jury>,
    capacity: u64,
}

impl AdaptiveRanking {
    fn new(capacity: u64) -> Self {
        // Until something is known: what comes once does not wash out the rest, and what it keeps, others can go on with.
        Self { expert: Expert::new(Kind::Lirs, capacity), estate: None, jury: None, capacity }
    }

    /// A request for an entry, which is there by now.
    #[inline]
    fn see(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        if let Some(jury) = &mut self.jury
            && jury.see(nodes.hash(id), nodes.weight(id))
            && self.estate.is_none()
            && let Some(best) = jury.judge(self.expert.kind())
        {
            self.estate = self.expert.succeed(best);
        }
    }

    /// A request for an entry, while some have not moved yet.
    #[cold]
    #[inline(never)]
    fn settle(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        let Some(estate) = &mut self.estate else { return };
        if !self.expert.has(nodes, id) {
            estate.hand_over(nodes, id, &mut self.expert);
        }
        estate.settle(nodes, &mut self.expert);
        self.forget_empty();
    }

    fn forget_empty(&mut self) {
        self.estate.take_if(|estate| estate.is_empty());
    }

    /// The estate, if it has this entry.
    fn estate_of(&mut self, nodes: &impl Nodes<Wide>, id: Id) -> Option<&mut Estate> {
        let estate = self.estate.as_deref_mut()?;
        (!self.expert.has(nodes, id)).then_some(estate)
    }

    /// The cache is full. Takes time in proportion to the number of entries.
    #[cold]
    fn convene(&mut self, nodes: &mut impl Nodes<Wide>) {
        let mut jury = Jury::new(self.capacity, self.expert.len());
        for id in self.expert.entries(nodes, |hash| jury.samples(hash)) {
            jury.tell(nodes.hash(id), nodes.weight(id));
        }
        self.jury = Some(jury);
    }
}

impl Ranking for AdaptiveRanking {
    const HIT: Hit = Hit::Order;
    type Node = Wide;
    type Watch = Unwatched;

    fn watch(&self) -> Unwatched {
        Unwatched
    }

    #[inline]
    fn on_hit(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        if self.estate.is_some() {
            self.settle(nodes, id);
        }
        self.expert.on_hit(nodes, id);
        self.see(nodes, id);
    }

    #[inline]
    fn on_insert(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, (): &<Unwatched as Watch>::Note) {
        self.expert.on_insert(nodes, id, &());
        if self.estate.is_some() {
            self.settle(nodes, id);
        }
        self.see(nodes, id);
    }

    fn on_weight(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, before: u64) {
        match self.estate_of(nodes, id) {
            Some(estate) => estate.on_weight(nodes, id, before),
            None => self.expert.on_weight(nodes, id, before),
        }
    }

    fn on_remove(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        match self.estate_of(nodes, id) {
            Some(estate) => {
                estate.remove(nodes, id);
                self.forget_empty();
            }
            None => self.expert.on_remove(nodes, id),
        }
    }

    #[inline]
    fn evict(&mut self, nodes: &mut impl Nodes<Wide>, incoming: u32) -> Option<Id> {
        if let Some(estate) = &mut self.estate {
            let id = estate.evict(nodes, self.expert.now());
            self.forget_empty();
            return id;
        }
        if self.jury.as_ref().is_none_or(|jury| jury.is_outgrown(self.expert.len())) {
            self.convene(nodes);
        }
        self.expert.evict(nodes, incoming)
    }

    fn resize(&mut self, nodes: &mut impl Nodes<Wide>, capacity: u64) {
        self.capacity = capacity;
        self.jury = None;
        self.expert.resize(nodes, capacity);
    }

    fn clear(&mut self) {
        *self = Self::new(self.capacity);
    }
}

#[cfg(test)]
impl AdaptiveRanking {
    /// How many entries there are, if everything is as it should be.
    pub(crate) fn validate(&self, nodes: &impl Nodes<Wide>) -> usize {
        let left = self.estate.as_ref().map_or(0, |estate| estate.validate(nodes, self.expert.now()));
        self.expert.validate(nodes) + left
    }

    /// Entries that have not moved since the last change.
    pub(crate) fn left(&self) -> u32 {
        self.estate.as_ref().map_or(0, |estate| estate.len())
    }

    /// Lets an expert take over.
    pub(crate) fn force(&mut self, nodes: &mut impl Nodes<Wide>, kind: Kind) {
        while let Some(estate) = &mut self.estate {
            estate.settle(nodes, &mut self.expert);
            self.forget_empty();
        }
        self.estate = self.expert.succeed(&Expert::new(kind, self.capacity));
    }
}
