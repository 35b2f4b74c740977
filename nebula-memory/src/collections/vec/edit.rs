use core::ops::{Bound, RangeBounds};

use super::ArenaVec;
use super::drain::Drain;
use super::sieve::Sieve;
use crate::allocator::bump::BumpMemory;
use crate::collections::or_panic;
use crate::error::AllocError;

/// Values in the middle. What is moved is O(values behind).
impl<'a, T, B: BumpMemory> ArenaVec<'a, T, B> {
    /// Puts a value before the one at `index`.
    ///
    /// # Panics
    /// If `index` is above the length, or if there is no memory; see [`try_insert`](Self::try_insert).
    #[inline]
    #[track_caller]
    pub fn insert(&mut self, index: usize, value: T) {
        or_panic(self.try_insert(index, value));
    }

    /// Puts a value before the one at `index`.
    ///
    /// # Errors
    /// If there is no memory, or the size overflows. The value is dropped then.
    ///
    /// # Panics
    /// If `index` is above the length.
    #[track_caller]
    pub fn try_insert(&mut self, index: usize, value: T) -> Result<(), AllocError> {
        let Some(behind) = self.len.checked_sub(index) else {
            out_of_range("insertion index", index, self.len)
        };
        self.try_reserve(1)?;
        // SAFETY: not above the length.
        let slot = unsafe { self.slot(index) };
        // SAFETY: below the capacity.
        let next = unsafe { slot.add(1) };
        // SAFETY: there is room for one more behind the last.
        unsafe { slot.copy_to(next, behind) };
        // SAFETY: what was there has been moved.
        unsafe { slot.write(value) };
        self.len += 1;
        Ok(())
    }

    /// Takes the value at `index` out.
    ///
    /// # Panics
    /// If there is none.
    #[track_caller]
    pub fn remove(&mut self, index: usize) -> T {
        if index >= self.len {
            out_of_range("removal index", index, self.len);
        }
        // SAFETY: below the length.
        let slot = unsafe { self.slot(index) };
        // SAFETY: valid; what is behind is moved over it.
        let value = unsafe { slot.read() };
        self.len -= 1;
        // SAFETY: not above what was the length.
        let next = unsafe { slot.add(1) };
        // SAFETY: so many values are behind.
        unsafe { next.copy_to(slot, self.len - index) };
        value
    }

    /// Takes the value at `index` out and puts the last one in its place. O(1).
    ///
    /// # Panics
    /// If there is none.
    #[inline]
    #[track_caller]
    pub fn swap_remove(&mut self, index: usize) -> T {
        let last = self.len.wrapping_sub(1);
        if index >= self.len {
            out_of_range("removal index", index, self.len);
        }
        self.as_mut_slice().swap(index, last);
        self.len = last;
        // SAFETY: below what was the length.
        let slot = unsafe { self.slot(last) };
        // SAFETY: valid, and not a value of the vector any more.
        unsafe { slot.read() }
    }

