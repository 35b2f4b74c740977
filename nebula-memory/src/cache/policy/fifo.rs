use super::ranking::sealed::Sealed;
use super::{Hit, Id, Links, List, Nodes, Policy, Ranking, Unwatched, Watch};

/// First in, first out: a hit changes nothing.
///
/// The cheapest there is, for what is used about equally often; [`Sieve`](super::Sieve) is better at nearly the same price.
///
/// László Bélády, *A Study of Replacement Algorithms for a Virtual-Storage Computer*, 1966. All takes constant time.
///
/// # Examples
///
/// ```
/// use nebula_memory::cache::{Cache, policy::Fifo};
///
/// let mut cache = Cache::builder().capacity(2).policy(Fifo).build();
/// cache.insert("a", 1);
/// cache.insert("b", 2);
/// cache.get("a");
/// cache.insert("c", 3);
/// assert!(!cache.contains("a") && cache.contains("b"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fifo;

/// The entries of a cache, the newest in front.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct FifoRanking(List);

impl Sealed for Fifo {}

impl Policy for Fifo {
    type Ranking = FifoRanking;

    fn ranking(&self, _: u64) -> FifoRanking {
        FifoRanking(List::new())
    }
}

impl Ranking for FifoRanking {
    const HIT: Hit = Hit::Nothing;

    type Node = Links;
    type Watch = Unwatched;

    fn watch(&self) -> Unwatched {
        Unwatched
    }

    #[inline]
    fn on_insert(&mut self, nodes: &mut impl Nodes<Links>, id: Id, (): &<Unwatched as Watch>::Note) {
        self.0.push_front(nodes, id);
    }

    fn on_weight(&mut self, nodes: &mut impl Nodes<Links>, id: Id, before: u64) {
        self.0.reweigh(before, nodes.weight(id));
    }

    #[inline]
    fn on_remove(&mut self, nodes: &mut impl Nodes<Links>, id: Id) {
        self.0.remove(nodes, id);
    }

    #[inline]
    fn evict(&mut self, nodes: &mut impl Nodes<Links>, _: u32) -> Option<Id> {
        self.0.pop_back(nodes)
    }

    #[inline]
    fn upcoming(&mut self, nodes: &mut impl Nodes<Links>) -> (Id, Id) {
        self.0.oldest(nodes)
    }

    fn resize(&mut self, _: &mut impl Nodes<Links>, _: u64) {}

    fn clear(&mut self) {
        self.0 = List::new();
    }
}
