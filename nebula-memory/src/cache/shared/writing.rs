//! What writers do under the lock: all that fills cells, and takes them from entries.
//!
//! What could break, and what prevents it, is in the tables of `shard` and `cells`: here it comes down to that the books are open, and
//! are those of the shard whose cells are meant.

use core::ptr::NonNull;
use std::boxed::Box;

use super::books::Books;
use super::cells::{CellId, Contents, NO_CELL};
use super::gone::Gone;
use super::reclaim::Dead;
use super::shard::{FoundIn, Shard};
use super::table::Table;
use super::then::Then;
use crate::cache::listener::Cause;
use crate::cache::policy::{Hit, Id, NONE, NoteOf, Ranking, Watch};
use crate::cache::prefetch::prefetch;
use crate::cache::table::MOST;
use crate::cache::weight::Weigher;
use crate::sync::Ordering;

/// Expired entries that a write collects besides its own work.
const SWEPT: usize = 2;

/// A key and a value that are to come in. Who opens the books has made this before, so that it goes when they are closed.
pub(super) type New<K, V> = Option<(K, V)>;

/// Does something when it goes, whether by a return or by a panic.
struct Finally<F: FnMut()>(F);

impl<F: FnMut()> Drop for Finally<F> {
    #[inline(always)]
    fn drop(&mut self) {
        (self.0)();
    }
}

impl<K, V, R: Ranking, W: Weigher<K, V>> Shard<K, V, R, W> {
    /// Adds an entry, or replaces the value of the one that is there: whether it was taken out of `new`. If there is no room for it,
    /// what was there has left as well.
    #[inline(always)]
    #[expect(clippy::too_many_arguments, reason = "as they are")]
    pub(super) fn put(
        &self,
        books: &mut Books<R>,
        half: u32,
        old: Option<&FoundIn<'_, K, V, R>>,
        new: &mut New<K, V>,
        weight: u32,
        then: impl Then<R>,
        gone: &mut Gone,
        dead: &mut Dead<K, V, R>,
    ) -> bool {
        match old {
            None => self.add(books, half, new, weight, then, gone, dead),
            Some(old) => self.swap(books, half, old, new, weight, then, gone, dead),
        }
    }

