use core::alloc::Layout;
use core::ptr::NonNull;

use super::Allocator;
use crate::error::{AllocError, AllocatorKind};

/// Memory by type: layouts are computed when compiled, pointers have the right type.
///
/// There is nothing to implement: every [`Allocator`] has these methods. What they return is not borrowed from the
/// allocator, hence the pointers; [`AllocHandle`](crate::AllocHandle) is the owning, safe form.
///
/// The trait is not in the [prelude](crate::prelude): arenas and bump allocators have an `alloc` of their own, which gives
/// references. It is found first on an arena and on a reference to one, but not on a reference to a reference.
///
/// ```
/// use nebula_memory::{SystemAllocator, TypedAllocator};
///
/// let number = SystemAllocator.alloc_init(41_u64)?;
/// // SAFETY: allocated and initialised just above, and nobody else's.
/// unsafe { *number.as_ptr() += 1 };
/// // SAFETY: as above.
/// assert_eq!(unsafe { number.read() }, 42);
/// // SAFETY: allocated there as a `u64`, and not used after this.
/// unsafe { SystemAllocator.dealloc(number) };
///
/// let table = SystemAllocator.alloc_array::<u32>(1000)?;
/// assert_eq!(table.len(), 1000);
/// // SAFETY: allocated there with this length, and not used after this.
/// unsafe { SystemAllocator.dealloc_array(table) };
///
/// assert!(SystemAllocator.alloc_array::<u64>(usize::MAX).is_err());
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
pub trait TypedAllocator: Allocator {
    /// Room for a `T`, not initialised. With a value it is [`alloc_init`](Self::alloc_init), and
    /// [`AllocHandle`](crate::AllocHandle) owns what it points to, as a `Box` does. (An arena's own `alloc` takes a value and
    /// returns a reference.)
    ///
    /// # Errors
    /// If there is no memory.
    #[inline(always)]
    fn alloc<T>(&self) -> Result<NonNull<T>, AllocError> {
        self.allocate(const { Layout::new::<T>() }).map(NonNull::cast)
    }

    /// As [`alloc`](Self::alloc), for those who also import something else of that name.
    ///
    /// # Errors
    /// If there is no memory.
    #[inline(always)]
    fn allocate_typed<T>(&self) -> Result<NonNull<T>, AllocError> {
        self.alloc()
    }

    /// Memory with `value` in it.
    ///
    /// # Errors
    /// If there is no memory; the value is dropped then. [`alloc_init_with`](Self::alloc_init_with) makes it only once the
    /// memory is there.
    #[inline(always)]
    fn alloc_init<T>(&self, value: T) -> Result<NonNull<T>, AllocError> {
        let slot = self.alloc::<T>()?;
        // SAFETY: allocated for a `T`, and nobody else's.
        unsafe { slot.write(value) };
        Ok(slot)
    }

    /// Memory with a value in it that is made where it will stay: the memory is allocated first, then the closure called,
    /// which may allocate too. If the closure panics the memory is given back.
    ///
    /// # Errors
    /// If there is no memory; the closure is not called then.
    #[inline]
    fn alloc_init_with<T>(&self, make: impl FnOnce() -> T) -> Result<NonNull<T>, AllocError> {
        let slot = Unfilled { block: self.alloc::<T>()?.cast(), layout: Layout::new::<T>(), allocator: self };
        let place = slot.block.cast::<T>();
        // SAFETY: allocated for a `T`, and nobody else's.
        unsafe { place.write(make()) };
        core::mem::forget(slot);
        Ok(place)
    }

    /// Room for `count` values of `T`, not initialised.
    ///
    /// # Errors
    /// If there is no memory, or the size overflows.
    #[inline]
    fn alloc_array<T>(&self, count: usize) -> Result<NonNull<[T]>, AllocError> {
        let Ok(layout) = Layout::array::<T>(count) else {
            return Err(AllocError::capacity_overflow(AllocatorKind::Custom));
        };
        // Exactly as long as asked for, so that the length tells the layout to give back.
        Ok(NonNull::slice_from_raw_parts(self.allocate(layout)?.cast(), count))
    }

    /// Room for an array, not initialised. [`dealloc`](Self::dealloc) gives it back.
    ///
    /// An array that is larger than any block of memory can be does not compile.
    ///
    /// # Errors
    /// If there is no memory.
    #[inline(always)]
    fn alloc_array_const<T, const N: usize>(&self) -> Result<NonNull<[T; N]>, AllocError> {
        self.alloc()
    }

    /// As [`alloc_array_const`](Self::alloc_array_const), by its other name.
    ///
    /// # Errors
    /// If there is no memory.
    #[inline(always)]
    fn allocate_array<T, const N: usize>(&self) -> Result<NonNull<[T; N]>, AllocError> {
        self.alloc()
    }

    /// Gives the memory of a value back. The value is not dropped: that is for
    /// [`NonNull::drop_in_place`] before.
    ///
    /// # Safety
    /// `value` was allocated by this allocator as a `T`, is still allocated, and is not used after this.
    #[inline(always)]
    unsafe fn dealloc<T>(&self, value: NonNull<T>) {
        // SAFETY: the caller's promise; this is the layout that it was allocated with.
        unsafe { self.deallocate(value.cast(), const { Layout::new::<T>() }) }
    }

    /// Gives the memory of values back. They are not dropped: that is for [`NonNull::drop_in_place`] before.
    ///
    /// # Safety
    /// `values` was allocated by this allocator as `[T]` of this length, is still allocated, and is not used after this.
    #[inline]
    unsafe fn dealloc_array<T>(&self, values: NonNull<[T]>) {
        // SAFETY: allocated with this length, by the caller's promise.
        let layout = unsafe { array_layout::<T>(values.len()) };
        // SAFETY: the caller's promise; this is the layout that they were allocated with.
        unsafe { self.deallocate(values.cast(), layout) }
    }
}

impl<A: Allocator + ?Sized> TypedAllocator for A {}

/// The layout of `count` values of `T`.
///
/// # Safety
/// So many are allocated, so that there is such a layout.
#[inline]
pub(crate) unsafe fn array_layout<T>(count: usize) -> Layout {
    // SAFETY: the size does not overflow, by the caller's promise; the alignment is that of a type.
    unsafe { Layout::from_size_align_unchecked(size_of::<T>() * count, align_of::<T>()) }
}

/// Memory without a value, given back on drop.
pub(crate) struct Unfilled<'a, A: Allocator + ?Sized> {
    /// Allocated from `allocator` with `layout`.
    pub(crate) block: NonNull<u8>,
    pub(crate) layout: Layout,
    pub(crate) allocator: &'a A,
}

impl<A: Allocator + ?Sized> Drop for Unfilled<'_, A> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: allocated there with this layout, and not used after this.
        unsafe { self.allocator.deallocate(self.block, self.layout) };
    }
}
