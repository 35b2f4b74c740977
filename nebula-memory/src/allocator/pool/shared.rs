use core::alloc::Layout;
use core::fmt;
use core::ptr::NonNull;
use std::sync::PoisonError;

use super::serve::serve_blocks;
use super::{Division, PoolOptions, PoolRef};
use crate::allocator::free_list::blocks::{END, GrowingBlocks};
use crate::allocator::{Allocator, Growth, Independent, MemoryUsage, Owns, Resettable, SystemAllocator};
use crate::error::{self, AllocError, AllocatorKind};
use crate::layout::dangling;
use crate::sync::thread::{self, ThreadId};
use crate::sync::{Condvar, Mutex, MutexGuard};

/// Equal blocks that many threads allocate and free, on whichever thread: a [`PoolAllocator`](super::PoolAllocator) to be shared.
///
/// Each thread has some free blocks at hand, which it takes and gives back without an atomic instruction; see
/// [`FixedPool`](crate::FixedPool) for how. It grows by doubling, under a lock; the first slab is rounded up to a power of two.
/// A block that is given back twice, or that is not from here, is an error, as long as no two threads make that mistake with one
/// block at the same time.
///
/// ```
/// use nebula_memory::SharedPoolAllocator;
///
/// let pool = SharedPoolAllocator::for_type::<[u64; 8]>(128);
/// std::thread::scope(|threads| {
///     for number in 0..4 {
///         let nodes = pool.typed::<[u64; 8]>().unwrap();
///         threads.spawn(move || {
///             let node = nodes.alloc_with(|| [number; 8]).unwrap();
///             assert_eq!(node[3], number);
///         });
///     }
/// });
/// assert_eq!(pool.blocks_in_use(), 0);
/// ```
pub struct SharedPoolAllocator<A: Allocator = SystemAllocator> {
    blocks: GrowingBlocks,
    most: u32,
    growth: Mutex<Growing>,
    grown: Condvar,
    first_error: Mutex<Option<AllocError>>,
    backing: A,
}

struct Growing {
    /// So many blocks have been handed out at least once: those with the smallest indices.
    added: u32,
    /// The thread that asks the backing, which must not wait for itself.
    by: Option<ThreadId>,
}

impl SharedPoolAllocator {
    /// A pool on the heap for values of type `T`, with a first slab of at least `blocks` blocks.
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
    /// block, or if it is not to grow by doubling.
    pub fn try_new(block: Layout, options: &PoolOptions) -> Result<Self, AllocError> {
        Self::try_new_in(block, options, SystemAllocator)
    }
}

impl<A: Allocator> SharedPoolAllocator<A> {
    /// A pool over another allocator.
    ///
    /// # Errors
    /// As for [`try_new`](SharedPoolAllocator::try_new).
    pub fn try_new_in(block: Layout, options: &PoolOptions, backing: A) -> Result<Self, AllocError> {
        let overflow = || AllocError::capacity_overflow(AllocatorKind::BlockPool);
        let division = Division::new(block).ok_or_else(overflow)?;
        if options.blocks == 0 || options.max_blocks == Some(0) || options.growth != Growth::Double {
            return Err(AllocError::invalid_options(AllocatorKind::BlockPool, block).with_room(0, 0));
        }
        let most = u32::try_from(options.max_blocks.unwrap_or(usize::MAX)).unwrap_or(END).min(END);
        let first =
            u32::try_from(options.blocks).ok().filter(|blocks| *blocks <= END).ok_or_else(overflow)?;
        let first = first.next_power_of_two().ilog2();
        let out_of_memory = || AllocError::out_of_memory(AllocatorKind::BlockPool, block);
        let blocks = GrowingBlocks::try_new(division, first).ok_or_else(out_of_memory)?;
        blocks.lacks(0).map_err(|()| overflow())?;
        Ok(Self {
            blocks,
            most,
            growth: Mutex::new(Growing { added: 0, by: None }),
            grown: Condvar::new(),
            first_error: Mutex::new(None),
            backing,
        })
    }

    /// The layout of a block: every request up to it can be served.
    pub fn block_layout(&self) -> Layout {
        self.blocks.division().block()
    }

    /// How many blocks have been in use at once, at most; they stay with the pool.
    pub fn blocks(&self) -> usize {
        self.growing().added as usize
    }

    /// How many blocks are in use. Exact if none is taken or given back meanwhile.
    pub fn blocks_in_use(&self) -> usize {
        self.blocks().saturating_sub(self.blocks.available())
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
        self.blocks.division().check(layout)
    }

    fn growing(&self) -> MutexGuard<'_, Growing> {
        // Nothing that could panic leaves it half written.
        self.growth.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A block, uninitialised.
    ///
    /// # Errors
    /// [`PoolExhausted`](crate::AllocErrorCode::PoolExhausted) if all are in use and there may not be more;
    /// [`OutOfMemory`](crate::AllocErrorCode::OutOfMemory) if the backing has none.
    #[inline]
    pub fn try_allocate_block(&self) -> Result<NonNull<[u8]>, AllocError> {
        let block = match self.blocks.take() {
            Some(block) => block,
            None => self.take_fresh()?,
        };
        Ok(NonNull::slice_from_raw_parts(block, self.block_layout().size()))
    }

