//! What a ranking sees of the entries of a shard.
//!
//! What could break, and what prevents it, is in the tables of `shard` and `cells`.

use core::marker::PhantomData;

use super::books::{Books, Entry};
use super::cells::{Cell, Cells, NO_CELL};
use crate::cache::policy::{Id, Nodes, NoteOf, Notes, Ranking};
use crate::cache::prefetch::prefetch;
use crate::cache::weight::Weigher;
use crate::sync::Ordering;

/// The entries of a shard as its ranking sees them.
pub(super) struct Room<'a, K, V, R: Ranking, W> {
    /// Those of the books: each cell that is in them is filled, and stays so while this is in use.
    entries: &'a mut [Entry<R::Node>],
    weights: &'a [u32],
    cells: &'a Cells<K, V, NoteOf<R>>,
    weigher: PhantomData<W>,
}

impl<R: Ranking> Books<R> {
    /// The ranking, and what it works on. The cells have to be those of this shard.
    ///
    /// # Safety
    ///
    /// Every cell of an entry is one of `cells`, and filled.
    #[inline(always)]
    pub(super) unsafe fn split<'a, K, V, W>(
        &'a mut self,
        cells: &'a Cells<K, V, NoteOf<R>>,
    ) -> (&'a mut R, Room<'a, K, V, R, W>) {
        let room = Room { entries: &mut self.entries, weights: &self.weights, cells, weigher: PhantomData };
        (&mut self.ranking, room)
    }
}

impl<K, V, R: Ranking, W> Room<'_, K, V, R, W> {
    #[inline(always)]
    fn cell(&self, id: Id) -> &Cell<K, V, NoteOf<R>> {
        // SAFETY: entries have cells that are there, or the first, which is there as soon as there is any entry.
        unsafe { self.cells.at(self.entries[id as usize].cell) }
    }

    /// The same as the note in the contents of the entry's cell.
    #[inline]
    pub(super) fn note_of(&self, id: Id) -> &NoteOf<R> {
        assert_ne!(self.entries[id as usize].cell, NO_CELL, "no such entry");
        // SAFETY: filled, as long as the entry has it, so as long as this is in use.
        unsafe { &self.cell(id).contents().note }
    }
}

impl<K, V, R: Ranking, W: Weigher<K, V>> Nodes<R::Node> for Room<'_, K, V, R, W> {
    #[inline(always)]
    fn node(&self, id: Id) -> &R::Node {
        &self.entries[id as usize].node
    }

    #[inline(always)]
    fn node_mut(&mut self, id: Id) -> &mut R::Node {
        &mut self.entries[id as usize].node
    }

    #[inline(always)]
    fn mark(&self, id: Id) -> u8 {
        self.cell(id).mark().load(Ordering::Relaxed)
    }

    #[inline(always)]
    fn set_mark(&mut self, id: Id, mark: u8) {
        self.cell(id).mark().store(mark, Ordering::Relaxed);
    }

    #[inline(always)]
    fn hash(&self, id: Id) -> u32 {
        self.entries[id as usize].hash
    }

    #[inline(always)]
    fn weight(&self, id: Id) -> u64 {
        if W::UNIT { 1 } else { u64::from(self.weights[id as usize]) }
    }

    #[inline(always)]
    fn fetch(&self, id: Id) {
        if let Some(entry) = self.entries.get(id as usize) {
            prefetch(entry);
        }
    }

    #[inline(always)]
    fn fetch_mark(&self, id: Id) {
        prefetch(self.cell(id));
    }
}

impl<K, V, R: Ranking, W> Notes<NoteOf<R>> for Room<'_, K, V, R, W> {
    #[inline]
    fn note(&self, id: Id) -> &NoteOf<R> {
        self.note_of(id)
    }
}
