use core::alloc::Layout;
use core::marker::PhantomData;
use core::ptr::NonNull;

use crate::allocator::bump::BumpMemory;
use crate::error::{self, AllocError};

/// Up to so many bytes a block that moves becomes four times as large.
const LARGE: usize = 4 << 20;

/// The block of memory in which the values of a vector stand. Owns the memory, not the values.
///
/// Invariants: `slots` is from `memory` with the layout of `capacity` values and nobody else's, or dangling if that is no
/// bytes. Values of no size need no memory: their capacity is `usize::MAX` from the start.
pub(super) struct Block<'a, T, B: BumpMemory> {
    slots: NonNull<T>,
    capacity: usize,
    memory: &'a B,
    holds: PhantomData<T>,
}

/// Pointer and capacity: what growing returns, in two registers.
type Slots<T> = (NonNull<T>, usize);

// SAFETY: the block is ours alone; the memory is used from the other thread only if it may be.
unsafe impl<T: Send, B: BumpMemory + Sync> Send for Block<'_, T, B> {}
// SAFETY: as above; by shared reference, nothing but the memory and the values are accessed.
unsafe impl<T: Sync, B: BumpMemory + Sync> Sync for Block<'_, T, B> {}

impl<'a, T, B: BumpMemory> Block<'a, T, B> {
    const IS_ZST: bool = size_of::<T>() == 0;

    /// The capacity that a vector gets when the first value is pushed: a line of the processor's cache, which is
    /// not worth sharing; of larger values four, and one of large ones.
    pub(super) const FIRST: usize = match size_of::<T>() {
        0 => usize::MAX,
        1..=16 => 64 / size_of::<T>(),
        17..=1024 => 4,
        _ => 1,
    };

    /// The layout of that. Of values of no size, which never ask, that of one.
    const FIRST_LAYOUT: Layout = match Layout::array::<T>(Self::FIRST) {
        Ok(layout) => layout,
        Err(_) => Layout::new::<T>(),
    };

    #[inline(always)]
    pub(super) const fn new(memory: &'a B) -> Self {
        let capacity = if Self::IS_ZST { usize::MAX } else { 0 };
        Self { slots: NonNull::dangling(), capacity, memory, holds: PhantomData }
    }

    /// With room for exactly so many values.
    #[inline]
    pub(super) fn with_capacity(memory: &'a B, capacity: usize) -> Result<Self, AllocError> {
        let mut block = Self::new(memory);
        if capacity > block.capacity {
            block.slots = memory.take(Self::layout(capacity)?)?.cast();
            block.capacity = capacity;
        }
        Ok(block)
    }

    #[inline(always)]
    pub(super) fn slots(&self) -> NonNull<T> {
        self.slots
    }

    #[inline(always)]
    pub(super) fn capacity(&self) -> usize {
        self.capacity
    }