    /// Adds an entry whose key is not there: whether it was taken out of `new`, where it stays if there is no room for it, or a
    /// clock or a budget panics. So nothing of it is dropped while the books are open.
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "as they are")]
    pub(super) fn add(
        &self,
        books: &mut Books<R>,
        half: u32,
        new: &mut New<K, V>,
        weight: u32,
        then: impl Then<R>,
        gone: &mut Gone,
        dead: &mut Dead<K, V, R>,
    ) -> bool {
        let mut overdue = self.sweep(books, gone);
        if books.len >= self.table().room() {
            self.widen(books);
        }
        let Some(id) = self.vacate(books, dead) else { return false };
        gone.spare = id;
        let has_room = self.make_room(books, half, u64::from(weight), &mut overdue, gone);
        gone.spare = NO_CELL;
        let Some((key, value)) = new.take_if(|_| has_room) else {
            books.free.push(id);
            return false;
        };
        let entry = books.next_id();
        // SAFETY: cells in the books are there.
        let cell = unsafe { self.cells.at(id) };
        // SAFETY: vacated for this, so nobody else has it.
        unsafe { cell.fill(entry, half, 0, Contents { note: NoteOf::<R>::default(), key, value }) };
        books.add(entry, half, id, (!W::UNIT).then_some(weight));
        self.show(books, Some(half));
        // It can be found when all is done, or the clock has panicked: then its time is over.
        let found = Finally(|| self.table().insert(half, id));
        // SAFETY: filled, and nobody takes it out as long as the books are open.
        let note = &unsafe { cell.contents() }.note;
        // SAFETY: the books and cells of one shard.
        let (ranking, mut room) = unsafe { books.split::<K, V, W>(&self.cells) };
        // Nothing that takes long is called while the books are open.
        ranking.at_once();
        ranking.on_insert(&mut room, entry, note);
        then.done(ranking, &mut room, entry, note);
        drop(found);
        self.look_ahead(books);
        true
    }

    /// Asks for the memory of what leaves next. Its entry and its cell were asked for some evictions ago, so that all of this waits
    /// for nothing.
    #[inline(always)]
    fn look_ahead(&self, books: &mut Books<R>) {
        // SAFETY: the books and cells of one shard.
        let (ranking, mut room) = unsafe { books.split::<K, V, W>(&self.cells) };
        let next = ranking.upcoming(&mut room);
        if let Some(entry) = books.entries.get(next as usize) {
            self.table().prefetch(entry.hash);
        }
        if let Some(&free) = books.free.last() {
            // SAFETY: cells in the books are there.
            prefetch(unsafe { self.cells.at(free) });
        }
    }

    /// Replaces the value of an entry that is there, by another cell in its place: whether that was taken out of `new`. If there is
    /// no room for it, the entry has left as well.
    #[inline]
    #[expect(clippy::too_many_arguments, reason = "as they are")]
    fn swap(
        &self,
        books: &mut Books<R>,
        half: u32,
        old: &FoundIn<'_, K, V, R>,
        new: &mut New<K, V>,
        weight: u32,
        then: impl Then<R>,
        gone: &mut Gone,
        dead: &mut Dead<K, V, R>,
    ) -> bool {
        let entry = old.cell.owner();
        let before = books.weight(entry);
        let cause = self.cause_of(old, Cause::Replaced);
        if cause == Cause::Expired {
            // What is over is not there any more: nothing of it, such as a pin, is the new one's.
            self.remove(books, entry, cause, gone);
            return self.add(books, half, new, weight, then, gone, dead);
        }
        let Some(id) = self.vacate(books, dead) else {
            self.remove(books, entry, cause, gone);
            return false;
        };
        if !W::UNIT && u64::from(weight) > before {
            let more = u64::from(weight) - before;
            let mut overdue = true;
            gone.spare = id;
            loop {
                if books.used + more <= books.capacity && books.ranking.admit(more) {
                    break;
                }
                if u64::from(weight) > books.capacity
                    || books.ranking.refuses(u64::from(weight))
                    || !self.evict_one(books, half, &mut overdue, gone, Some(entry))
                {
                    gone.spare = NO_CELL;
                    books.free.push(id);
                    self.remove(books, entry, cause, gone);
                    return false;
                }
                if !books.has(entry, old.id) {
                    gone.spare = NO_CELL;
                    books.free.push(id);
                    // It was its own turn.
                    return self.add(books, half, new, weight, then, gone, dead);
                }
            }
            gone.spare = NO_CELL;
        }
        let Some((key, value)) = new.take() else {
            books.free.push(id);
            return false;
        };
        let mark = match R::HIT {
            Hit::Mark { max } => old.cell.mark().load(Ordering::Relaxed).saturating_add(1).min(max),
            // The ranking is told of the hit; some of those that are have marks of their own.
            _ => old.cell.mark().load(Ordering::Relaxed),
        };
        // SAFETY: cells in the books are there.
        let cell = unsafe { self.cells.at(id) };
        // SAFETY: vacated for this, so nobody else has it.
        unsafe { cell.fill(entry, half, mark, Contents { note: NoteOf::<R>::default(), key, value }) };
        books.entries[entry as usize].cell = id;
        books.version += 1;
        if !W::UNIT {
            books.weights[entry as usize] = weight;
            books.used = books.used - before + u64::from(weight);
        }
        self.retire(books, old.id, before, cause, gone);
        self.show(books, Some(half));
        // As above. Nobody uses the old cell again before that, as the books are open.
        let found = Finally(|| self.table().replace(half, old.id, id));
        // SAFETY: filled, and nobody takes it out as long as the books are open.
        let note = &unsafe { cell.contents() }.note;
        // SAFETY: the books and cells of one shard.
        let (ranking, mut room) = unsafe { books.split::<K, V, W>(&self.cells) };
        if !W::UNIT && u64::from(weight) != before {
            ranking.on_weight(&mut room, entry, before);
        }
        if matches!(R::HIT, Hit::Order) {
            ranking.on_hit(&mut room, entry);
        }
        ranking.on_replace(&mut room, entry, note);
        then.done(ranking, &mut room, entry, note);
        drop(found);
        true
    }

    /// That, or that the time of the entry was over.
    #[inline(always)]
    pub(super) fn cause_of(&self, found: &FoundIn<'_, K, V, R>, cause: Cause) -> Cause {
        if R::Watch::EXPIRES && !self.watch.is_live(&found.contents().note) { Cause::Expired } else { cause }
    }

    /// Whether there is room for that much more, of which the ranking knows then.
    #[inline(always)]
    fn make_room(
        &self,
        books: &mut Books<R>,
        half: u32,
        weight: u64,
        overdue: &mut bool,
        gone: &mut Gone,
    ) -> bool {
        if weight > books.capacity || books.ranking.refuses(weight) {
            return false;
        }
        loop {
            let has_room = books.used + weight <= books.capacity && books.len < MOST;
            if has_room && books.ranking.admit(weight) {
                return true;
            }
            if !self.evict_one(books, half, overdue, gone, None) {
                return false;
            }
        }
    }

    /// Has one entry leave; that of `replaced` because it is replaced. If some may be `overdue`, one of them, or there are none.
    #[inline(always)]
    fn evict_one(
        &self,
        books: &mut Books<R>,
        half: u32,
        overdue: &mut bool,
        gone: &mut Gone,
        replaced: Option<Id>,
    ) -> bool {
        // SAFETY: the books and cells of one shard.
        let (ranking, mut room) = unsafe { books.split::<K, V, W>(&self.cells) };
        let expired = if *overdue { ranking.expire(&mut room) } else { None };
        *overdue = expired.is_some();
        let (entry, cause) = match expired {
            Some(entry) => (entry, Cause::Expired),
            None => match ranking.evict(&mut room, half) {
                Some(entry) if replaced == Some(entry) => (entry, Cause::Replaced),
                Some(entry) => (entry, Cause::Capacity),
                None => return false,
            },
        };
        let cell = self.release(books, entry, cause, gone);
        let was_over = |cell| self.was_over(&books.ranking, cell);
        if R::Watch::EXPIRES && cause != Cause::Expired && cell.is_some_and(was_over) {
            gone.was_over(cause);
        }
        true
    }

    /// Removes some of what has expired; whether there may be more.
    #[inline(always)]
    fn sweep(&self, books: &mut Books<R>, gone: &mut Gone) -> bool {
        if R::Watch::EXPIRES {
            for _ in 0..SWEPT {
                // SAFETY: the books and cells of one shard.
                let (ranking, mut room) = unsafe { books.split::<K, V, W>(&self.cells) };
                let Some(entry) = ranking.expire(&mut room) else { return false };
                self.release(books, entry, Cause::Expired, gone);
            }
        }
        R::Watch::EXPIRES
    }

    /// Takes out an entry that the ranking has forgotten: its cell.
    #[inline(always)]
    fn release(&self, books: &mut Books<R>, entry: Id, cause: Cause, gone: &mut Gone) -> Option<CellId> {
        let weight = books.weight(entry);
        let (half, cell) = books.release(entry)?;
        self.table().remove(half, cell);
        self.show(books, Some(half));
        self.retire(books, cell, weight, cause, gone);
        Some(cell)
    }

    /// Whether the time was over, when it was asked who is, of what is in a cell that was retired just now, by who has the lock since.
    #[inline]
    fn was_over(&self, ranking: &R, cell: CellId) -> bool {
        // SAFETY: it was that of an entry, so it is there.
        let cell = unsafe { self.cells.at(cell) };
        // SAFETY: filled, and only who has the lock makes retired cells free, of which contents are taken.
        let note = &unsafe { cell.contents() }.note;
        ranking.was_over(note)
    }

    /// Takes out an entry that is there.
    pub(super) fn remove(&self, books: &mut Books<R>, entry: Id, cause: Cause, gone: &mut Gone) {
        // SAFETY: the books and cells of one shard.
        let (ranking, mut room) = unsafe { books.split::<K, V, W>(&self.cells) };
        ranking.on_remove(&mut room, entry);
        self.release(books, entry, cause, gone);
    }

    /// Takes out all.
    pub(super) fn remove_all(&self, books: &mut Books<R>, gone: &mut Gone) {
        self.table().clear();
        for index in 0..books.entries.len() {
            #[expect(clippy::cast_possible_truncation, reason = "there are fewer entries than cells")]
            let entry = index as Id;
            let weight = books.weight(entry);
            if let Some((_, cell)) = books.release(entry) {
                self.retire(books, cell, weight, Cause::Removed, gone);
            }
        }
        books.clear();
        self.show(books, None);
    }

    /// Another capacity, unless it has got one by a later change.
    pub(super) fn resize(&self, books: &mut Books<R>, turn: u64, capacity: u64, gone: &mut Gone) {
        if turn < books.resized {
            return;
        }
        books.resized = turn;
        // First, so that there is no more than the capacity should the clock panic: which is the old one then.
        let mut overdue = true;
        while books.used > capacity && self.evict_one(books, NONE, &mut overdue, gone, None) {}
        books.capacity = capacity;
        // SAFETY: the books and cells of one shard.
        let (ranking, mut room) = unsafe { books.split::<K, V, W>(&self.cells) };
        ranking.resize(&mut room, capacity);
        self.written.capacity.store(capacity, Ordering::Relaxed);
    }

    /// A larger table.
    #[cold]
    #[inline(never)]
    fn widen(&self, books: &mut Books<R>) {
        let now = self.table();
        let most = if W::UNIT { usize::try_from(books.capacity).unwrap_or(usize::MAX) } else { usize::MAX };
        let expected = self.cells.first() as usize;
        let room = if now.groups() == 1 { expected } else { now.room() * 2 };
        books.outgrown += now.room();
        // However small the steps are in which the capacity grows.
        let wider = Table::new(room.min(most).max(books.outgrown + 1));
        for entry in &books.entries {
            if entry.cell != NO_CELL {
                wider.insert(entry.hash, entry.cell);
            }
        }
        let wider = Box::into_raw(Box::new(wider));
        let before = self.table.swap(wider, Ordering::AcqRel);
        // Who still looks there finds nothing, and that the table is another one.
        now.clear();
        books.tables.extend(NonNull::new(before));
        books.version += 1;
    }
}
