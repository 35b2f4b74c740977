use core::alloc::Layout;
use core::cell::Cell;
use core::fmt;
use core::ptr::NonNull;

use super::PoolRef;
use super::serve::serve_blocks;
use super::slab::{Division, Entry, Slab, USED, parts};
use crate::allocator::{Allocator, Growth, Independent, MemoryUsage, Owns, Resettable, SystemAllocator};
use crate::error::{self, AllocError, AllocatorKind};
use crate::layout::dangling;

/// How many blocks a [`PoolAllocator`] has, and how it gets more.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use core::alloc::Layout;
/// use nebula_memory::{Growth, PoolAllocator, PoolOptions};
///
/// let options = PoolOptions::builder().blocks(64).growth(Growth::Fixed).max_blocks(1024).build();
/// let pool = PoolAllocator::try_new(Layout::new::<[u64; 8]>(), &options)?;
/// # }
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "macros", derive(crate::Builder), builder(crate = crate))]
#[non_exhaustive]
pub struct PoolOptions {
    /// How many blocks the first slab has; taken from the backing when the first block is asked for.
    pub blocks: usize,
    /// How many blocks the next slab has; doubling, as it is unless set, ends at 4 Mi blocks.
    #[cfg_attr(feature = "macros", builder(default))]
    pub growth: Growth,
    /// The most blocks there may be, or no limit. The first slab has no more either.
    pub max_blocks: Option<usize>,
}

impl PoolOptions {
    /// A first slab of `blocks` blocks, doubling, no limit.
    pub const fn new(blocks: usize) -> Self {
        Self { blocks, growth: Growth::Double, max_blocks: None }
    }
}

/// The most blocks that doubling leads to.
const LARGEST: usize = 4 << 20;

/// Equal blocks, given back in any order; grows by slabs.
///
/// For memory of one size that comes and goes: nodes of a tree, buffers, connections. Taking a block is O(1); giving one
/// back finds its slab, of which there are few. A block that is given back twice, or that is not from
/// here, is an error ([`try_deallocate`](Self::try_deallocate)) in every build, and changes nothing.
///
/// * Collections and other allocators take `&PoolAllocator`: every layout that a block has room for.
/// * Values live in a [`PoolBox`](crate::PoolBox), by way of [`typed`](Self::typed).
///
/// ```
/// use nebula_memory::PoolAllocator;
///
/// let pool = PoolAllocator::for_type::<[u64; 8]>(100);
/// let nodes = pool.typed::<[u64; 8]>()?;
/// let node = nodes.alloc_with(|| [7; 8])?;
/// assert_eq!(node[3], 7);
/// assert_eq!(pool.blocks_in_use(), 1);
/// drop(node);
/// assert_eq!(pool.blocks_in_use(), 0);
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
pub struct PoolAllocator<A: Allocator = SystemAllocator> {
    division: Division,
    options: PoolOptions,
    free: Cell<Option<NonNull<Entry>>>,
    /// The newest first. Each was allocated from `backing` and is this pool's alone.
    slabs: Cell<Option<NonNull<Slab>>>,
    /// How many blocks the next slab has.
    next_len: Cell<usize>,
    blocks: Cell<usize>,
    in_use: Cell<usize>,
    /// Whether the backing is being asked.
    growing: Cell<bool>,
    first_error: Cell<Option<AllocError>>,
    backing: A,
}

// SAFETY: the slabs are owned, and reached through this value only.
unsafe impl<A: Allocator + Send> Send for PoolAllocator<A> {}

impl PoolAllocator {
    /// A pool on the heap for values of type `T`, with a first slab of `blocks` blocks.
    ///
    /// # Panics
    /// If the size overflows, or `blocks` is zero.
    #[track_caller]
    pub fn for_type<T>(blocks: usize) -> Self {
        match Self::try_new(Layout::new::<T>(), &PoolOptions::new(blocks)) {
            Ok(pool) => pool,
            Err(error) => error::out_of_memory(error),
        }
    }

    /// A pool on the heap with blocks of a layout, whose size is rounded up to its alignment.
    ///
    /// # Errors
    /// If the size of the first slab overflows; [`InvalidOptions`](crate::AllocErrorCode::InvalidOptions) if there may be no
    /// block.
    ///
    /// ```
    /// use core::alloc::Layout;
    /// use nebula_memory::{Allocator, AllocErrorCode, PoolAllocator, PoolOptions};
    ///
    /// let page = Layout::from_size_align(4096, 4096).unwrap();
    /// let pool = PoolAllocator::try_new(page, &PoolOptions::new(16))?;
    /// let block = (&pool).allocate(page)?.cast::<u8>();
    /// assert_eq!(block.addr().get() % 4096, 0);
    ///
    /// // SAFETY: allocated above, and not used after this.
    /// unsafe {
    ///     pool.try_deallocate(block)?;
    ///     assert_eq!(pool.try_deallocate(block).unwrap_err().code(), AllocErrorCode::DoubleFree);
    /// }
    /// # Ok::<(), nebula_memory::AllocError>(())
    /// ```
    pub fn try_new(block: Layout, options: &PoolOptions) -> Result<Self, AllocError> {
        Self::try_new_in(block, options, SystemAllocator)
    }
}

