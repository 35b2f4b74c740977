//! How writers open the books of a shard, and know then whether a key is there.
//!
//! What could break, and what prevents it, is in the tables of `shard` and `cells`.

use super::books::Books;
use super::own::{PATIENCE, Trying, note};
use super::shard::{FoundIn, Shard};
use crate::cache::policy::{Hit, Ranking};
use crate::cache::weight::Weigher;
use crate::sync::{MutexGuard, Ordering};

/// The books, and the entry of a key in them.
type Opened<'a, K, V, R> = (MutexGuard<'a, Books<R>>, Option<FoundIn<'a, K, V, R>>);

impl<K, V, R: Ranking, W: Weigher<K, V>> Shard<K, V, R, W> {
    /// Opens the books, and finds the entry that `is_it` means, if it is there: that is so as long as they are open. `known` is where
    /// it was found before.
    ///
    /// Keys are compared while the books are closed. If they were changed meanwhile, that has to be done again: some other thread has
    /// done something, then.
    ///
    /// # Panics
    ///
    /// If it was this thread itself each time, while it compared: that would not end.
    #[inline(always)]
    pub(super) fn open_at<'a>(
        &'a self,
        half: u32,
        is_it: impl Fn(&K) -> bool,
        known: Option<FoundIn<'a, K, V, R>>,
    ) -> Opened<'a, K, V, R> {
        // Both are written to, and closing the books would wait for it.
        self.table().prefetch(half);
        let mut books = self.open();
        books.ranking.expect(half);
        let found = match &known {
            Some(found) => books.has(found.cell.owner(), found.id),
            None => !self.may_have(&books, half),
        };
        if found {
            self.catch_up(&mut books);
            return (books, known);
        }
        self.open_again(books, half, is_it)
    }

    #[inline(never)]
    fn open_again<'a>(
        &'a self,
        mut books: MutexGuard<'a, Books<R>>,
        half: u32,
        is_it: impl Fn(&K) -> bool,
    ) -> Opened<'a, K, V, R> {
        let mut patience = PATIENCE;
        loop {
            let version = books.version;
            drop(books);
            let trying = Trying::begin(self.address(), None);
            let known = self.find(half, self.hold(), &is_it);
            if trying.is_own() {
                patience -= 1;
                assert_ne!(patience, 0, "an `Eq` of keys changes the cache whenever it is called");
            }
            drop(trying);
            books = self.open();
            let found = match &known {
                Some(found) => books.has(found.cell.owner(), found.id),
                None => books.version == version || !self.may_have(&books, half),
            };
            if found {
                self.catch_up(&mut books);
                return (books, known);
            }
        }
    }

    /// Whether there is a key with this half of a hash.
    #[inline(always)]
    fn may_have(&self, books: &Books<R>, half: u32) -> bool {
        self.table().any(half, |id| {
            // SAFETY: the cells in a table are there.
            let cell = unsafe { self.cells.at(id) };
            // Most have another hash, which is seen without a look at the entry.
            cell.may_have(half)
                && books.entries.get(cell.owner() as usize).is_some_and(|entry| entry.hash == half)
        })
    }

    /// Tells the ranking of the hits that there were.
    #[inline(always)]
    pub(super) fn catch_up(&self, books: &mut Books<R>) {
        if matches!(R::HIT, Hit::Order) {
            self.hits.drain(|entry, cell| {
                if books.has(entry, cell) {
                    // SAFETY: the books and cells of one shard.
                    let (ranking, mut room) = unsafe { books.split::<K, V, W>(&self.cells) };
                    ranking.on_hit(&mut room, entry);
                }
            });
        }
    }

    /// Notes down for those without a lock how much there is, after a change of an entry with this half of a hash, or of all.
    #[inline(always)]
    pub(super) fn show(&self, books: &Books<R>, half: Option<u32>) {
        self.written.len.store(books.len, Ordering::Relaxed);
        self.written.used.store(books.used, Ordering::Relaxed);
        note(self.address(), half);
    }

    /// Which shard this is.
    #[inline(always)]
    pub(super) fn address(&self) -> usize {
        core::ptr::from_ref(self).addr()
    }
}
