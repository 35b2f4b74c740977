use core::ptr::NonNull;

use super::ArenaVec;
use crate::allocator::bump::BumpMemory;

/// Goes through the values of a vector, keeps some and takes others out; those kept close up.
///
/// While it lives the vector is empty. Dropped, also by a panic, it closes the gap and sets the length, so that every
/// value is the vector's or was taken out; leaked, it leaves an empty vector.
///
/// Invariants: values below `kept`, and from `next` below `len`, are valid and ours; those between are not;
/// `kept <= next <= len`.
pub(super) struct Sieve<'v, 'a, T, B: BumpMemory> {
    vec: &'v mut ArenaVec<'a, T, B>,
    kept: usize,
    next: usize,
    len: usize,
}

impl<'v, 'a, T, B: BumpMemory> Sieve<'v, 'a, T, B> {
    /// Begins behind the first `kept` values, of which there are so many.
    pub(super) fn new(vec: &'v mut ArenaVec<'a, T, B>, kept: usize) -> Self {
        let len = vec.len;
        debug_assert!(kept <= len);
        // SAFETY: no value.
        unsafe { vec.set_len(0) };
        Self { vec, kept, next: kept, len }
    }

    /// The next value, to be looked at.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<&mut T> {
        if self.next == self.len {
            return None;
        }
        // SAFETY: below the length.
        let mut slot = unsafe { self.vec.slot(self.next) };
        // SAFETY: valid and ours.
        Some(unsafe { slot.as_mut() })
    }

    /// The value that was kept last, and the next one.
    #[inline]
    pub(super) fn pair(&mut self) -> Option<(&mut T, &mut T)> {
        if self.next == self.len || self.kept == 0 {
            return None;
        }
        // SAFETY: below the length.
        let mut last = unsafe { self.vec.slot(self.kept - 1) };
        // SAFETY: below the length.
        let mut next = unsafe { self.vec.slot(self.next) };
        // SAFETY: valid and ours.
        let last = unsafe { last.as_mut() };
        // SAFETY: as above, and another one.
        Some((last, unsafe { next.as_mut() }))
    }

    /// Keeps the next value. There is one.
    #[inline]
    pub(super) fn keep(&mut self) {
        debug_assert!(self.next < self.len);
        // SAFETY: below the length.
        let from = unsafe { self.vec.slot(self.next) };
        // SAFETY: not above the next.
        let to = unsafe { self.vec.slot(self.kept) };
        // SAFETY: both are places of the block; the target is the same one or has no value.
        unsafe { from.copy_to(to, 1) };
        self.kept += 1;
        self.next += 1;
    }

    /// Drops the next value. There is one.
    #[inline]
    pub(super) fn drop_next(&mut self) {
        debug_assert!(self.next < self.len);
        // SAFETY: below the length.
        let slot = unsafe { self.vec.slot(self.next) };
        // Before it is dropped, which may panic.
        self.next += 1;
        // SAFETY: valid, and not ours any more.
        unsafe { slot.drop_in_place() };
    }

    /// Moves the next value out.
    #[inline]
    pub(super) fn take_next(&mut self) -> Option<T> {
        if self.next == self.len {
            return None;
        }
        // SAFETY: below the length.
        let slot = unsafe { self.vec.slot(self.next) };
        self.next += 1;
        // SAFETY: valid, and not ours any more.
        Some(unsafe { slot.read() })
    }

    /// How many values were not looked at.
    #[inline]
    pub(super) fn ahead(&self) -> usize {
        self.len - self.next
    }

    /// The place of the first that was not looked at.
    #[inline]
    pub(super) fn rest(&self) -> NonNull<T> {
        // SAFETY: not above the length.
        unsafe { self.vec.slot(self.next) }
    }

    /// Passes over so many values that were taken out otherwise, or are about to be dropped.
    ///
    /// # Safety
    /// There are so many, and they are not the vector's any more.
    #[inline]
    pub(super) unsafe fn skip(&mut self, count: usize) {
        self.next += count;
    }
}

impl<T, B: BumpMemory> Drop for Sieve<'_, '_, T, B> {
    #[inline]
    fn drop(&mut self) {
        let rest = self.ahead();
        // SAFETY: not above the length.
        let to = unsafe { self.vec.slot(self.kept) };
        if self.next != self.kept {
            // SAFETY: within the block; what is overwritten holds no value.
            unsafe { self.rest().copy_to(to, rest) };
        }
        // SAFETY: those kept, and those behind.
        unsafe { self.vec.set_len(self.kept + rest) };
    }
}
