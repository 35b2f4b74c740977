use core::ptr::NonNull;

use super::ArenaVec;
use crate::allocator::bump::BumpMemory;
use crate::collections::or_panic;
use crate::error::AllocError;
use crate::simd::copy_bytes;

/// Many values at once, from iterators.
impl<'a, T, B: BumpMemory> ArenaVec<'a, T, B> {
    /// A vector of what an iterator yields, which may allocate from the same memory.
    ///
    /// # Panics
    /// If there is no memory; see [`try_from_iter_in`](Self::try_from_iter_in).
    #[inline]
    #[track_caller]
    pub fn from_iter_in(values: impl IntoIterator<Item = T>, memory: &'a B) -> Self {
        or_panic(Self::try_from_iter_in(values, memory))
    }

    /// A vector of what an iterator yields, which may allocate from the same memory.
    ///
    /// # Errors
    /// If there is no memory. What was yielded is dropped then.
    #[inline]
    pub fn try_from_iter_in(values: impl IntoIterator<Item = T>, memory: &'a B) -> Result<Self, AllocError> {
        let mut vec = Self::new_in(memory);
        vec.try_extend(values)?;
        Ok(vec)
    }

    /// As [`extend`](Extend::extend).
    ///
    /// # Errors
    /// If there is no memory, or the size overflows. What was yielded before is kept, and the value for which there is no
    /// room dropped.
    #[inline]
    pub fn try_extend(&mut self, values: impl IntoIterator<Item = T>) -> Result<(), AllocError> {
        let mut values = values.into_iter();
        // At least so many, it says: it may be wrong. What there is no room for now may still be less in the end.
        _ = self.try_reserve(values.size_hint().0);
        loop {
            // As long as there is room nothing is compared but the length, which is in a register.
            let mut filling = Filling::new(self);
            while filling.has_room() {
                let Some(value) = values.next() else { return Ok(()) };
                // SAFETY: there is room.
                unsafe { filling.put(value) };
            }
            drop(filling);
            let Some(value) = values.next() else { return Ok(()) };
            self.try_reserve(values.size_hint().0.saturating_add(1)).or_else(|_| self.try_reserve(1))?;
            // SAFETY: there is room.
            unsafe { self.push_within_capacity(value) };
        }
    }

    /// Makes the length `len`, by dropping values at the end or by adding what `make` returns.
    ///
    /// # Panics
    /// If there is no memory; see [`try_resize_with`](Self::try_resize_with).
    #[inline]
    #[track_caller]
    pub fn resize_with(&mut self, len: usize, make: impl FnMut() -> T) {
        or_panic(self.try_resize_with(len, make));
    }

    /// Makes the length `len`, by dropping values at the end or by adding what `make` returns.
    ///
    /// # Errors
    /// If there is no memory, or the size overflows. Nothing is changed then.
    pub fn try_resize_with(&mut self, len: usize, mut make: impl FnMut() -> T) -> Result<(), AllocError> {
        let Some(more) = len.checked_sub(self.len) else {
            self.truncate(len);
            return Ok(());
        };
        self.try_reserve(more)?;
        let mut filling = Filling::new(self);
        for _ in 0..more {
            // SAFETY: reserved.
            unsafe { filling.put(make()) };
        }
        Ok(())
    }
}