impl<A: Allocator> PoolAllocator<A> {
    /// A pool over another allocator.
    ///
    /// # Errors
    /// As for [`try_new`](PoolAllocator::try_new).
    pub fn try_new_in(block: Layout, options: &PoolOptions, backing: A) -> Result<Self, AllocError> {
        let overflow = || AllocError::capacity_overflow(AllocatorKind::BlockPool);
        let division = Division::new(block).ok_or_else(overflow)?;
        if options.blocks == 0 || options.max_blocks == Some(0) {
            return Err(AllocError::invalid_options(AllocatorKind::BlockPool, block).with_room(0, 0));
        }
        parts(&division, options.blocks).ok_or_else(overflow)?;
        Ok(Self {
            division,
            options: *options,
            free: Cell::new(None),
            slabs: Cell::new(None),
            next_len: Cell::new(options.blocks),
            blocks: Cell::new(0),
            in_use: Cell::new(0),
            growing: Cell::new(false),
            first_error: Cell::new(None),
            backing,
        })
    }

    /// The layout of a block: every request up to it can be served.
    pub fn block_layout(&self) -> Layout {
        self.division.block()
    }

    /// How many blocks there are, used or not.
    pub fn blocks(&self) -> usize {
        self.blocks.get()
    }

    /// How many blocks are in use.
    pub fn blocks_in_use(&self) -> usize {
        self.in_use.get()
    }

    /// The pool as a source of slots for values of type `T`.
    ///
    /// # Errors
    /// [`InvalidLayout`](crate::AllocErrorCode::InvalidLayout) if a block is too small or not aligned enough for it.
    pub fn typed<T>(&self) -> Result<PoolRef<&Self, T>, AllocError> {
        self.check(Layout::new::<T>())?;
        Ok(PoolRef::new(self))
    }

    fn check(&self, layout: Layout) -> Result<(), AllocError> {
        self.division.check(layout)
    }

    /// A block, uninitialised.
    ///
    /// # Errors
    /// [`PoolExhausted`](crate::AllocErrorCode::PoolExhausted) if all are in use and there may not be more;
    /// [`OutOfMemory`](crate::AllocErrorCode::OutOfMemory) if the backing has none.
    #[inline]
    pub fn try_allocate_block(&self) -> Result<NonNull<[u8]>, AllocError> {
        let block = match self.free.get() {
            Some(entry) => {
                // SAFETY: entries live as long as the pool; only shared references to them are made.
                let entry = unsafe { entry.as_ref() };
                self.free.set(entry.next.replace(USED));
                entry.block
            }
            None => self.take_fresh()?,
        };
        self.in_use.set(self.in_use.get() + 1);
        Ok(NonNull::slice_from_raw_parts(block, self.division.block().size()))
    }

    #[cold]
    #[inline(never)]
    fn take_fresh(&self) -> Result<NonNull<u8>, AllocError> {
        let newest = match self.slabs.get() {
            // SAFETY: slabs live as long as the pool; only shared references to them are made.
            Some(slab) if unsafe { slab.as_ref() }.fresh.get() < unsafe { slab.as_ref() }.len => slab,
            _ => match self.slab_with_fresh_blocks() {
                Some(slab) => slab,
                None => self.grow()?,
            },
        };
        // SAFETY: as above.
        let block = unsafe { newest.as_ref() }.take_fresh(&self.division);
        block.ok_or_else(|| self.exhausted())
    }

    /// After a reset there may be several.
    fn slab_with_fresh_blocks(&self) -> Option<NonNull<Slab>> {
        let mut next = self.slabs.get();
        while let Some(slab) = next {
            // SAFETY: slabs live as long as the pool; only shared references to them are made.
            let slab_ref = unsafe { slab.as_ref() };
            if slab_ref.fresh.get() < slab_ref.len {
                return Some(slab);
            }
            next = slab_ref.next;
        }
        None
    }

    fn exhausted(&self) -> AllocError {
        AllocError::pool_exhausted(self.division.block(), self.blocks.get())
            .with_allocator(AllocatorKind::BlockPool)
    }

