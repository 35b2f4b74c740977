//! Blocks of one size, chosen at run time, that grow by segments, for a block pool that threads share.
//!
//! As for objects, memory comes in segments, each as large as all before it, so that blocks never move and the way from an index
//! to its block is a shift and a multiplication. The memory is the caller's: blocks, and behind them an [`Entry`] for each.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | two owners of a block | each index is added once, by one thread at a time, and then in the hands of one owner or of the free list |
//! | a block that is given back twice | its entry says that it is free |
//! | a block that is looked up before its segment is there | a segment is published before the first of its indices is |
//! | a pointer that is no block's | segment and index are computed, exactly, and from the address alone |

use core::alloc::Layout;
use core::array::from_fn;
use core::ptr::{self, NonNull};
use std::boxed::Box;
use std::vec::Vec;

use super::engine::{Engine, Places};
use super::item::Item;
use super::shard::{APART, HEADER, Shard};
use super::stack::{Links, Stack};
use crate::allocator::pool::Division;
use crate::sync::{AtomicPtr, AtomicU32, Ordering};

/// What lies beside a block.
struct Entry {
    link: AtomicU32,
    /// Not zero while somebody has the block.
    used: AtomicU32,
}

/// Segments at most.
const SEGMENTS: usize = 30;
/// All indices are less.
pub(in crate::allocator) const END: u32 = 1 << SEGMENTS;
const SHARDS: usize = if cfg!(any(loom, miri)) { 2 } else { 16 };
/// The items that a shard has at first, and at most.
const ROOM: [u32; 2] = if cfg!(any(loom, miri)) { [2, 4] } else { [4, 56] };

/// The words of a shard, on lines of the cache that no other has.
#[repr(align(128))]
struct ShardWords {
    header: [AtomicU32; HEADER],
    items: [AtomicU32; APART + ROOM[1] as usize],
}

/// Invariant: a pointer is null, or one to the blocks of its segment and the entries behind them, which are initialised. It is
/// set once, before an index of the segment is handed out.
struct Memory {
    division: Division,
    /// The first segment has as many blocks as two to this power.
    first: u32,
    segments: [AtomicPtr<u8>; SEGMENTS],
    /// How many segments there are.
    count: AtomicU32,
    shards: Box<[ShardWords]>,
}

/// Which blocks are free, and where each is.
pub(in crate::allocator) struct GrowingBlocks {
    stack: Stack,
    memory: Memory,
}

/// The memory of a segment: its layout, and where the entries are in it. `None` if that overflows.
fn parts(division: &Division, len: usize) -> Option<(Layout, usize)> {
    let bytes = division.block().size().checked_mul(len)?;
    let blocks = Layout::from_size_align(bytes, division.block().align()).ok()?;
    blocks.extend(Layout::array::<Entry>(len).ok()?).ok()
}

impl Memory {
    /// How many blocks a segment has.
    const fn len(&self, segment: u32) -> usize {
        1 << (self.first + segment.saturating_sub(1))
    }

    /// The index of the first block of a segment: as many as all before it have.
    const fn start(&self, segment: u32) -> u32 {
        if segment == 0 { 0 } else { 1 << (self.first + segment - 1) }
    }

    /// The segment of an index, and which of its blocks it is.
    #[inline(always)]
    fn place(&self, index: u32) -> (u32, usize) {
        let segment = (index >> self.first).checked_ilog2().map_or(0, |log| log + 1);
        (segment, (index - self.start(segment)) as usize)
    }

    /// The block of an index that was handed out.
    #[inline(always)]
    fn block(&self, index: u32) -> NonNull<u8> {
        let (segment, at) = self.place(index);
        let first = self.segments[segment as usize].load(Ordering::Acquire);
        debug_assert!(!first.is_null(), "an index of no segment");
        // SAFETY: the index was handed out, so the segment is there and has this block.
        let block = unsafe { first.add(at * self.division.block().size()) };
        // SAFETY: not null, as above.
        unsafe { NonNull::new_unchecked(block) }
    }

