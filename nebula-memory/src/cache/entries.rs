use core::iter::Enumerate;

use super::core::{NotesOf, WatchOf};
use super::policy::{Policy, Watch};

/// What is in some slots and may be served.
pub(crate) struct Entries<'a, I, P: Policy> {
    slots: Enumerate<I>,
    notes: &'a NotesOf<P>,
    watch: &'a WatchOf<P>,
    /// No more can come.
    len: usize,
}

impl<'a, I: Iterator, P: Policy> Entries<'a, I, P> {
    /// What is in all slots of a cache of `len` entries.
    pub(crate) fn new(slots: I, notes: &'a NotesOf<P>, watch: &'a WatchOf<P>, len: usize) -> Self {
        Self { slots: slots.enumerate(), notes, watch, len }
    }

    /// The next, by what looks into a slot.
    pub(crate) fn next<T>(&mut self, look: impl Fn(I::Item) -> Option<T>) -> Option<T> {
        let is_live = |id: usize| !WatchOf::<P>::EXPIRES || self.watch.is_live(&self.notes[id]);
        let next = self.slots.find_map(|(id, slot)| look(slot).filter(|_| is_live(id)));
        self.len = if next.is_some() { self.len - 1 } else { 0 };
        next
    }

    pub(crate) fn size_hint(&self) -> (usize, Option<usize>) {
        (if WatchOf::<P>::EXPIRES { 0 } else { self.len }, Some(self.len))
    }
}

impl<I: Clone, P: Policy> Clone for Entries<'_, I, P> {
    fn clone(&self) -> Self {
        Self { slots: self.slots.clone(), ..*self }
    }
}