    #[inline(always)]
    pub(super) fn memory(&self) -> &'a B {
        self.memory
    }

    fn layout(capacity: usize) -> Result<Layout, AllocError> {
        Layout::array::<T>(capacity).map_err(|_| AllocError::capacity_overflow(B::KIND))
    }

    /// The layout of a block that is there.
    #[inline(always)]
    fn known(capacity: usize) -> Layout {
        let size = capacity * size_of::<T>();
        // SAFETY: a block of this layout exists, so that it fits `isize`; the alignment is that of a type.
        unsafe { Layout::from_size_align_unchecked(size, align_of::<T>()) }
    }

    /// Makes room for one more value in a block that is full.
    ///
    /// What is not inlined takes the block by value and returns it by value: a pointer to it would keep the vector in
    /// memory, when pushing in a loop is a matter of three registers. The first block is taken here, so that the compiler
    /// knows the capacity of a short vector, and none of its first pushes compares anything.
    #[inline(always)]
    #[track_caller]
    pub(super) fn grow(&mut self) {
        (self.slots, self.capacity) = match self.first() {
            Some(first) => first,
            None => Self::enlarge_or_panic(self.memory, self.slots, self.capacity),
        };
    }

    /// As `grow`.
    #[inline(always)]
    pub(super) fn try_grow(&mut self) -> Result<(), AllocError> {
        (self.slots, self.capacity) = match self.first() {
            Some(first) => first,
            None => Self::enlarge(self.memory, self.slots, self.capacity, 1)?,
        };
        Ok(())
    }

    #[inline(always)]
    fn first(&self) -> Option<Slots<T>> {
        if self.capacity != 0 {
            return None;
        }
        let block = self.memory.take_at_hand(Self::FIRST_LAYOUT)?;
        Some((block.cast(), Self::FIRST))
    }

    /// Makes room for `more` values after the first `len`, and for more than that, so that doing it again and again costs
    /// no more per value.
    #[inline(always)]
    pub(super) fn reserve(&mut self, len: usize, more: usize) -> Result<(), AllocError> {
        // The length is not above the capacity.
        let room = self.capacity - len;
        if more > room {
            (self.slots, self.capacity) = Self::enlarge(self.memory, self.slots, self.capacity, more - room)?;
        }
        Ok(())
    }

    /// Makes room for `more` values after the first `len`.
    #[inline]
    pub(super) fn reserve_exact(&mut self, len: usize, more: usize) -> Result<(), AllocError> {
        // The length is not above the capacity.
        let room = self.capacity - len;
        if more > room {
            let needed = Self::sum(self.capacity, more - room)?;
            (self.slots, self.capacity) = Self::exactly(self.memory, self.slots, self.capacity, needed)?;
        }
        Ok(())
    }

    fn sum(capacity: usize, more: usize) -> Result<usize, AllocError> {
        capacity.checked_add(more).ok_or_else(|| AllocError::capacity_overflow(B::KIND))
    }

    #[cold]
    #[inline(never)]
    #[track_caller]
    fn enlarge_or_panic(memory: &B, slots: NonNull<T>, capacity: usize) -> Slots<T> {
        match Self::enlarge(memory, slots, capacity, 1) {
            Ok(block) => block,
            Err(error) => error::out_of_memory(error),
        }
    }

    /// A block for at least `more` values more than `capacity`, in place of the one given.
    ///
    /// The last block of its memory doubles where it is. Any other is copied, and what it leaves behind is lost until the
    /// memory is reset: blocks that grow by a factor *r* take *r* / ln *r* times the memory of their values on average, with
    /// what they leave. That is 2.9 for 2 and for 4 alike, but by 4 a third as much is copied. Where large blocks are
    /// concerned, one that is far from full matters more.
    ///
    /// If there is no room for that, no more is taken than needed: to the last byte.
    #[cold]
    #[inline(never)]
    fn enlarge(memory: &B, slots: NonNull<T>, capacity: usize, more: usize) -> Result<Slots<T>, AllocError> {
        let needed = Self::sum(capacity, more)?;
        if let Ok(twice) = Self::layout(needed.max(capacity.saturating_mul(2))) {
            if let Some(block) = Self::stretched(memory, slots, capacity, twice) {
                return Ok(block);
            }
            let factor = if twice.size() <= LARGE / 2 { 4 } else { 2 };
            let usual = needed.max(capacity.saturating_mul(factor)).max(Self::FIRST);
            if usual > needed
                && let Ok(layout) = Self::layout(usual)
                && let Ok(block) = Self::elsewhere(memory, slots, capacity, layout)
            {
                return Ok(block);
            }
        }
        Self::exactly(memory, slots, capacity, needed)
    }

    /// A block for `needed` values, which is more than `capacity`, in place of the one given.
    #[cold]
    #[inline(never)]
    fn exactly(
        memory: &B,
        slots: NonNull<T>,
        capacity: usize,
        needed: usize,
    ) -> Result<Slots<T>, AllocError> {
        let layout = Self::layout(needed)?;
        match Self::stretched(memory, slots, capacity, layout) {
            Some(block) => Ok(block),
            None => Self::elsewhere(memory, slots, capacity, layout),
        }
    }

    /// The block made larger where it is, if it can be.
    #[inline]
    fn stretched(memory: &B, slots: NonNull<T>, capacity: usize, layout: Layout) -> Option<Slots<T>> {
        if capacity == 0 {
            return None;
        }
        let old = Self::known(capacity).size();
        // SAFETY: by the invariant from this memory with this size; the new one is larger, and replaces it.
        let block = unsafe { memory.stretch(slots.cast(), old, layout.size()) }?;
        Some((block.cast(), layout.size() / size_of::<T>()))
    }

    /// Another block with the same values, in place of this one.
    #[inline]
    fn elsewhere(
        memory: &B,
        slots: NonNull<T>,
        capacity: usize,
        layout: Layout,
    ) -> Result<Slots<T>, AllocError> {
        let block = if capacity == 0 {
            memory.take(layout)?
        } else {
            // SAFETY: by the invariant from this memory with this layout; the new one is larger, and replaces it.
            unsafe { memory.relocate(slots.cast(), Self::known(capacity), layout)? }
        };
        Ok((block.cast(), layout.size() / size_of::<T>()))
    }

    /// Gives back what is behind the first `len` slots, where the block is the last one of its memory. Others keep their
    /// memory, and their capacity.
    #[inline]
    pub(super) fn shrink(&mut self, len: usize) {
        if Self::IS_ZST || len >= self.capacity {
            return;
        }
        let (old, new) = (Self::known(self.capacity), Self::known(len));
        // SAFETY: from this memory with this layout; the new one is smaller, and replaces it.
        if let Ok(block) = unsafe { self.memory.cut(self.slots.cast(), old, new) } {
            (self.slots, self.capacity) = (block.cast(), len);
        }
    }
}

impl<T, B: BumpMemory> Drop for Block<'_, T, B> {
    #[inline(always)]
    fn drop(&mut self) {
        if !Self::IS_ZST && self.capacity != 0 {
            // SAFETY: from this memory with this layout, and not used after this.
            unsafe { self.memory.give_back(self.slots.cast(), Self::known(self.capacity)) };
        }
    }
}