    /// The entry of an index that was handed out.
    #[inline(always)]
    fn entry(&self, index: u32) -> &Entry {
        let (segment, at) = self.place(index);
        let first = self.segments[segment as usize].load(Ordering::Acquire);
        // Computed without checks: `parts` was, with the same numbers.
        let entries = self.entries_of(segment);
        // SAFETY: the index was handed out, so the segment is there with its entries behind the blocks.
        let entries = unsafe { first.add(entries) };
        // SAFETY: not null, as above.
        let entries = unsafe { NonNull::new_unchecked(entries) }.cast::<Entry>();
        // SAFETY: one of them.
        let entry = unsafe { entries.add(at) };
        // SAFETY: initialised when the segment was set, and there as long as `self` is.
        unsafe { entry.as_ref() }
    }

    /// Where the entries of a segment begin.
    #[inline(always)]
    fn entries_of(&self, segment: u32) -> usize {
        (self.len(segment) * self.division.block().size()).next_multiple_of(align_of::<Entry>())
    }
}

impl Links for Memory {
    const END: u32 = END;

    #[inline]
    fn link(&self, slot: u32) -> &AtomicU32 {
        &self.entry(slot).link
    }
}

impl Places for Memory {
    type Item = u32;

    #[inline(always)]
    fn item(&self, slot: u32) -> u32 {
        slot
    }

    #[inline(always)]
    fn slot(&self, item: u32) -> u32 {
        item
    }

    #[expect(clippy::cast_possible_truncation, reason = "sixteen")]
    const SHARDS: u32 = SHARDS as u32;

    #[inline(always)]
    fn shard(&self, number: u32) -> Option<Shard<'_, u32>> {
        let words = self.shards.get(number as usize)?;
        Shard::of(&words.header, &words.items)
    }

    const COMPACT: bool = true;

    #[inline]
    fn room(&self) -> u32 {
        let blocks = self.start(self.count.load(Ordering::Relaxed));
        (blocks / 8).clamp(ROOM[0], ROOM[1])
    }
}

impl GrowingBlocks {
    /// No blocks yet; the first segment will have two to the power of `first`. `None` if there is no memory for shards.
    pub(in crate::allocator) fn try_new(division: Division, first: u32) -> Option<Self> {
        let mut shards = Vec::new();
        shards.try_reserve_exact(SHARDS).ok()?;
        shards.extend((0..SHARDS).map(|_| ShardWords {
            header: from_fn(|_| AtomicU32::new(0)),
            items: from_fn(|_| AtomicU32::new(0)),
        }));
        let memory = Memory {
            division,
            first,
            segments: from_fn(|_| AtomicPtr::new(ptr::null_mut())),
            count: AtomicU32::new(0),
            shards: shards.into_boxed_slice(),
        };
        Some(Self { stack: Stack::empty::<Memory>(), memory })
    }

    pub(in crate::allocator) fn division(&self) -> &Division {
        &self.memory.division
    }

