use core::alloc::Layout;
use core::cell::Cell;
use core::ptr::NonNull;

use super::ArenaStats;
use crate::allocator::bump::{MAX_MIN_ALIGN, OneThread, Span};
use crate::allocator::{Allocator, Growth};
use crate::error::{self, AllocError, AllocatorKind};
use crate::layout::{align_down, align_up};

/// What a chunk has beside its memory: a header, and what heaps keep beside a block.
const OVERHEAD: usize = size_of::<Header>() + 16;
/// What the first chunk is asked to be: what heaps still keep at hand per thread.
const FIRST: usize = 1024;
/// Doubling ends here; a larger request gets a chunk of its own size.
const LARGEST: usize = 4 << 20;

/// Stands at the low end of every chunk.
struct Header {
    next: Cell<Option<NonNull<Header>>>,
    /// The bytes of memory above this header: between those asked for and those got, and a multiple of `CHUNK_ALIGN`.
    size: usize,
}

/// Sizes and alignments are multiples of this.
const CHUNK_ALIGN: usize = MAX_MIN_ALIGN;
const _: () = assert!(align_of::<Header>() <= CHUNK_ALIGN);
/// So floors are aligned to any minimum.
const _: () = assert!(size_of::<Header>().is_multiple_of(CHUNK_ALIGN));

/// The chunks of an arena, in the order in which they are used.
///
/// Chunks are only added while the arena lives, and never move. A cursor stands in one chunk (or in none); the ones
/// behind it hold no value, because scopes nest: whoever stands further on ends first. So "the next chunk"
/// is free for whoever asks for it. While the backing allocator is asked for a chunk nobody else may ask for one:
/// a backing that used the arena it backs would find the cursor where it is about to leave.
pub(super) struct Chunks<A: Allocator> {
    first: Cell<Option<NonNull<Header>>>,
    /// Whether there are chunks that `restart` has not seen.
    added: Cell<bool>,
    /// The size that the next chunk will have, with its overhead.
    next_size: Cell<usize>,
    allocated: Cell<usize>,
    /// Whether the backing allocator is being asked.
    growing: Cell<bool>,
    growth: Growth,
    /// `allocated` does not go beyond this.
    limit: usize,
    backing: A,
}

// SAFETY: the chunks are owned, and reached through this value only, or through one usable scope that borrows it
// exclusively.
unsafe impl<A: Allocator + Send> Send for Chunks<A> {}

// SAFETY: the condition is never met.
unsafe impl<A: Allocator> Sync for Chunks<A> where OneThread<A>: Sync {}

impl<A: Allocator> Chunks<A> {
    pub(super) const fn new(backing: A) -> Self {
        Self::with_growth(backing, Growth::Double, usize::MAX)
    }

    /// Chunks that grow as told, to `limit` bytes in all.
    pub(super) const fn with_growth(backing: A, growth: Growth, limit: usize) -> Self {
        Self {
            first: Cell::new(None),
            added: Cell::new(false),
            next_size: Cell::new(FIRST),
            allocated: Cell::new(0),
            growing: Cell::new(false),
            growth,
            limit,
            backing,
        }
    }

    /// The bytes of all chunks, without their headers.
    pub(super) fn allocated(&self) -> usize {
        self.allocated.get()
    }

    /// How many bytes all chunks may have, without their headers.
    pub(super) fn limit(&self) -> usize {
        self.limit
    }

    #[cfg(feature = "config")]
    pub(super) fn growth(&self) -> Growth {
        self.growth
    }

    pub(super) fn backing(&self) -> &A {
        &self.backing
    }

    /// How much there is, and how much of it is used if `now` is what is free in the chunk that is being used.
    pub(super) fn stats(&self, now: Span) -> ArenaStats {
        let mut stats = ArenaStats { total_allocated: self.allocated(), ..ArenaStats::default() };
        let (mut next, mut used, mut behind) = (self.first.get(), 0, now.home == Span::NONE.home);
        while let Some(chunk) = next {
            let span = Self::span_of(chunk);
            if !behind {
                used += span.len();
                behind = span.home == now.home;
            }
            stats.chunk_count += 1;
            // SAFETY: headers are valid as long as the list is.
            stats.largest_chunk = stats.largest_chunk.max(unsafe { chunk.as_ref() }.size);
            // SAFETY: as above.
            next = unsafe { chunk.as_ref() }.next.get();
        }
        stats.current_used = used - now.len();
        stats
    }