    fn grow(&self) -> Result<NonNull<Slab>, AllocError> {
        let room = self.options.max_blocks.unwrap_or(usize::MAX) - self.blocks.get();
        if room == 0 || self.growing.get() {
            return Err(self.exhausted());
        }
        let len = self.next_len.get().min(room);
        let parts = parts(&self.division, len)
            .ok_or_else(|| AllocError::capacity_overflow(AllocatorKind::BlockPool))?;
        let growing = Growing::begin(&self.growing);
        let memory = self.backing.allocate(parts.0);
        drop(growing);
        let memory = memory.map_err(|_| {
            AllocError::out_of_memory(AllocatorKind::BlockPool, self.division.block())
                .with_room(self.blocks.get(), 0)
        })?;
        // SAFETY: just allocated with this layout.
        let slab = unsafe { Slab::place(memory.cast(), parts, len, self.slabs.get()) };
        self.slabs.set(Some(slab));
        self.blocks.set(self.blocks.get() + len);
        self.next_len.set(match self.options.growth {
            Growth::Fixed => self.next_len.get(),
            Growth::Double => self.next_len.get().saturating_mul(2).min(LARGEST.max(self.next_len.get())),
            Growth::Incremental(blocks) => self.next_len.get().saturating_add(blocks),
        });
        Ok(slab)
    }

    /// Gives a block back.
    ///
    /// # Errors
    /// [`DoubleFree`](crate::AllocErrorCode::DoubleFree) if it is free,
    /// [`ForeignPointer`](crate::AllocErrorCode::ForeignPointer) if it is no block of this pool. Nothing is changed then.
    ///
    /// # Safety
    /// If `block` is a block of this pool that is in use, nobody uses it after this.
    #[inline]
    pub unsafe fn try_deallocate(&self, block: NonNull<u8>) -> Result<(), AllocError> {
        let Some(entry) = self.entry_of(block) else {
            return Err(AllocError::foreign_pointer(AllocatorKind::BlockPool, block));
        };
        // SAFETY: entries live as long as the pool; only shared references to them are made.
        let links = unsafe { entry.as_ref() };
        if links.next.get() != USED {
            return Err(AllocError::double_free(AllocatorKind::BlockPool, block));
        }
        links.next.set(self.free.replace(Some(entry)));
        self.in_use.set(self.in_use.get() - 1);
        Ok(())
    }

    /// The entry of a block of this pool, in use or not, if it has been handed out before.
    #[inline]
    fn entry_of(&self, block: NonNull<u8>) -> Option<NonNull<Entry>> {
        let mut next = self.slabs.get();
        while let Some(slab) = next {
            // SAFETY: slabs live as long as the pool; only shared references to them are made.
            let slab = unsafe { slab.as_ref() };
            if let Some(entry) = slab.entry_of(&self.division, block) {
                return Some(entry);
            }
            next = slab.next;
        }
        None
    }

    /// The first wrong block that was given back by a collection, which has no way to be told.
    pub fn first_error(&self) -> Option<AllocError> {
        self.first_error.get()
    }

    #[cold]
    fn note(&self, error: AllocError) {
        self.first_error.set(self.first_error.get().or(Some(error)));
    }

    /// Frees all blocks and keeps the slabs. O(slabs).
    pub fn reset(&mut self) {
        self.free.set(None);
        self.in_use.set(0);
        let mut next = self.slabs.get();
        while let Some(slab) = next {
            // SAFETY: slabs live as long as the pool; only shared references to them are made.
            let slab = unsafe { slab.as_ref() };
            slab.fresh.set(0);
            next = slab.next;
        }
    }
}

/// Marks that the backing is being asked, also if it panics.
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

serve_blocks!(PoolAllocator);

// SAFETY: the pool knows every block that it has handed out, by its address, for as long as it lives.
unsafe impl<A: Allocator> Owns for &PoolAllocator<A> {
    #[inline]
    fn owns(&self, block: NonNull<u8>, _: Layout) -> bool {
        self.entry_of(block).is_some()
    }
}

impl<A: Allocator> MemoryUsage for PoolAllocator<A> {
    fn used(&self) -> usize {
        self.in_use.get() * self.division.block().size()
    }

    fn capacity(&self) -> usize {
        self.blocks.get() * self.division.block().size()
    }

    fn available(&self) -> Option<usize> {
        let blocks = self.options.max_blocks? - self.in_use.get();
        Some(blocks.saturating_mul(self.division.block().size()))
    }
}

impl<A: Allocator> Drop for PoolAllocator<A> {
    fn drop(&mut self) {
        let mut next = self.slabs.take();
        while let Some(slab) = next {
            // SAFETY: still allocated; its memory is given back below, after it was read.
            let (memory, layout) = (unsafe { slab.as_ref() }.memory(), unsafe { slab.as_ref() }.layout);
            // SAFETY: as above.
            next = unsafe { slab.as_ref() }.next;
            // SAFETY: allocated from this allocator with this layout; not used any more.
            unsafe { self.backing.deallocate(memory, layout) };
        }
    }
}

impl<A: Allocator> fmt::Debug for PoolAllocator<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolAllocator")
            .field("block", &self.division.block())
            .field("blocks", &self.blocks())
            .field("in_use", &self.blocks_in_use())
            .finish_non_exhaustive()
    }
}