    #[inline(always)]
    fn free(&self) -> Engine<'_, Memory> {
        Engine::new(&self.stack, &self.memory)
    }

    /// A block that was given back.
    #[inline(always)]
    pub(in crate::allocator) fn take(&self) -> Option<NonNull<u8>> {
        let index = self.free().take();
        (index != u32::NONE).then(|| self.hand_out(index))
    }

    /// The block of an index that is in the caller's hands, whose it is from now on.
    #[inline(always)]
    pub(in crate::allocator) fn hand_out(&self, index: u32) -> NonNull<u8> {
        self.memory.entry(index).used.store(1, Ordering::Relaxed);
        self.memory.block(index)
    }

    /// The index of a block that is in somebody's hands: an error if it is free, or never was handed out.
    ///
    /// # Errors
    /// Whether it is a block at all.
    #[inline(always)]
    pub(in crate::allocator) fn index_of(&self, block: NonNull<u8>) -> Result<u32, bool> {
        let index = self.find(block).ok_or(false)?;
        if self.memory.entry(index).used.load(Ordering::Relaxed) == 0 { Err(true) } else { Ok(index) }
    }

    /// The index of the block at this address, used or not, if there is one.
    #[inline]
    pub(in crate::allocator) fn find(&self, block: NonNull<u8>) -> Option<u32> {
        // It is in the largest segment as likely as in all others together.
        for segment in (0..self.memory.count.load(Ordering::Acquire)).rev() {
            let first = self.memory.segments[segment as usize].load(Ordering::Acquire);
            let at = self.memory.division.quotient(block.addr().get().wrapping_sub(first.addr()));
            if at < self.memory.len(segment) {
                #[expect(clippy::cast_possible_truncation, reason = "less than `END`")]
                return Some(self.memory.start(segment) + at as u32);
            }
        }
        None
    }

    /// A block goes back.
    ///
    /// # Safety
    /// From [`index_of`](Self::index_of), or added and never handed out; nobody uses the block or gives it back any more.
    #[inline(always)]
    pub(in crate::allocator) unsafe fn put_back(&self, index: u32) {
        self.memory.entry(index).used.store(0, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { self.free().put_back(index) };
    }

    /// How many blocks were given back. Exact if none is taken or given back meanwhile.
    pub(in crate::allocator) fn available(&self) -> usize {
        self.free().available()
    }

    /// What has to be there before this index is handed out: a segment, and the layout of its memory; `None` if it is there.
    ///
    /// # Errors
    /// If that overflows.
    pub(in crate::allocator) fn lacks(&self, index: u32) -> Result<Option<(u32, Layout)>, ()> {
        let (segment, _) = self.memory.place(index);
        if !self.memory.segments[segment as usize].load(Ordering::Relaxed).is_null() {
            return Ok(None);
        }
        let (layout, _) = parts(&self.memory.division, self.memory.len(segment)).ok_or(())?;
        Ok(Some((segment, layout)))
    }

    /// Makes memory a segment.
    ///
    /// # Safety
    /// [`lacks`](Self::lacks) has asked for it with this layout; it is nobody else's and stays as long as `self`. No other
    /// thread does this at the same time.
    pub(in crate::allocator) unsafe fn extend(&self, segment: u32, memory: NonNull<u8>) {
        // SAFETY: within the memory.
        let entries = unsafe { memory.add(self.memory.entries_of(segment)) }.cast::<Entry>();
        for at in 0..self.memory.len(segment) {
            // SAFETY: as above.
            let entry = unsafe { entries.add(at) };
            // SAFETY: as above, aligned, and nobody else knows of it.
            unsafe { entry.write(Entry { link: AtomicU32::new(0), used: AtomicU32::new(0) }) };
        }
        self.memory.segments[segment as usize].store(memory.as_ptr(), Ordering::Release);
        self.memory.count.store(segment + 1, Ordering::Release);
    }

    /// All blocks are as if they had never been added; the segments stay.
    pub(in crate::allocator) fn forget_all(&mut self, added: u32) {
        for index in 0..added {
            self.memory.entry(index).used.store(0, Ordering::Relaxed);
        }
        self.stack = Stack::empty::<Memory>();
        for words in &mut self.memory.shards {
            *words =
                ShardWords { header: from_fn(|_| AtomicU32::new(0)), items: from_fn(|_| AtomicU32::new(0)) };
        }
    }

    /// The memory of each segment, to be given back: `self` is not used any more.
    pub(in crate::allocator) fn segments(&self) -> impl Iterator<Item = (NonNull<u8>, Layout)> {
        (0..self.memory.count.load(Ordering::Acquire)).filter_map(|segment| {
            let memory = NonNull::new(self.memory.segments[segment as usize].load(Ordering::Acquire))?;
            Some((memory, parts(&self.memory.division, self.memory.len(segment))?.0))
        })
    }
}
