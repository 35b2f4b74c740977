use super::note::Note;
use super::wheel::Spot;
use crate::cache::policy::{Id, Nodes, Notes};

/// The node of a ranking, and where in the wheel the entry is.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Timed<N> {
    pub(super) spot: Spot,
    pub(super) inner: N,
}

/// The nodes of the ranking inside, among those of the one around it.
pub(super) struct Inner<'n, X>(&'n mut X);

impl<'n, X> Inner<'n, X> {
    #[inline(always)]
    pub(super) fn of(nodes: &'n mut X) -> Self {
        Self(nodes)
    }
}

impl<N, X: Nodes<Timed<N>>> Nodes<N> for Inner<'_, X> {
    #[inline(always)]
    fn node(&self, id: Id) -> &N {
        &self.0.node(id).inner
    }

    #[inline(always)]
    fn node_mut(&mut self, id: Id) -> &mut N {
        &mut self.0.node_mut(id).inner
    }

    #[inline(always)]
    fn mark(&self, id: Id) -> u8 {
        self.0.mark(id)
    }

    #[inline(always)]
    fn set_mark(&mut self, id: Id, mark: u8) {
        self.0.set_mark(id, mark);
    }

    #[inline(always)]
    fn hash(&self, id: Id) -> u32 {
        self.0.hash(id)
    }

    #[inline(always)]
    fn weight(&self, id: Id) -> u64 {
        self.0.weight(id)
    }
}

impl<T, X: Notes<Note<T>>> Notes<T> for Inner<'_, X> {
    #[inline(always)]
    fn note(&self, id: Id) -> &T {
        &self.0.note(id).inner
    }
}
