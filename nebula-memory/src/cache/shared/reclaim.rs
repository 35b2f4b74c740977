//! Cells that can be used again: how they are found, and what is left in them.
//!
//! What could break, and what prevents it, is in the tables of `shard` and `cells`.

use core::mem::{needs_drop, take};

use super::books::Books;
use super::cells::{CellId, Contents};
use super::gone::Gone;
use super::shard::Shard;
use crate::cache::listener::Cause;
use crate::cache::policy::{NoteOf, Ranking};
use crate::cache::weight::Weigher;
use crate::pool::panics::FirstPanic;
use crate::sync::{Ordering, asymmetric};

/// At least as many cells wait until a fence is paid for them.
const BATCH: usize = if cfg!(loom) { 1 } else { 64 };
/// Of the cells, so many parts are one batch.
const PARTS: usize = 16;

/// The cells that a shard of so many entries needs at most.
pub(super) fn cells_for(entries: usize) -> usize {
    entries + batch(entries) + 1
}

#[inline(always)]
fn batch(cells: usize) -> usize {
    (cells / PARTS).max(BATCH)
}

/// What was left in a cell that is used again, to be dropped when the books are closed.
pub(super) type Dead<K, V, R> = Option<Contents<K, V, NoteOf<R>>>;

impl<K, V, R: Ranking, W: Weigher<K, V>> Shard<K, V, R, W> {
    /// An entry has left its cell.
    #[inline(always)]
    #[expect(clippy::unused_self, reason = "it is the shard's, whose types say what to do")]
    pub(super) fn retire(
        &self,
        books: &mut Books<R>,
        cell: CellId,
        weight: u64,
        cause: Cause,
        gone: &mut Gone,
    ) {
        if !W::UNIT {
            books.dead += weight;
        }
        if !gone.push(cell, cause) {
            books.retired.push(cell);
        }
    }

    /// A cell that nobody else has; what was in it is put into `dead`. `None` if there is no memory.
    #[inline(always)]
    pub(super) fn vacate(&self, books: &mut Books<R>, dead: &mut Dead<K, V, R>) -> Option<CellId> {
        let id = match books.free.pop() {
            Some(id) => id,
            None => self.another(books)?,
        };
        if needs_drop::<(K, V)>() {
            // SAFETY: cells in the books are there.
            let cell = unsafe { self.cells.at(id) };
            // SAFETY: free: nobody reads it, and no table has it.
            if let Some(contents) = unsafe { cell.take() } {
                // One at most: who vacates twice has given the first back empty.
                *dead = Some(contents);
            }
        }
        Some(id)
    }

    #[inline(never)]
    fn another(&self, books: &mut Books<R>) -> Option<CellId> {
        let count = self.cells.count();
        let (retired, batch) = (books.retired.len(), batch(count as usize));
        if retired >= batch || (books.fresh >= count && retired > batch / 2) {
            self.reclaim(books);
        }
        if let Some(id) = books.free.pop() {
            return Some(id);
        }
        if books.fresh >= self.cells.count() && !self.cells.grow() {
            return None;
        }
        let id = books.fresh;
        books.fresh += 1;
        Some(id)
    }

    /// Finds out which retired cells nobody reads any more.
    #[cold]
    pub(super) fn reclaim(&self, books: &mut Books<R>) {
        if !asymmetric::heavy_fence() && !books.waited {
            self.full.store(1, Ordering::SeqCst);
            asymmetric::wait_for_stores();
            books.waited = true;
        }
        if self.pins.load(Ordering::SeqCst) != 0 {
            return;
        }
        let Books { free, retired, hazards, .. } = books;
        hazards.look();
        if hazards.is_empty() && free.is_empty() {
            core::mem::swap(free, retired);
            return;
        }
        retired.retain(|&id| {
            // SAFETY: cells in the books are there.
            let read = hazards.contains(unsafe { self.cells.at(id) }.address());
            if !read {
                free.push(id);
            }
            read
        });
    }

    /// Whether what has left and is still kept weighs too much.
    #[inline(always)]
    #[expect(clippy::unused_self, reason = "it is the shard's, whose types say what it is")]
    pub(super) fn is_littered(&self, books: &Books<R>) -> bool {
        !W::UNIT && needs_drop::<(K, V)>() && books.dead > books.capacity / PARTS as u64
    }

    /// Drops what has left and is not read any more.
    #[cold]
    #[inline(never)]
    pub(super) fn clean(&self, first: &mut FirstPanic) {
        let mut books = self.open();
        if !books.retired.is_empty() {
            self.reclaim(&mut books);
        }
        // Nobody else takes them meanwhile.
        let mut free = take(&mut books.free);
        books.dead = 0;
        drop(books);
        if needs_drop::<(K, V)>() {
            for &id in &free {
                // SAFETY: cells in the books are there.
                let cell = unsafe { self.cells.at(id) };
                // SAFETY: free, and taken out of the books: this thread alone has it.
                if let Some(contents) = unsafe { cell.take() } {
                    contents.dispose(first);
                }
            }
        }
        self.open().free.append(&mut free);
    }
}