/// Many values at once, by cloning.
impl<T: Clone, B: BumpMemory> ArenaVec<'_, T, B> {
    /// Adds clones of the values of a slice.
    ///
    /// # Panics
    /// If there is no memory; see [`try_extend_from_slice`](Self::try_extend_from_slice).
    #[inline]
    #[track_caller]
    pub fn extend_from_slice(&mut self, values: &[T]) {
        or_panic(self.try_extend_from_slice(values));
    }

    /// Adds clones of the values of a slice.
    ///
    /// # Errors
    /// If there is no memory, or the size overflows. Nothing is changed then.
    #[inline]
    pub fn try_extend_from_slice(&mut self, values: &[T]) -> Result<(), AllocError> {
        self.try_reserve(values.len())?;
        let mut filling = Filling::new(self);
        for value in values {
            // SAFETY: reserved.
            unsafe { filling.put(value.clone()) };
        }
        Ok(())
    }

    /// Makes the length `len`, by dropping values at the end or by adding clones of `value`.
    ///
    /// # Panics
    /// If there is no memory; see [`try_resize`](Self::try_resize).
    #[inline]
    #[track_caller]
    pub fn resize(&mut self, len: usize, value: T) {
        or_panic(self.try_resize(len, value));
    }

    /// Makes the length `len`, by dropping values at the end or by adding clones of `value`.
    ///
    /// # Errors
    /// If there is no memory, or the size overflows. Nothing is changed then.
    pub fn try_resize(&mut self, len: usize, value: T) -> Result<(), AllocError> {
        self.try_resize_with(len, || value.clone())
    }

    /// A vector with the same values in the same memory.
    ///
    /// # Errors
    /// If there is no memory.
    pub fn try_clone(&self) -> Result<Self, AllocError> {
        let mut clone = Self::try_with_capacity_in(self.len, self.memory())?;
        clone.try_extend_from_slice(self)?;
        Ok(clone)
    }
}

/// Many values at once, by copying.
impl<T: Copy, B: BumpMemory> ArenaVec<'_, T, B> {
    /// Adds copies of the values of a slice, which is faster than cloning if the slices are short.
    ///
    /// # Panics
    /// If there is no memory; see [`try_extend_from_slice_copy`](Self::try_extend_from_slice_copy).
    #[inline]
    #[track_caller]
    pub fn extend_from_slice_copy(&mut self, values: &[T]) {
        or_panic(self.try_extend_from_slice_copy(values));
    }

    /// Adds copies of the values of a slice, which is faster than cloning if the slices are short.
    ///
    /// # Errors
    /// If there is no memory, or the size overflows. Nothing is changed then.
    #[inline]
    pub fn try_extend_from_slice_copy(&mut self, values: &[T]) -> Result<(), AllocError> {
        self.try_reserve(values.len())?;
        // SAFETY: not above the capacity.
        let end = unsafe { self.slot(self.len) };
        // SAFETY: there is room for so many; the source is borrowed, so that it does not overlap what has no values.
        unsafe { copy_bytes(values.as_ptr().cast(), end.cast().as_ptr(), size_of_val(values)) };
        self.len += values.len();
        Ok(())
    }
}

/// Values that are being written behind those of a vector. Its length is told when this goes, also by a panic; until
/// then it is in a register.
struct Filling<'v, T> {
    slots: NonNull<T>,
    capacity: usize,
    /// Not above the capacity; so many values are valid.
    len: usize,
    told: &'v mut usize,
}

impl<'v, T> Filling<'v, T> {
    #[inline]
    fn new<B: BumpMemory>(vec: &'v mut ArenaVec<'_, T, B>) -> Self {
        let (slots, capacity) = (vec.block.slots(), vec.block.capacity());
        Self { slots, capacity, len: vec.len, told: &mut vec.len }
    }

    #[inline(always)]
    fn has_room(&self) -> bool {
        self.len < self.capacity
    }

    /// # Safety
    /// There is room.
    #[inline(always)]
    unsafe fn put(&mut self, value: T) {
        // SAFETY: the caller's promise.
        let slot = unsafe { self.slots.add(self.len) };
        // SAFETY: within the block, aligned; there is no value.
        unsafe { slot.write(value) };
        self.len += 1;
    }
}

impl<T> Drop for Filling<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        *self.told = self.len;
    }
}

/// Panics if there is no memory; see [`try_extend`](ArenaVec::try_extend).
impl<T, B: BumpMemory> Extend<T> for ArenaVec<'_, T, B> {
    #[inline]
    #[track_caller]
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        or_panic(self.try_extend(values));
    }
}

/// Panics if there is no memory; see [`try_extend`](ArenaVec::try_extend).
impl<'v, T: Copy + 'v, B: BumpMemory> Extend<&'v T> for ArenaVec<'_, T, B> {
    #[inline]
    #[track_caller]
    fn extend<I: IntoIterator<Item = &'v T>>(&mut self, values: I) {
        or_panic(self.try_extend(values.into_iter().copied()));
    }
}
