use super::{Hit, Id, Links, List, Nodes, Ranking, Unwatched, Watch};

/// The entries of a cache, the newest in front; what is hit is new again, if `RENEWED`.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Queue<const RENEWED: bool>(List);

impl<const RENEWED: bool> Queue<RENEWED> {
    /// No entries.
    pub(super) const fn new() -> Self {
        Self(List::new())
    }

    /// The entries.
    pub(super) const fn list(&self) -> &List {
        &self.0
    }

    /// The entries, to be put in another order.
    pub(super) const fn list_mut(&mut self) -> &mut List {
        &mut self.0
    }
}

impl<const RENEWED: bool> Ranking for Queue<RENEWED> {
    const HIT: Hit = if RENEWED { Hit::Order } else { Hit::Nothing };

    type Node = Links;
    type Watch = Unwatched;

    fn watch(&self) -> Unwatched {
        Unwatched
    }

    #[inline(always)]
    fn on_hit(&mut self, nodes: &mut impl Nodes<Links>, id: Id) {
        if RENEWED {
            self.0.move_to_front(nodes, id);
        }
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
    fn upcoming(&mut self, nodes: &mut impl Nodes<Links>) -> Id {
        self.0.oldest(nodes)
    }

    fn resize(&mut self, _: &mut impl Nodes<Links>, _: u64) {}

    fn clear(&mut self) {
        self.0 = List::new();
    }
}
