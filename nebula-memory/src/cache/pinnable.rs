use core::time::Duration;

use super::policy::{
    Field, Hit, Id, Inner, Lives, Nodes, NoteOf, Notes, Part, Pins, Policy, Ranking, sealed,
};

/// Entries can be pinned: then they are not evicted, however long they have not been used.
///
/// What is pinned counts towards the capacity. If all is, nothing can come in. Users can still remove it, and so can
/// [`clear`](super::Cache::clear) and the like; a new value for the same key is pinned too, unless the time of
/// the one before was over. When it is unpinned, `P` takes it for an entry that has just come in.
///
/// A pin does not hold up time: what has expired is not served. `Pinnable<Ttl<P>>` does not collect it before it is unpinned or
/// looked up, `Ttl<Pinnable<P>>` does.
///
/// ```
/// use nebula_memory::cache::{Pinnable, SharedCache, policy::Lru};
///
/// let cache = SharedCache::builder().capacity(2).policy(Pinnable::new(Lru)).shards(1).build_shared();
/// cache.insert("config", 0);
/// assert!(cache.pin("config"));
/// cache.insert_many([("a", 1), ("b", 2), ("c", 3)]);
/// assert!(cache.contains("config") && cache.contains("c"));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Pinnable<P> {
    policy: P,
}

impl<P> Pinnable<P> {
    /// Among the entries that are not pinned, `policy` says who leaves.
    #[must_use]
    pub const fn new(policy: P) -> Self {
        Self { policy }
    }
}

impl<P> sealed::Sealed for Pinnable<P> {}

impl<P: Policy> Policy for Pinnable<P> {
    type Ranking = Pinned<P::Ranking>;

    fn ranking(&self, capacity: u64) -> Self::Ranking {
        const {
            assert!(!P::Ranking::PAYS, "a budget goes around pins: `Charged<Pinnable<_>>`");
        }
        Pinned { ranking: self.policy.ranking(capacity) }
    }
}

/// The order of another ranking, in which entries that are pinned are not.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Pinned<R> {
    ranking: R,
}

/// The node of a ranking, and whether the entry is in it.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Holdable<N> {
    pinned: bool,
    inner: N,
}

impl<N> Part<Holdable<N>> for Field {
    type Node = N;

    #[inline(always)]
    fn of<'n>(&'n self, node: &'n Holdable<N>) -> &'n N {
        &node.inner
    }

    #[inline(always)]
    fn of_mut(node: &mut Holdable<N>) -> &mut N {
        &mut node.inner
    }
}

impl<N, T, X: Notes<T>> Notes<T> for Inner<'_, X, Holdable<N>> {
    #[inline(always)]
    fn note(&self, id: Id) -> &T {
        self.nodes.note(id)
    }
}

impl<R: Ranking> Pinned<R> {
    /// Lets the ranking inside have the entry again.
    fn give(&mut self, nodes: &mut impl Nodes<Holdable<R::Node>>, id: Id, note: &NoteOf<R>) {
        nodes.node_mut(id).inner = R::Node::default();
        nodes.set_mark(id, 0);
        self.ranking.on_return(&mut Inner::of(nodes), id, note);
    }

    /// Lets it see the entry for one call, whether it has it or not.
    fn show<X: Nodes<Holdable<R::Node>>>(
        &mut self,
        nodes: &mut X,
        id: Id,
        note: &NoteOf<R>,
        call: impl FnOnce(&mut R, &mut Inner<'_, X, Holdable<R::Node>>),
    ) {
        // Should the call panic, it is the entry that it looks like: one that is not pinned.
        let pinned = self.unpin(nodes, id, note);
        call(&mut self.ranking, &mut Inner::of(nodes));
        if pinned {
            self.pin(nodes, id);
        }
    }
}

impl<R: Ranking> Ranking for Pinned<R> {
    const HIT: Hit = R::HIT;
    type Node = Holdable<R::Node>;
    type Watch = R::Watch;

    fn watch(&self) -> Self::Watch {
        self.ranking.watch()
    }

    #[inline]
    fn on_hit(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id) {
        if !nodes.node(id).pinned {
            self.ranking.on_hit(&mut Inner::of(nodes), id);
        }
    }

    #[inline]
    fn on_insert(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>) {
        self.ranking.on_insert(&mut Inner::of(nodes), id, note);
    }

    fn on_replace(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>) {
        self.show(nodes, id, note, |ranking, nodes| ranking.on_replace(nodes, id, note));
    }

    fn limit_life(
        &mut self,
        nodes: &mut impl Nodes<Self::Node>,
        id: Id,
        note: &NoteOf<Self>,
        life: Duration,
    ) {
        self.show(nodes, id, note, |ranking, nodes| ranking.limit_life(nodes, id, note, life));
    }

    fn on_succeed(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, before: &Self::Node) {
        self.ranking.on_succeed(&mut Inner::of(nodes), id, &before.inner);
        if before.pinned {
            self.pin(nodes, id);
        }
    }

    fn on_weight(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, before: u64) {
        // What is not in the ranking comes back with the weight that it has then.
        if !nodes.node(id).pinned {
            self.ranking.on_weight(&mut Inner::of(nodes), id, before);
        }
    }

    fn on_return(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>) {
        self.ranking.on_return(&mut Inner::of(nodes), id, note);
    }

    #[inline]
    fn on_remove(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id) {
        if !nodes.node(id).pinned {
            self.ranking.on_remove(&mut Inner::of(nodes), id);
        }
    }

    #[inline]
    fn evict(&mut self, nodes: &mut impl Nodes<Self::Node>, incoming: u32) -> Option<Id> {
        self.ranking.evict(&mut Inner::of(nodes), incoming)
    }

    #[inline(always)]
    fn expect(&self, incoming: u32) {
        self.ranking.expect(incoming);
    }

    #[inline(always)]
    fn upcoming(&mut self, nodes: &mut impl Nodes<Self::Node>) -> Id {
        self.ranking.upcoming(&mut Inner::of(nodes))
    }

    #[inline]
    fn expire(&mut self, nodes: &mut (impl Nodes<Self::Node> + Notes<NoteOf<Self>>)) -> Option<Id> {
        self.ranking.expire(&mut Inner::of(nodes))
    }

    #[inline(always)]
    fn was_over(&self, note: &NoteOf<Self>) -> bool {
        self.ranking.was_over(note)
    }

    #[inline(always)]
    fn at_once(&mut self) {
        self.ranking.at_once();
    }

    fn resize(&mut self, nodes: &mut impl Nodes<Self::Node>, capacity: u64) {
        self.ranking.resize(&mut Inner::of(nodes), capacity);
    }

    fn clear(&mut self) {
        self.ranking.clear();
    }
}

impl<R: Ranking> Pins for Pinned<R> {
    fn pin(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id) -> bool {
        if nodes.node(id).pinned {
            return false;
        }
        self.ranking.on_remove(&mut Inner::of(nodes), id);
        nodes.node_mut(id).pinned = true;
        true
    }

    fn unpin(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>) -> bool {
        if !nodes.node(id).pinned {
            return false;
        }
        nodes.node_mut(id).pinned = false;
        self.give(nodes, id, note);
        true
    }

    #[inline]
    fn is_pinned(node: &Self::Node) -> bool {
        node.pinned
    }
}

impl<R: Lives> Lives for Pinned<R> {
    fn live_for(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>, life: Duration) {
        self.show(nodes, id, note, |ranking, nodes| ranking.live_for(nodes, id, note, life));
    }
}
