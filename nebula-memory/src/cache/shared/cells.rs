//! Places for keys and values that never move, and are read without a lock.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | contents that are not there are read | `filled` says whether there are any; who reads has the cell from a table or an entry, and protects it |
//! | contents are written while they are read | [`fill`](Cell::fill) and [`take`](Cell::take) are for who has the lock, and knows that no table has the cell and no hazard either |
//! | contents are dropped twice, or never | both change `filled`; what is filled at the end is dropped then |
//! | a cell that moves | chunks stay where they are until the end |
//! | a chunk is not there for who has an id in it | ids are published with release after the chunk |
//! | a chunk that was only zeroed | zero is a valid atomic, and contents are `MaybeUninit` |

use core::cell::UnsafeCell;
use core::mem::{MaybeUninit, needs_drop};
use core::ptr;
use std::alloc::{Layout, alloc_zeroed, dealloc};

use crate::pool::panics::FirstPanic;
use crate::sync::{AtomicPtr, AtomicU8, AtomicU32, Ordering};

/// A cell, by its number. The first is not used.
pub(super) type CellId = u32;
/// No cell.
pub(super) const NO_CELL: CellId = 0;
/// Chunks after the first.
const MORE: usize = 31;

/// What is looked up and what is found.
pub(super) struct Contents<K, V, N> {
    pub(super) note: N,
    pub(super) key: K,
    pub(super) value: V,
}

/// A place for a key and a value, and what stands beside them.
pub(super) struct Cell<K, V, N> {
    /// Which entry it belongs to.
    owner: AtomicU32,
    /// How often it was hit.
    mark: AtomicU8,
    /// Whether there are contents: 0 or 1.
    filled: AtomicU8,
    /// Bits of the hash that neither a tag has nor says in which group it is.
    check: AtomicU8,
    contents: UnsafeCell<MaybeUninit<Contents<K, V, N>>>,
}

#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "some bits are meant")]
fn check(half: u32) -> u8 {
    (half >> 8) as u8
}

impl<K, V, N> Cell<K, V, N> {
    #[inline(always)]
    pub(super) fn address(&self) -> usize {
        ptr::from_ref(self).addr()
    }

    #[inline(always)]
    pub(super) fn owner(&self) -> u32 {
        self.owner.load(Ordering::Relaxed)
    }

    #[inline(always)]
    pub(super) fn mark(&self) -> &AtomicU8 {
        &self.mark
    }

    /// Whether the key may have this half of a hash.
    #[inline(always)]
    pub(super) fn may_have(&self, half: u32) -> bool {
        self.check.load(Ordering::Relaxed) == check(half)
    }

    /// What is in it.
    ///
    /// # Safety
    ///
    /// It is filled, and stays so as long as the reference is used.
    #[inline(always)]
    pub(super) unsafe fn contents(&self) -> &Contents<K, V, N> {
        // SAFETY: the pointer is valid, and nobody writes.
        let contents = unsafe { &*self.contents.get() };
        // SAFETY: filled.
        unsafe { contents.assume_init_ref() }
    }

    /// Puts something into it.
    ///
    /// # Safety
    ///
    /// It is not filled, and nobody else uses its contents.
    #[inline(always)]
    pub(super) unsafe fn fill(&self, owner: u32, half: u32, mark: u8, contents: Contents<K, V, N>) {
        // SAFETY: nobody else uses it.
        unsafe { (*self.contents.get()).write(contents) };
        self.owner.store(owner, Ordering::Relaxed);
        self.mark.store(mark, Ordering::Relaxed);
        self.check.store(check(half), Ordering::Relaxed);
        self.filled.store(1, Ordering::Relaxed);
    }

    /// Takes out what is in it, if there is something.
    ///
    /// # Safety
    ///
    /// Nobody else uses its contents.
    #[inline(always)]
    pub(super) unsafe fn take(&self) -> Option<Contents<K, V, N>> {
        if self.filled.load(Ordering::Relaxed) == 0 {
            return None;
        }
        self.filled.store(0, Ordering::Relaxed);
        // SAFETY: the pointer is valid, and nobody writes.
        let contents = unsafe { &*self.contents.get() };
        // SAFETY: it was filled, and is not any more.
        Some(unsafe { contents.assume_init_read() })
    }
}

/// The cells of a shard.
#[repr(C)]
pub(super) struct Cells<K, V, N> {
    base: AtomicPtr<Cell<K, V, N>>,
    /// The cells of the first chunk. Each other one has as many as there are before it.
    first: u32,
    /// The cells there are.
    count: AtomicU32,
    more: [AtomicPtr<Cell<K, V, N>>; MORE],
}

// SAFETY: contents are owned, and go where they may.
unsafe impl<K: Send, V: Send, N: Send> Send for Cells<K, V, N> {}
// SAFETY: contents are shared, and taken out by other threads than put them in.
unsafe impl<K: Send + Sync, V: Send + Sync, N: Send + Sync> Sync for Cells<K, V, N> {}

