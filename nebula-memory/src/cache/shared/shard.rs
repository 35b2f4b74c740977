//! A shard: what readers share, and the books of writers.
//!
//! A reader finds a cell in the table, says in a hazard that it reads there, and looks whether the table still has it. A writer takes
//! a cell out of the table first, and writes into it only when it has seen no hazard that says so.
//!
//! | reader | writer |
//! | --- | --- |
//! | finds the cell in the table | takes the cell out of the table |
//! | writes the hazard | |
//! | `light_fence` | `heavy_fence`, one for many cells |
//! | looks whether the cell is still in the table | reads the hazards of all threads |
//!
//! At least one of the two sees what the other did: the reader that the cell has gone, or the writer that it is read.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a cell is used again while somebody reads it | the above; who has no hazard counts itself in `pins`, and nothing is used again meanwhile |
//! | the kernel refuses heavy fences later on | from then on readers are asked for full ones (`full`); what light ones have left is waited for once |
//! | the cell was used again, and is in the same place, between the two looks of the reader | then it is in the table now, and what is in it is seen by the second look |
//! | a table that goes while somebody looks into it | it stays until the end, empty |
//! | a reader in a table that is not in use any more | it was emptied after its successor was shown, so who misses something in it sees that |
//! | a thread waits for a lock that it has | no code of the user runs under the lock: keys are compared by who has a hazard on them |

use core::marker::PhantomData;
use core::ptr;
use std::boxed::Box;
use std::sync::PoisonError;

use super::books::Books;
use super::cells::{Cell, CellId, Cells, Contents, NO_CELL};
use super::hazards;
use super::hits::Hits;
use super::table::Table;
use crate::cache::policy::{Hit, Id, NoteOf, Ranking};
use crate::cache::tags::tag;
use crate::cache::weight::Weigher;
use crate::sync::{AtomicPtr, AtomicU8, AtomicU64, AtomicUsize, Mutex, MutexGuard, Ordering, asymmetric};

/// A part of a cache that needs no other.
#[repr(C)]
pub(super) struct Shard<K, V, R: Ranking, W> {
    /// Never null.
    pub(super) table: AtomicPtr<Table>,
    pub(super) cells: Cells<K, V, NoteOf<R>>,
    /// 1: readers need full fences.
    pub(super) full: AtomicU8,
    pub(super) watch: R::Watch,
    pub(super) hits: Hits,
    /// Readers without a hazard.
    pub(super) pins: AtomicUsize,
    pub(super) written: Written<R>,
    weigher: PhantomData<fn() -> W>,
}

/// What readers do not look at, on lines of its own.
#[repr(align(128))]
pub(super) struct Written<R: Ranking> {
    pub(super) books: Mutex<Books<R>>,
    /// Entries that are there, for who has no lock.
    pub(super) len: AtomicUsize,
    /// What they weigh.
    pub(super) used: AtomicU64,
    /// What they may weigh.
    pub(super) capacity: AtomicU64,
}

/// What keeps a cell from being used again: a hazard, or a pin of the whole shard.
pub(super) struct Hold<'a> {
    word: &'a AtomicUsize,
    is_pin: bool,
}

impl Hold<'_> {
    /// Says that this is read. It holds as soon as it is known that the cell had not gone by then.
    #[inline(always)]
    fn protect<K, V, N>(&self, cell: &Cell<K, V, N>) {
        if !self.is_pin {
            // Release: the cell that it said before was read before.
            self.word.store(cell.address(), Ordering::Release);
        }
    }
}

impl Drop for Hold<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        if self.is_pin {
            self.word.fetch_sub(1, Ordering::Release);
        } else {
            self.word.store(0, Ordering::Release);
        }
    }
}

/// A cell that cannot be used again as long as this is there, and is filled.
pub(super) struct Found<'a, K, V, N> {
    pub(super) cell: &'a Cell<K, V, N>,
    pub(super) id: CellId,
    _hold: Hold<'a>,
}

impl<K, V, N> Found<'_, K, V, N> {
    #[inline(always)]
    pub(super) fn contents(&self) -> &Contents<K, V, N> {
        // SAFETY: it was filled when it was protected, and nobody takes anything out since.
        unsafe { self.cell.contents() }
    }
}

/// What a look-up finds.
pub(super) type FoundIn<'a, K, V, R> = Found<'a, K, V, NoteOf<R>>;

impl<K, V, R: Ranking, W: Weigher<K, V>> Shard<K, V, R, W> {
    /// For so many entries, as far as can be said.
    pub(super) fn new(ranking: R, capacity: u64, expected: u32, stripes: usize) -> Self {
        let stripes = if matches!(R::HIT, Hit::Order) { stripes } else { 0 };
        Self {
            table: AtomicPtr::new(Box::into_raw(Box::new(Table::new(1)))),
            cells: Cells::new(expected),
            full: AtomicU8::new(u8::from(!asymmetric::is_cheap())),
            watch: ranking.watch(),
            hits: Hits::new(stripes),
            pins: AtomicUsize::new(0),
            written: Written {
                books: Mutex::new(Books::new(ranking, capacity)),
                len: AtomicUsize::new(0),
                used: AtomicU64::new(0),
                capacity: AtomicU64::new(capacity),
            },
            weigher: PhantomData,
        }
    }

