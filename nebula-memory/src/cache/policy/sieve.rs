use super::ranking::sealed::Sealed;
use super::{Hit, Id, Links, List, NONE, Nodes, Policy, Ranking, Unwatched, Watch, look_ahead};

/// A queue through which a hand goes from old to new: what was used since it came by last stays, where it is; what was not leaves.
///
/// Nearly as cheap as [`Fifo`](super::Fifo), a hit being a mark that is set, and better than [`Lru`](super::Lru) where few keys
/// are used often, as in caches of the web. Weak where whole ranges are read in turn.
///
/// Yazhuo Zhang, Juncheng Yang, Yao Yue, Ymir Vigfusson, K. V. Rashmi: *SIEVE is Simpler than LRU: an Efficient Turn-Key Eviction
/// Algorithm for Web Caches*, NSDI 2024. An eviction takes constant time, amortised over hits.
///
/// # Examples
///
/// ```
/// use nebula_memory::cache::{Cache, policy::Sieve};
///
/// let mut cache = Cache::builder().capacity(3).policy(Sieve).build();
/// cache.extend([("a", 1), ("b", 2), ("c", 3)]);
/// cache.get("a");
/// cache.insert("d", 4);
/// assert!(cache.contains("a") && !cache.contains("b"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sieve;

/// The entries of a cache, the newest in front, and the hand.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct SieveRanking {
    queue: List,
    /// What it comes to next; none if it begins again with the oldest.
    hand: Id,
}

impl Sealed for Sieve {}

impl Policy for Sieve {
    type Ranking = SieveRanking;

    fn ranking(&self, _: u64) -> SieveRanking {
        SieveRanking { queue: List::new(), hand: NONE }
    }
}

impl Ranking for SieveRanking {
    const HIT: Hit = Hit::Mark { max: 1 };

    type Node = Links;
    type Watch = Unwatched;

    fn watch(&self) -> Unwatched {
        Unwatched
    }

    #[inline]
    fn on_insert(&mut self, nodes: &mut impl Nodes<Links>, id: Id, (): &<Unwatched as Watch>::Note) {
        self.queue.push_front(nodes, id);
    }

    fn on_weight(&mut self, nodes: &mut impl Nodes<Links>, id: Id, before: u64) {
        self.queue.reweigh(before, nodes.weight(id));
    }

    #[inline]
    fn on_remove(&mut self, nodes: &mut impl Nodes<Links>, id: Id) {
        if self.hand == id {
            self.hand = nodes.node(id).prev;
        }
        self.queue.remove(nodes, id);
    }

    #[inline]
    fn evict(&mut self, nodes: &mut impl Nodes<Links>, _: u32) -> Option<Id> {
        let (mut id, mut rounds) = (self.hand, 0);
        loop {
            if id == NONE {
                id = self.queue.back()?;
                rounds += 1;
            }
            // At the second beginning none has a mark, unless it was hit again meanwhile, without a lock.
            if nodes.mark(id) == 0 || rounds == 2 {
                break;
            }
            nodes.set_mark(id, 0);
            id = nodes.node(id).prev;
        }
        self.hand = nodes.node(id).prev;
        self.queue.remove(nodes, id);
        Some(id)
    }

    #[inline]
    fn upcoming(&mut self, nodes: &mut impl Nodes<Links>) -> Id {
        match self.hand {
            NONE => self.queue.oldest(nodes),
            hand => {
                look_ahead(nodes, hand);
                hand
            }
        }
    }

    fn resize(&mut self, _: &mut impl Nodes<Links>, _: u64) {}

    fn clear(&mut self) {
        *self = Self { queue: List::new(), hand: NONE };
    }
}