    /// The memory to begin with when nothing is allocated: that of the largest chunk, in which most fits without going
    /// on to another, and after which the next largest follows. O(1), but after chunks were added O(chunks), once.
    #[inline]
    pub(super) fn restart(&mut self) -> Span {
        if self.added.take() {
            self.bring_large_ones_to_front();
        }
        self.start()
    }

    /// What was added in growing sizes is in falling sizes after this.
    #[cold]
    fn bring_large_ones_to_front(&mut self) {
        let Some(mut last) = self.first.get() else { return };
        // SAFETY: headers are valid as long as the list is.
        while let Some(chunk) = unsafe { last.as_ref() }.next.get() {
            // SAFETY: as above.
            let header = unsafe { chunk.as_ref() };
            match self.first.get() {
                // SAFETY: as above.
                Some(first) if header.size >= unsafe { first.as_ref() }.size => {
                    // SAFETY: as above.
                    unsafe { last.as_ref() }.next.set(header.next.replace(Some(first)));
                    self.first.set(Some(chunk));
                }
                _ => last = chunk,
            }
        }
    }

    /// The memory of the first chunk.
    #[inline]
    pub(super) fn start(&self) -> Span {
        match self.first.get() {
            Some(chunk) => Self::span_of(chunk),
            None => Span::NONE,
        }
    }

    /// All of a chunk's memory. `chunk` may access all of it, as every link does.
    #[inline]
    fn span_of(chunk: NonNull<Header>) -> Span {
        // SAFETY: headers are valid as long as the list is; shared access, the mutable part is in a cell.
        let size = unsafe { chunk.as_ref() }.size;
        // SAFETY: a chunk is at least as large as its header.
        let floor = unsafe { chunk.add(1) }.cast::<u8>();
        // SAFETY: one past the end of the chunk.
        let top = unsafe { floor.add(size) };
        Span::whole(floor, top)
    }

    /// The link that leads on from the chunk whose span has this home: its own, or the list's if it is in none.
    fn link_after(&self, home: NonNull<u8>) -> &Cell<Option<NonNull<Header>>> {
        if home == Span::NONE.home {
            return &self.first;
        }
        // SAFETY: the home of a span of this list lies just above its header, and may access the whole chunk.
        let header = unsafe { home.cast::<Header>().sub(1) };
        // SAFETY: headers live as long as the list.
        unsafe { &(*header.as_ptr()).next }
    }

    /// The chunk to go on in after that whose span has this home (all that callers keep in a register for this), with
    /// room for `layout`; a new one if the next there is has none.
    ///
    /// # Errors
    /// If the size overflows, if the backing allocator refuses, or if it is the one that asks.
    #[cold]
    #[inline(never)]
    pub(super) fn after(&self, home: NonNull<u8>, layout: Layout) -> Result<Span, AllocError> {
        if self.growing.get() {
            return Err(self.refused(layout));
        }
        let link = self.link_after(home);
        if let Some(next) = link.get() {
            let span = Self::span_of(next);
            if span.has_room_for(layout) {
                return Ok(span);
            }
        }
        let chunk = self.add(link.get(), layout)?;
        link.set(Some(chunk));
        Ok(Self::span_of(chunk))
    }

    /// As [`after`](Self::after), but panics.
    #[cold]
    #[inline(never)]
    #[track_caller]
    pub(super) fn after_or_panic(&self, home: NonNull<u8>, layout: Layout) -> Span {
        match self.after(home, layout) {
            Ok(span) => span,
            Err(error) => error::out_of_memory(error),
        }
    }