impl<K, V, N> Cells<K, V, N> {
    /// None yet; so many, one of them of no use, when they are wanted first.
    pub(super) fn new(first: u32) -> Self {
        let none = || AtomicPtr::new(ptr::null_mut());
        Self {
            base: none(),
            first: first.max(2),
            count: AtomicU32::new(0),
            more: core::array::from_fn(|_| none()),
        }
    }

    /// The cells of the first chunk.
    pub(super) fn first(&self) -> u32 {
        self.first
    }

    /// The cells there are; ids are smaller.
    #[inline(always)]
    pub(super) fn count(&self) -> u32 {
        self.count.load(Ordering::Relaxed)
    }

    /// A cell.
    ///
    /// # Safety
    ///
    /// There is one: the id is below the [count](Self::count) that this thread knows of, or was read with acquire where it was
    /// written with release.
    #[inline(always)]
    pub(super) unsafe fn at(&self, id: CellId) -> &Cell<K, V, N> {
        if id < self.first {
            // SAFETY: the first chunk is there, and has as many.
            let cell = unsafe { self.base.load(Ordering::Relaxed).add(id as usize) };
            // SAFETY: zeroed, so a cell; it stays until the end.
            return unsafe { &*cell };
        }
        // SAFETY: as asked of the caller.
        unsafe { self.beyond(id) }
    }

    /// # Safety
    ///
    /// As [`at`](Self::at), and not in the first chunk.
    #[inline]
    unsafe fn beyond(&self, id: CellId) -> &Cell<K, V, N> {
        let chunk = (id / self.first).ilog2();
        let at = id - (self.first << chunk);
        // SAFETY: the chunk is there, and has as many.
        let cell = unsafe { self.more[chunk as usize].load(Ordering::Relaxed).add(at as usize) };
        // SAFETY: zeroed, so a cell; it stays until the end.
        unsafe { &*cell }
    }

    /// The chunk that comes when there are so many cells, and how many are in it.
    #[expect(clippy::type_complexity, reason = "a place for a pointer, and how many are behind it")]
    fn chunk(&self, count: u32) -> Option<(&AtomicPtr<Cell<K, V, N>>, u32)> {
        if count == 0 {
            return Some((&self.base, self.first));
        }
        // Together they have to be countable.
        let chunk = self.more.get((count / self.first).ilog2() as usize)?;
        (count <= u32::MAX / 2).then_some((chunk, count))
    }

    /// Makes more cells, as many as there are; whether that was possible. Only for who has the lock.
    #[cold]
    #[inline(never)]
    pub(super) fn grow(&self) -> bool {
        let count = self.count();
        let Some((chunk, more)) = self.chunk(count) else { return false };
        let Ok(layout) = Layout::array::<Cell<K, V, N>>(more as usize) else { return false };
        // SAFETY: not empty, because cells are not.
        let cells = unsafe { alloc_zeroed(layout) }.cast::<Cell<K, V, N>>();
        if cells.is_null() {
            return false;
        }
        #[cfg(loom)]
        for index in 0..more as usize {
            let cell = Cell {
                owner: AtomicU32::new(0),
                mark: AtomicU8::new(0),
                filled: AtomicU8::new(0),
                check: AtomicU8::new(0),
                contents: UnsafeCell::new(MaybeUninit::uninit()),
            };
            // SAFETY: allocated for so many.
            let place = unsafe { cells.add(index) };
            // SAFETY: as above.
            unsafe { place.write(cell) };
        }
        chunk.store(cells, Ordering::Release);
        self.count.store(count + more, Ordering::Release);
        true
    }
}

impl<K, V, N> Drop for Cells<K, V, N> {
    fn drop(&mut self) {
        let mut first = FirstPanic::default();
        let (mut count, all) = (0, self.count());
        while count < all {
            let Some((chunk, more)) = self.chunk(count) else { return };
            let cells = chunk.load(Ordering::Relaxed);
            if needs_drop::<(K, V)>() {
                for id in count.max(1)..count + more {
                    // SAFETY: below the count.
                    let cell = unsafe { self.at(id) };
                    // SAFETY: nobody else is there.
                    if let Some(contents) = unsafe { cell.take() } {
                        contents.dispose(&mut first);
                    }
                }
            }
            if let Ok(layout) = Layout::array::<Cell<K, V, N>>(more as usize) {
                // SAFETY: allocated with that layout; nobody comes after this.
                unsafe { dealloc(cells.cast(), layout) };
            }
            count += more;
        }
    }
}

impl<K, V, N> Contents<K, V, N> {
    /// Drops key and value, each even if the other panics.
    #[inline]
    pub(super) fn dispose(self, first: &mut FirstPanic) {
        if needs_drop::<K>() {
            first.run(|| drop(self.key));
        }
        if needs_drop::<V>() {
            first.run(|| drop(self.value));
        }
    }
}
