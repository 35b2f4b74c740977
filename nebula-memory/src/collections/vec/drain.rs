use core::fmt;
use core::iter::FusedIterator;
use core::ptr::NonNull;

use super::sieve::Sieve;
use crate::allocator::bump::BumpMemory;

/// Takes a range of values out of a vector; made by [`ArenaVec::drain`](super::ArenaVec::drain).
///
/// Dropped, it drops those that were not taken, and closes the gap. Leaked, it leaves an empty vector, and leaks its values.
pub struct Drain<'v, 'a, T, B: BumpMemory> {
    /// Stands at the next value to be taken.
    sieve: Sieve<'v, 'a, T, B>,
    /// How many are still to be taken.
    left: usize,
    /// How many were taken from the end of the range: they stand behind those that are left.
    taken: usize,
}

impl<'v, 'a, T, B: BumpMemory> Drain<'v, 'a, T, B> {
    /// `count` values behind those that the sieve has kept, of which there are so many.
    pub(super) fn new(sieve: Sieve<'v, 'a, T, B>, count: usize) -> Self {
        Self { sieve, left: count, taken: 0 }
    }

    /// What is still to be taken.
    pub fn as_slice(&self) -> &[T] {
        // SAFETY: valid, and the sieve's as long as it is borrowed.
        unsafe { self.rest().as_ref() }
    }

    fn rest(&self) -> NonNull<[T]> {
        NonNull::slice_from_raw_parts(self.sieve.rest(), self.left)
    }
}

impl<T, B: BumpMemory> Iterator for Drain<'_, '_, T, B> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        self.left = self.left.checked_sub(1)?;
        self.sieve.take_next()
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T, B: BumpMemory> DoubleEndedIterator for Drain<'_, '_, T, B> {
    #[inline]
    fn next_back(&mut self) -> Option<T> {
        self.left = self.left.checked_sub(1)?;
        self.taken += 1;
        // SAFETY: one of those that were left.
        let slot = unsafe { self.sieve.rest().add(self.left) };
        // SAFETY: valid, and from now on none of those that are left.
        Some(unsafe { slot.read() })
    }
}

impl<T, B: BumpMemory> ExactSizeIterator for Drain<'_, '_, T, B> {}
impl<T, B: BumpMemory> FusedIterator for Drain<'_, '_, T, B> {}

impl<T, B: BumpMemory> Drop for Drain<'_, '_, T, B> {
    fn drop(&mut self) {
        let rest = self.rest();
        // SAFETY: those that are left are dropped now, the others behind them were taken. The sieve closes the gap
        // afterwards, also if one of them panics.
        unsafe { self.sieve.skip(self.left + self.taken) };
        // SAFETY: valid, and passed over, so that nobody else uses or drops them.
        unsafe { rest.drop_in_place() };
    }
}

impl<T: fmt::Debug, B: BumpMemory> fmt::Debug for Drain<'_, '_, T, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Drain").field(&self.as_slice()).finish()
    }
}
