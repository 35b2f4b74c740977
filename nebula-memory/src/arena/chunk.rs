use core::alloc::Layout;
use core::cell::Cell;
use core::ptr::NonNull;

use crate::allocator::Allocator;
use crate::allocator::bump::{MAX_MIN_ALIGN, Span};
use crate::error::{self, AllocError, AllocatorKind};
use crate::layout::align_down;

/// What the first chunk is asked to be: what heaps still keep at hand per thread, less what they keep beside it.
const FIRST: usize = 1024 - HEAP_OVERHEAD;
/// Chunks double up to this; a larger request gets a chunk of its own size.
const LARGEST: usize = 4 << 20;
const HEAP_OVERHEAD: usize = 16;

/// Stands at the low end of every chunk.
struct Header {
    next: Cell<Option<NonNull<Header>>>,
    /// What the chunk was allocated with.
    layout: Layout,
    /// The end of the memory, aligned to `MAX_MIN_ALIGN`. Its provenance is the whole chunk's.
    top: NonNull<u8>,
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
    /// The size that the next chunk will have.
    next_size: Cell<usize>,
    allocated: Cell<usize>,
    /// Whether the backing allocator is being asked.
    growing: Cell<bool>,
    backing: A,
}

// SAFETY: the chunks are owned, and reached through this value only, or through one usable scope that borrows it
// exclusively.
unsafe impl<A: Allocator + Send> Send for Chunks<A> {}

impl<A: Allocator> Chunks<A> {
    pub(super) const fn new(backing: A) -> Self {
        Self {
            first: Cell::new(None),
            next_size: Cell::new(FIRST),
            allocated: Cell::new(0),
            growing: Cell::new(false),
            backing,
        }
    }

    /// The bytes of all chunks.
    pub(super) fn allocated(&self) -> usize {
        self.allocated.get()
    }

    /// The memory of the first chunk.
    #[inline]
    pub(super) fn start(&self) -> Span {
        match self.first.get() {
            Some(chunk) => Self::span_of(chunk),
            None => Span::NONE,
        }
    }

    /// All of a chunk's memory.
    #[inline]
    fn span_of(chunk: NonNull<Header>) -> Span {
        // SAFETY: headers are valid as long as the list is; shared access, the mutable part is in a cell.
        let header = unsafe { chunk.as_ref() };
        let floor = header.top.with_addr(Self::floor_of(chunk));
        Span { top: header.top, floor }
    }

    /// Where the memory of a chunk begins.
    #[inline]
    fn floor_of(chunk: NonNull<Header>) -> core::num::NonZero<usize> {
        chunk.addr().saturating_add(size_of::<Header>())
    }

    /// The link that leads on from the chunk of `span`: its own, or the list's if it is in none.
    fn link_after(&self, span: Span) -> &Cell<Option<NonNull<Header>>> {
        if span.is_none() {
            return &self.first;
        }
        let header = span
            .floor
            .map_addr(|floor| core::num::NonZero::new(floor.get() - size_of::<Header>()).unwrap_or(floor));
        // SAFETY: the floor of a span of this list lies just above its header, has the provenance of the
        // whole chunk, and headers live as long as the list.
        unsafe { &header.cast::<Header>().as_ref().next }
    }

    /// The chunk to go on in after that of `used`, with room for `layout`; a new one if the next there is
    /// has none.
    ///
    /// # Errors
    /// If the size overflows, if the backing allocator refuses, or if it is the one that asks.
    #[cold]
    #[inline(never)]
    pub(super) fn after<const MIN_ALIGN: usize>(
        &self,
        used: Span,
        layout: Layout,
    ) -> Result<Span, AllocError> {
        if self.growing.get() {
            return Err(self.refused(layout));
        }
        let link = self.link_after(used);
        if let Some(next) = link.get() {
            let span = Self::span_of(next);
            if span.take::<MIN_ALIGN>(layout).is_some() {
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
    pub(super) fn after_or_panic<const MIN_ALIGN: usize>(&self, used: Span, layout: Layout) -> Span {
        match self.after::<MIN_ALIGN>(used, layout) {
            Ok(span) => span,
            Err(error) => error::out_of_memory(error),
        }
    }

    /// Allocates a chunk with room for `layout`, to stand before `next`.
    fn add(&self, next: Option<NonNull<Header>>, layout: Layout) -> Result<NonNull<Header>, AllocError> {
        // Room for the header, for the block, and for aligning it down.
        let needed = layout
            .size()
            .checked_add(layout.align().max(CHUNK_ALIGN) + size_of::<Header>() + CHUNK_ALIGN)
            .ok_or_else(|| AllocError::capacity_overflow(AllocatorKind::Arena))?;
        let wanted = self.next_size.get();
        let (memory, chunk_layout) = match self.request(needed.max(wanted), layout) {
            Err(_) if needed < wanted => self.request(needed, layout)?,
            other => other?,
        };
        if needed <= wanted {
            let doubled = (wanted + HEAP_OVERHEAD) * 2 - HEAP_OVERHEAD;
            self.next_size.set(doubled.min(LARGEST - HEAP_OVERHEAD));
        }
        self.allocated.set(self.allocated.get() + chunk_layout.size());

        let end = align_down(memory.addr().get() + chunk_layout.size(), CHUNK_ALIGN);
        let top = memory.map_addr(|start| core::num::NonZero::new(end).unwrap_or(start));
        let header = memory.cast::<Header>();
        // SAFETY: the chunk is larger than its header, aligned for it, and ours.
        unsafe { header.write(Header { next: Cell::new(next), layout: chunk_layout, top }) };
        Ok(header)
    }

    fn request(&self, bytes: usize, layout: Layout) -> Result<(NonNull<u8>, Layout), AllocError> {
        let chunk = Layout::from_size_align(bytes, CHUNK_ALIGN)
            .map_err(|_| AllocError::capacity_overflow(AllocatorKind::Arena))?;
        let growing = Growing::begin(&self.growing);
        let memory = self.backing.allocate(chunk);
        drop(growing);
        match memory {
            Ok(memory) => Ok((memory.cast(), chunk)),
            Err(_) => Err(self.refused(layout)),
        }
    }

    fn refused(&self, layout: Layout) -> AllocError {
        AllocError::out_of_memory(AllocatorKind::Arena, layout).with_room(self.allocated.get(), 0)
    }

    /// Makes sure that the first chunk has room for `bytes`, whatever their alignment.
    ///
    /// # Errors
    /// As for [`after`](Self::after).
    pub(super) fn reserve(&self, bytes: usize) -> Result<(), AllocError> {
        let layout = Layout::from_size_align(bytes, CHUNK_ALIGN)
            .map_err(|_| AllocError::capacity_overflow(AllocatorKind::Arena))?;
        self.after::<MAX_MIN_ALIGN>(Span::NONE, layout).map(drop)
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
        let mut chunk = self.first.get();
        while let Some(header) = chunk {
            // SAFETY: the chunk is still allocated.
            let layout = unsafe { header.as_ref().layout };
            // SAFETY: as above.
            chunk = unsafe { header.as_ref() }.next.get();
            // SAFETY: allocated from this allocator with this layout; not used any more.
            unsafe { self.backing.deallocate(header.cast(), layout) };
        }
    }
}