    /// The books. No code of the user may run while they are open.
    #[inline(always)]
    pub(super) fn open(&self) -> MutexGuard<'_, Books<R>> {
        // What panics there is a policy or a clock; entries are in order all the same.
        self.written.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[inline(always)]
    pub(super) fn table(&self) -> &Table {
        // SAFETY: there always is one, and tables stay until the end.
        unsafe { &*self.table.load(Ordering::Acquire) }
    }

    /// Something to hold a cell with.
    #[inline(always)]
    pub(super) fn hold(&self) -> Hold<'_> {
        match hazards::unused() {
            Some(word) => Hold { word, is_pin: false },
            None => self.pin(),
        }
    }

    #[cold]
    #[inline(never)]
    fn pin(&self) -> Hold<'_> {
        self.pins.fetch_add(1, Ordering::SeqCst);
        let hold = Hold { word: &self.pins, is_pin: true };
        // Against the heavy fence of who is about to use cells again.
        asymmetric::full_fence();
        hold
    }

    /// The entry with this half of a hash of which `is_it` says that it is meant.
    #[inline(always)]
    pub(super) fn find<'a>(
        &'a self,
        half: u32,
        hold: Hold<'a>,
        mut is_it: impl FnMut(&K) -> bool,
    ) -> Option<FoundIn<'a, K, V, R>> {
        // Mostly it is the first that is looked at, or there is none.
        let table = self.table();
        let home = table.probe(half).group;
        table.prefetch_ids(home);
        let tags = table.tags(home);
        match tags.matching(tag(half)).first() {
            Some(place) => {
                let place = table.id(home, place);
                let id = place.load(Ordering::Acquire);
                if id != NO_CELL {
                    // SAFETY: read with acquire from where it was shown.
                    let cell = unsafe { self.cells.at(id) };
                    hold.protect(cell);
                    asymmetric::light_fence();
                    let still = place.load(Ordering::Acquire) == id;
                    if still && self.full.load(Ordering::Relaxed) == 0 {
                        // SAFETY: it is in the table, so it is filled, and protected since before that.
                        let contents = unsafe { cell.contents() };
                        if is_it(&contents.key) {
                            return Some(Found { cell, id, _hold: hold });
                        }
                    }
                }
            }
            None if tags.overflow() == 0 && ptr::eq(self.table(), table) => return None,
            None => {}
        }
        self.search(half, hold, is_it)
    }

    /// The same, in all places where it can be.
    #[inline(never)]
    fn search<'a>(
        &'a self,
        half: u32,
        hold: Hold<'a>,
        mut is_it: impl FnMut(&K) -> bool,
    ) -> Option<FoundIn<'a, K, V, R>> {
        let tag = tag(half);
        loop {
            let table = self.table();
            let mut probe = table.probe(half);
            loop {
                let tags = table.tags(probe.group);
                for place in tags.matching(tag) {
                    let place = table.id(probe.group, place);
                    let mut id = place.load(Ordering::Acquire);
                    while id != NO_CELL {
                        // SAFETY: read with acquire from where it was shown.
                        let cell = unsafe { self.cells.at(id) };
                        hold.protect(cell);
                        asymmetric::light_fence();
                        let mut now = place.load(Ordering::Acquire);
                        if self.full.load(Ordering::Relaxed) != 0 {
                            asymmetric::full_fence();
                            now = place.load(Ordering::Acquire);
                        }
                        if now == id {
                            // SAFETY: it is in the table, so it is filled, and protected since before that.
                            if is_it(&unsafe { cell.contents() }.key) {
                                return Some(Found { cell, id, _hold: hold });
                            }
                            break;
                        }
                        // Another value of the same key may have come there.
                        id = now;
                    }
                }
                if tags.overflow() == 0 || !probe.advance() {
                    break;
                }
            }
            if ptr::eq(self.table(), table) {
                return None;
            }
        }
    }

    /// Holds the cell of an entry, if there is one.
    #[inline]
    pub(super) fn hold_entry(&self, books: &Books<R>, entry: Id) -> Option<FoundIn<'_, K, V, R>> {
        let id = books.entries.get(entry as usize)?.cell;
        if id == NO_CELL {
            return None;
        }
        let hold = self.hold();
        // SAFETY: the cell of an entry is there, and filled.
        let cell = unsafe { self.cells.at(id) };
        // Who takes it out opens the books after this thread has closed them, and so sees the hazard.
        hold.protect(cell);
        Some(Found { cell, id, _hold: hold })
    }
}

impl<K, V, R: Ranking, W> Drop for Shard<K, V, R, W> {
    fn drop(&mut self) {
        let books = self.written.books.get_mut().unwrap_or_else(PoisonError::into_inner);
        let tables = books.tables.drain(..).map(ptr::NonNull::as_ptr);
        for table in tables.chain([self.table.load(Ordering::Relaxed)]) {
            // SAFETY: made by `Box::into_raw`, each once; nobody looks into them any more.
            drop(unsafe { Box::from_raw(table) });
        }
    }
}