    /// Keeps the values that `keep` says yes to, in order, and drops the others. O(values).
    ///
    /// If `keep` or a destructor panics, those that were not looked at are kept.
    #[inline]
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        self.retain_mut(|value| keep(value));
    }

    /// As [`retain`](Self::retain), and `keep` may change the values.
    pub fn retain_mut(&mut self, mut keep: impl FnMut(&mut T) -> bool) {
        let mut sieve = Sieve::new(self, 0);
        while let Some(value) = sieve.peek() {
            if keep(value) {
                sieve.keep();
            } else {
                sieve.drop_next();
            }
        }
    }

    /// Drops all but the first of values that are equal and stand side by side.
    #[inline]
    pub fn dedup(&mut self)
    where
        T: PartialEq,
    {
        self.dedup_by(|value, kept| value == kept);
    }

    /// Drops all but the first of values that have the same key and stand side by side.
    #[inline]
    pub fn dedup_by_key<K: PartialEq>(&mut self, mut key: impl FnMut(&mut T) -> K) {
        self.dedup_by(|value, kept| key(value) == key(kept));
    }

    /// Drops all but the first of values that stand side by side and of which `same` says so; it is given a value, and the
    /// one kept before it.
    ///
    /// If `same` or a destructor panics, those that were not looked at are kept.
    pub fn dedup_by(&mut self, mut same: impl FnMut(&mut T, &mut T) -> bool) {
        let first = self.len.min(1);
        let mut sieve = Sieve::new(self, first);
        while let Some((kept, value)) = sieve.pair() {
            if same(value, kept) {
                sieve.drop_next();
            } else {
                sieve.keep();
            }
        }
    }

    /// Takes a range of values out. Those that are not taken from the iterator are dropped with it.
    ///
    /// If it is leaked, the vector is empty.
    ///
    /// # Panics
    /// If the range begins behind its end, or ends behind the last value.
    ///
    /// ```
    /// use nebula_memory::{Arena, ArenaVec};
    ///
    /// let arena = Arena::new();
    /// let mut numbers = ArenaVec::from_iter_in(0..6, &arena);
    /// assert!(numbers.drain(1..3).eq([1, 2]));
    /// assert_eq!(numbers, [0, 3, 4, 5]);
    /// ```
    #[track_caller]
    pub fn drain(&mut self, range: impl RangeBounds<usize>) -> Drain<'_, 'a, T, B> {
        let (start, end) = bounds(range, self.len);
        Drain::new(Sieve::new(self, start), end - start)
    }

    /// Splits the vector: values at `at` and behind are moved to a new one in the same memory.
    ///
    /// # Panics
    /// If `at` is above the length, or if there is no memory; see [`try_split_off`](Self::try_split_off).
    #[inline]
    #[track_caller]
    #[must_use = "`truncate` drops them"]
    pub fn split_off(&mut self, at: usize) -> Self {
        or_panic(self.try_split_off(at))
    }

    /// Splits the vector: values at `at` and behind are moved to a new one in the same memory.
    ///
    /// # Errors
    /// If there is no memory. Nothing is changed then.
    ///
    /// # Panics
    /// If `at` is above the length.
    #[track_caller]
    pub fn try_split_off(&mut self, at: usize) -> Result<Self, AllocError> {
        let Some(moved) = self.len.checked_sub(at) else { out_of_range("split index", at, self.len) };
        let mut other = Self::try_with_capacity_in(moved, self.memory())?;
        // SAFETY: not above the length.
        let from = unsafe { self.slot(at) };
        self.len = at;
        // SAFETY: so many values are there, and there is room for them in another block.
        unsafe { from.copy_to_nonoverlapping(other.block.slots(), moved) };
        // SAFETY: just moved; this vector does not have them any more.
        unsafe { other.set_len(moved) };
        Ok(other)
    }

    /// Moves all values of another vector to the end of this one.
    ///
    /// # Panics
    /// If there is no memory; see [`try_append`](Self::try_append).
    #[inline]
    #[track_caller]
    pub fn append<C: BumpMemory>(&mut self, other: &mut ArenaVec<'_, T, C>) {
        or_panic(self.try_append(other));
    }

    /// Moves all values of another vector, in whatever memory, to the end of this one.
    ///
    /// # Errors
    /// If there is no memory, or the size overflows. Nothing is changed then.
    pub fn try_append<C: BumpMemory>(&mut self, other: &mut ArenaVec<'_, T, C>) -> Result<(), AllocError> {
        self.try_reserve(other.len)?;
        // SAFETY: not above the capacity.
        let end = unsafe { self.slot(self.len) };
        let moved = core::mem::take(&mut other.len);
        // SAFETY: so many values are there, and there is room for them in another block.
        unsafe { other.block.slots().copy_to_nonoverlapping(end, moved) };
        self.len += moved;
        Ok(())
    }
}

/// The start and the end of a range of values, of which there are `len`.
#[track_caller]
fn bounds(range: impl RangeBounds<usize>, len: usize) -> (usize, usize) {
    let start = match range.start_bound() {
        Bound::Included(start) => Some(*start),
        Bound::Excluded(before) => before.checked_add(1),
        Bound::Unbounded => Some(0),
    };
    let end = match range.end_bound() {
        Bound::Included(last) => last.checked_add(1),
        Bound::Excluded(end) => Some(*end),
        Bound::Unbounded => Some(len),
    };
    match (start, end) {
        (Some(start), Some(end)) if start <= end && end <= len => (start, end),
        (start, end) => wrong_range(start, end, len),
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn wrong_range(start: Option<usize>, end: Option<usize>, len: usize) -> ! {
    let (start, end) = (start.unwrap_or(usize::MAX), end.unwrap_or(usize::MAX));
    assert!(start <= end, "the range starts at {start} but ends at {end}");
    panic!("the range ends at {end} but the length is {len}");
}

#[cold]
#[inline(never)]
#[track_caller]
fn out_of_range(what: &str, index: usize, len: usize) -> ! {
    panic!("the {what} is {index} but the length is {len}");
}
