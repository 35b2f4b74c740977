use super::ranking::sealed::Sealed;
use super::{Hit, Id, Links, List, Nodes, Policy, Ranking, Unwatched, Watch};

/// The least recently used leaves first.
///
/// Good where what was used lately is used again soon; one long scan through other keys empties it.
///
/// Peter J. Denning, *The Working Set Model for Program Behavior*, 1968. A hit and an eviction take constant time.
///
/// # Examples
///
/// ```
/// use nebula_memory::cache::{Cache, policy::Lru};
///
/// let mut cache = Cache::builder().capacity(2).policy(Lru).build();
/// cache.insert("a", 1);
/// cache.insert("b", 2);
/// cache.get("a");
/// cache.insert("c", 3);
/// assert!(cache.contains("a") && !cache.contains("b"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lru;

/// The entries of a cache, the last used in front.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct LruRanking(List);

impl Sealed for Lru {}

impl Policy for Lru {
    type Ranking = LruRanking;

    fn ranking(&self, _: u64) -> LruRanking {
        LruRanking(List::new())
    }
}

impl Ranking for LruRanking {
    const HIT: Hit = Hit::Order;

    type Node = Links;
    type Watch = Unwatched;

    fn watch(&self) -> Unwatched {
        Unwatched
    }

    #[inline(always)]
    fn on_hit(&mut self, nodes: &mut impl Nodes<Links>, id: Id) {
        self.0.move_to_front(nodes, id);
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
