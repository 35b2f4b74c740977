use core::fmt;
use core::iter::FusedIterator;
use core::mem::ManuallyDrop;
use core::ptr::NonNull;

use super::ArenaVec;
use crate::allocator::bump::BumpMemory;
use crate::collections::block::Block;

/// The values of a vector, one by one; made by its `into_iter`. Dropped, it drops those that were not taken.
pub struct IntoIter<'a, T, B: BumpMemory> {
    block: Block<'a, T, B>,
    /// The values at `start` and above, and below `end`, are valid and ours.
    start: usize,
    end: usize,
}

impl<T, B: BumpMemory> IntoIter<'_, T, B> {
    /// What is still to be taken.
    pub fn as_slice(&self) -> &[T] {
        // SAFETY: valid and ours.
        unsafe { self.rest().as_ref() }
    }

    /// What is still to be taken.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        // SAFETY: valid and ours.
        unsafe { self.rest().as_mut() }
    }

    fn rest(&self) -> NonNull<[T]> {
        // SAFETY: within the block.
        let first = unsafe { self.block.slots().add(self.start) };
        NonNull::slice_from_raw_parts(first, self.end - self.start)
    }

    /// Moves a value out.
    ///
    /// # Safety
    /// There is one at this index, which was ours until now.
    #[inline(always)]
    unsafe fn move_out(&self, index: usize) -> T {
        // SAFETY: within the block.
        let slot = unsafe { self.block.slots().add(index) };
        // SAFETY: the caller's promise.
        unsafe { slot.read() }
    }
}

impl<T, B: BumpMemory> Iterator for IntoIter<'_, T, B> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        if self.start == self.end {
            return None;
        }
        self.start += 1;
        // SAFETY: valid, and ours until now.
        Some(unsafe { self.move_out(self.start - 1) })
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end - self.start;
        (left, Some(left))
    }
}

impl<T, B: BumpMemory> DoubleEndedIterator for IntoIter<'_, T, B> {
    #[inline]
    fn next_back(&mut self) -> Option<T> {
        if self.start == self.end {
            return None;
        }
        self.end -= 1;
        // SAFETY: valid, and ours until now.
        Some(unsafe { self.move_out(self.end) })
    }
}

impl<T, B: BumpMemory> ExactSizeIterator for IntoIter<'_, T, B> {}
impl<T, B: BumpMemory> FusedIterator for IntoIter<'_, T, B> {}

impl<T, B: BumpMemory> Drop for IntoIter<'_, T, B> {
    fn drop(&mut self) {
        // SAFETY: valid, ours, and not used after this. The block gives itself back, also if one of them panics.
        unsafe { self.rest().drop_in_place() };
    }
}

impl<T: fmt::Debug, B: BumpMemory> fmt::Debug for IntoIter<'_, T, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("IntoIter").field(&self.as_slice()).finish()
    }
}

impl<'a, T, B: BumpMemory> IntoIterator for ArenaVec<'a, T, B> {
    type Item = T;
    type IntoIter = IntoIter<'a, T, B>;

    #[inline]
    fn into_iter(self) -> IntoIter<'a, T, B> {
        let vec = ManuallyDrop::new(self);
        // SAFETY: moved out once: `vec` is not used or dropped after this.
        let block = unsafe { core::ptr::from_ref(&vec.block).read() };
        IntoIter { block, start: 0, end: vec.len }
    }
}

impl<'v, T, B: BumpMemory> IntoIterator for &'v ArenaVec<'_, T, B> {
    type Item = &'v T;
    type IntoIter = core::slice::Iter<'v, T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'v, T, B: BumpMemory> IntoIterator for &'v mut ArenaVec<'_, T, B> {
    type Item = &'v mut T;
    type IntoIter = core::slice::IterMut<'v, T>;

    #[inline]
    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}
