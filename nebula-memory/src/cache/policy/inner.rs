use core::marker::PhantomData;

use super::{Id, Nodes};

/// Says what of a node `N` is that of the ranking inside.
pub(crate) trait Part<N> {
    /// The node of that one.
    type Node;

    /// It.
    fn of<'n>(&'n self, node: &'n N) -> &'n Self::Node;

    /// The same, to be changed.
    fn of_mut(node: &mut N) -> &mut Self::Node;
}

/// One field, which is always there.
pub(crate) struct Field;

/// The nodes of the ranking inside, among those of the one around it.
pub(crate) struct Inner<'n, X, N, P = Field> {
    pub(crate) nodes: &'n mut X,
    part: P,
    outer: PhantomData<fn(N)>,
}

impl<'n, X: Nodes<N>, N> Inner<'n, X, N> {
    #[inline(always)]
    pub(crate) fn of(nodes: &'n mut X) -> Self {
        Self::by(Field, nodes)
    }
}

impl<'n, X: Nodes<N>, N, P> Inner<'n, X, N, P> {
    #[inline(always)]
    pub(crate) fn by(part: P, nodes: &'n mut X) -> Self {
        Self { nodes, part, outer: PhantomData }
    }
}

impl<X: Nodes<N>, N, P: Part<N>> Nodes<P::Node> for Inner<'_, X, N, P> {
    #[inline(always)]
    fn node(&self, id: Id) -> &P::Node {
        self.part.of(self.nodes.node(id))
    }

    #[inline(always)]
    fn node_mut(&mut self, id: Id) -> &mut P::Node {
        P::of_mut(self.nodes.node_mut(id))
    }

    #[inline(always)]
    fn node_in(&mut self, id: Id) -> Option<&mut P::Node> {
        self.nodes.node_in(id).map(P::of_mut)
    }

    #[inline(always)]
    fn mark(&self, id: Id) -> u8 {
        self.nodes.mark(id)
    }

    #[inline(always)]
    fn set_mark(&mut self, id: Id, mark: u8) {
        self.nodes.set_mark(id, mark);
    }

    #[inline(always)]
    fn hash(&self, id: Id) -> u32 {
        self.nodes.hash(id)
    }

    #[inline(always)]
    fn weight(&self, id: Id) -> u64 {
        self.nodes.weight(id)
    }

    #[inline(always)]
    fn fetch(&self, id: Id) {
        self.nodes.fetch(id);
    }

    #[inline(always)]
    fn fetch_mark(&self, id: Id) {
        self.nodes.fetch_mark(id);
    }
}
