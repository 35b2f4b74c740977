use super::note::Note;
use super::wheel::Spot;
use crate::cache::policy::{Field, Id, Inner, Notes, Part};

/// The node of a ranking, and where in the wheel the entry is.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Timed<N> {
    pub(super) spot: Spot,
    pub(super) inner: N,
}

impl<N> Part<Timed<N>> for Field {
    type Node = N;

    #[inline(always)]
    fn of<'n>(&'n self, node: &'n Timed<N>) -> &'n N {
        &node.inner
    }

    #[inline(always)]
    fn of_mut(node: &mut Timed<N>) -> &mut N {
        &mut node.inner
    }
}

impl<N, T, X: Notes<Note<T>>> Notes<T> for Inner<'_, X, Timed<N>> {
    #[inline(always)]
    fn note(&self, id: Id) -> &T {
        &self.nodes.note(id).inner
    }
}