    /// Allocates a chunk with room for `layout`, to stand before `next`.
    fn add(&self, next: Option<NonNull<Header>>, layout: Layout) -> Result<NonNull<Header>, AllocError> {
        // Both ends of a chunk are aligned to `CHUNK_ALIGN`; only more than that takes room.
        let padding = if layout.align() > CHUNK_ALIGN { layout.align() } else { 0 };
        // Does not overflow: both fit `isize`, and their sum with little more fits `usize`.
        let needed = align_up(layout.size(), CHUNK_ALIGN) + padding;
        let room = self.limit - self.allocated.get();
        if needed > room {
            return Err(
                AllocError::budget_exceeded(layout, self.limit, room).with_allocator(AllocatorKind::Arena)
            );
        }
        let usual = self.next_size.get();
        let wanted = needed.max(align_down((usual - OVERHEAD).min(room), CHUNK_ALIGN));
        let memory = match self.request(wanted, layout) {
            Err(_) if needed < wanted => self.request(needed, layout)?,
            other => other?,
        };
        if needed <= usual - OVERHEAD {
            let next = match self.growth {
                Growth::Fixed => usual,
                Growth::Double => usual.saturating_mul(2).min(LARGEST.max(usual)),
                Growth::Incremental(bytes) => usual.saturating_add(bytes),
            };
            self.next_size.set(next);
        }

        let header = memory.cast::<Header>();
        // The backing may have given more than was asked for, but not the limit.
        let size = align_down((memory.len() - size_of::<Header>()).min(room), CHUNK_ALIGN);
        // SAFETY: the chunk is larger than its header, aligned for it, and ours.
        unsafe { header.write(Header { next: Cell::new(next), size }) };
        self.allocated.set(self.allocated.get() + size);
        self.added.set(true);
        Ok(header)
    }

    fn request(&self, bytes: usize, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        let chunk = bytes
            .checked_add(size_of::<Header>())
            .and_then(|bytes| Layout::from_size_align(bytes, CHUNK_ALIGN).ok())
            .ok_or_else(|| AllocError::capacity_overflow(AllocatorKind::Arena))?;
        let growing = Growing::begin(&self.growing);
        let memory = self.backing.allocate(chunk);
        drop(growing);
        memory.map_err(|_| self.refused(layout))
    }

    fn refused(&self, layout: Layout) -> AllocError {
        AllocError::out_of_memory(AllocatorKind::Arena, layout).with_room(self.allocated.get(), 0)
    }

    /// The chunk to go on in after that of `used`, with room for `bytes`.
    ///
    /// # Errors
    /// As for [`after`](Self::after).
    pub(super) fn room_for(&self, used: Span, bytes: usize) -> Result<Span, AllocError> {
        let layout = Layout::from_size_align(bytes, CHUNK_ALIGN)
            .map_err(|_| AllocError::capacity_overflow(AllocatorKind::Arena))?;
        self.after(used.home, layout)
    }

    /// Makes sure that the first chunk has room for `bytes`, which are no more than the limit, or for what of the limit
    /// can be a chunk. There are no chunks yet.
    ///
    /// # Errors
    /// As for [`after`](Self::after).
    pub(super) fn reserve(&self, bytes: usize) -> Result<(), AllocError> {
        let bytes = bytes.min(align_down(self.limit, CHUNK_ALIGN));
        self.next_size.set(bytes.saturating_add(OVERHEAD).max(FIRST));
        self.room_for(Span::NONE, bytes).map(drop)
    }

    /// Gives all chunks back.
    pub(super) fn release(&mut self) {
        self.allocated.set(0);
        let mut chunk = self.first.take();
        while let Some(header) = chunk {
            // SAFETY: the chunk is still allocated.
            let size = unsafe { header.as_ref() }.size;
            // SAFETY: as above.
            chunk = unsafe { header.as_ref() }.next.get();
            // SAFETY: a chunk of this size and alignment exists.
            let layout =
                unsafe { Layout::from_size_align_unchecked(size + size_of::<Header>(), CHUNK_ALIGN) };
            // SAFETY: allocated from this allocator with this alignment and a size that fits; not used any more.
            unsafe { self.backing.deallocate(header.cast(), layout) };
        }
    }
}

/// Marks that the backing allocator is being asked, also if it panics.
struct Growing<'a>(&'a Cell<bool>);

impl<'a> Growing<'a> {
    fn begin(growing: &'a Cell<bool>) -> Self {
        growing.set(true);
        Self(growing)
    }
}

impl Drop for Growing<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

impl<A: Allocator> Drop for Chunks<A> {
    fn drop(&mut self) {
        self.release();
    }
}
