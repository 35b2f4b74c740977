use super::policy::{Id, Nodes, Notes};
use super::table::Table;

/// What a ranking sees of a cache.
pub(crate) struct View<'a, K, V, N, T> {
    pub(crate) table: &'a mut Table<K, V, N>,
    /// What entries weigh, by id; empty if they are not weighed.
    pub(crate) weights: &'a [u32],
    /// What their watch knows of them.
    pub(crate) notes: &'a [T],
}

impl<K, V, N, T> Nodes<N> for View<'_, K, V, N, T> {
    #[inline(always)]
    fn node(&self, id: Id) -> &N {
        self.table.node(id)
    }

    #[inline(always)]
    fn node_mut(&mut self, id: Id) -> &mut N {
        self.table.node_mut(id)
    }

    #[inline(always)]
    fn mark(&self, id: Id) -> u8 {
        self.table.mark(id)
    }

    #[inline(always)]
    fn set_mark(&mut self, id: Id, mark: u8) {
        *self.table.mark_mut(id) = mark;
    }

    #[inline(always)]
    fn hash(&self, id: Id) -> u32 {
        self.table.half(id)
    }

    #[inline(always)]
    fn weight(&self, id: Id) -> u64 {
        self.weights.get(id as usize).map_or(1, |&weight| u64::from(weight))
    }
}

impl<K, V, N, T> Notes<T> for View<'_, K, V, N, T> {
    #[inline(always)]
    fn note(&self, id: Id) -> &T {
        &self.notes[id as usize]
    }
}
