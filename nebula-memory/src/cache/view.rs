use core::marker::PhantomData;

use super::policy::{Id, Nodes, Notes};
use super::prefetch::prefetch;
use super::table::Table;
use super::weight::Weigher;

/// What a ranking sees of a cache.
pub(crate) struct View<'a, K, V, N, T, W> {
    pub(crate) table: &'a mut Table<K, V, N>,
    /// What entries weigh, by id; empty if they are not weighed.
    pub(crate) weights: &'a [u32],
    /// What their watch knows of them.
    pub(crate) notes: &'a [T],
    /// Whether there are weights.
    pub(crate) weigher: PhantomData<W>,
}

impl<K, V, N, T, W: Weigher<K, V>> Nodes<N> for View<'_, K, V, N, T, W> {
    #[inline(always)]
    fn node(&self, id: Id) -> &N {
        self.table.node(id)
    }

    #[inline(always)]
    fn node_mut(&mut self, id: Id) -> &mut N {
        self.table.node_mut(id)
    }

    #[inline(always)]
    fn node_in(&mut self, id: Id) -> Option<&mut N> {
        self.table.node_in(id)
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
        if W::UNIT { 1 } else { u64::from(self.weights[id as usize]) }
    }

    #[inline(always)]
    fn fetch(&self, id: Id) {
        self.table.fetch_slot(id);
        if size_of::<T>() > 0
            && let Some(note) = self.notes.get(id as usize)
        {
            prefetch(note);
        }
    }
}

impl<K, V, N, T, W> Notes<T> for View<'_, K, V, N, T, W> {
    #[inline(always)]
    fn note(&self, id: Id) -> &T {
        &self.notes[id as usize]
    }
}