    #[cold]
    #[inline(never)]
    fn take_fresh(&self) -> Result<NonNull<u8>, AllocError> {
        let mut growing = self.growing();
        loop {
            if growing.added >= self.most {
                return Err(self.exhausted(&growing));
            }
            // First this: while the backing is asked, a segment may be half there.
            match growing.by {
                // The backing uses the pool that it backs.
                Some(by) if by == thread::current().id() => return Err(self.exhausted(&growing)),
                Some(_) => {
                    growing = self.grown.wait(growing).unwrap_or_else(PoisonError::into_inner);
                    continue;
                }
                None => {}
            }
            let overflow = |()| AllocError::capacity_overflow(AllocatorKind::BlockPool);
            let Some((segment, layout)) = self.blocks.lacks(growing.added).map_err(overflow)? else {
                let index = growing.added;
                growing.added += 1;
                return Ok(self.blocks.hand_out(index));
            };
            growing = self.grow(growing, segment, layout)?;
        }
    }

    fn exhausted(&self, growing: &Growing) -> AllocError {
        AllocError::pool_exhausted(self.block_layout(), growing.added as usize)
            .with_allocator(AllocatorKind::BlockPool)
    }

    /// Asks the backing for a segment, while nothing is locked.
    fn grow<'a>(
        &'a self,
        mut growing: MutexGuard<'a, Growing>,
        segment: u32,
        layout: Layout,
    ) -> Result<MutexGuard<'a, Growing>, AllocError> {
        growing.by = Some(thread::current().id());
        let added = growing.added as usize;
        drop(growing);
        let asking = Asking(self);
        let memory = self.backing.allocate(layout).map_err(|_| {
            AllocError::out_of_memory(AllocatorKind::BlockPool, self.block_layout()).with_room(added, 0)
        })?;
        // SAFETY: just allocated, of the layout that was asked for; `by` keeps others from this.
        unsafe { self.blocks.extend(segment, memory.cast()) };
        drop(asking);
        Ok(self.growing())
    }

    /// Gives a block back.
    ///
    /// # Errors
    /// [`DoubleFree`](crate::AllocErrorCode::DoubleFree) if it is free,
    /// [`ForeignPointer`](crate::AllocErrorCode::ForeignPointer) if it is no block of this pool. Nothing is changed then.
    ///
    /// # Safety
    /// If `block` is a block of this pool that is in use, nobody uses it after this, and nobody else gives it back at the same
    /// time.
    #[inline]
    pub unsafe fn try_deallocate(&self, block: NonNull<u8>) -> Result<(), AllocError> {
        match self.blocks.index_of(block) {
            Ok(index) => {
                // SAFETY: in use until now, and by the caller's promise not any more.
                unsafe { self.blocks.put_back(index) };
                Ok(())
            }
            Err(is_block) => Err(Self::not_in_use(block, is_block)),
        }
    }

    #[cold]
    fn not_in_use(block: NonNull<u8>, is_block: bool) -> AllocError {
        if is_block {
            AllocError::double_free(AllocatorKind::BlockPool, block)
        } else {
            AllocError::foreign_pointer(AllocatorKind::BlockPool, block)
        }
    }

    /// The first wrong block that was given back by a collection, which has no way to be told.
    pub fn first_error(&self) -> Option<AllocError> {
        *self.first_error.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cold]
    fn note(&self, error: AllocError) {
        self.first_error.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }

    /// Frees all blocks and keeps the slabs. O(blocks).
    pub fn reset(&mut self) {
        let added = core::mem::take(&mut self.growing().added);
        self.blocks.forget_all(added);
    }
}

/// The backing is being asked; when it is done, or has panicked, others may.
struct Asking<'a, A: Allocator>(&'a SharedPoolAllocator<A>);

impl<A: Allocator> Drop for Asking<'_, A> {
    fn drop(&mut self) {
        self.0.growing().by = None;
        self.0.grown.notify_all();
    }
}

serve_blocks!(SharedPoolAllocator);

// SAFETY: the pool knows every block that it has handed out, by its address, for as long as it lives.
unsafe impl<A: Allocator> Owns for &SharedPoolAllocator<A> {
    #[inline]
    fn owns(&self, block: NonNull<u8>, _: Layout) -> bool {
        self.blocks.find(block).is_some()
    }
}

impl<A: Allocator> MemoryUsage for SharedPoolAllocator<A> {
    fn used(&self) -> usize {
        self.blocks_in_use() * self.block_layout().size()
    }

    fn capacity(&self) -> usize {
        self.blocks.segments().map(|(_, layout)| layout.size()).sum()
    }

    fn available(&self) -> Option<usize> {
        let most = if self.most == END { return None } else { self.most as usize };
        Some((most - self.blocks_in_use()).saturating_mul(self.block_layout().size()))
    }
}

impl<A: Allocator> Drop for SharedPoolAllocator<A> {
    fn drop(&mut self) {
        for (memory, layout) in self.blocks.segments() {
            // SAFETY: allocated from this allocator with this layout; not used any more.
            unsafe { self.backing.deallocate(memory, layout) };
        }
    }
}

impl<A: Allocator> fmt::Debug for SharedPoolAllocator<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedPoolAllocator")
            .field("block", &self.block_layout())
            .field("blocks", &self.blocks())
            .field("in_use", &self.blocks_in_use())
            .finish_non_exhaustive()
    }
}
