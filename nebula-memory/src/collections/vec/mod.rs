//! A vector in an arena.
//!
//! * here: the type, and what std's vector has that needs no more than the block and the length
//! * `fill`: values from slices and iterators
//! * `edit`: values in the middle; `sieve`: what keeps some and drops others, and survives a panic
//! * `drain`, `into_iter`: taking values out
//! * `convert`: what a vector ends as
//! * `traits`: what it has in common with slices

mod convert;
mod drain;
mod edit;
mod fill;
mod into_iter;
mod sieve;
mod traits;

use core::ptr::NonNull;

pub use drain::Drain;
pub use into_iter::IntoIter;

use super::block::Block;
use super::or_panic;
#[cfg(feature = "alloc")]
use crate::Arena;
use crate::allocator::bump::BumpMemory;
use crate::error::AllocError;

/// A vector in an arena, a bump allocator, a stack, or in a scope of one: what std's `Vec` is on the heap.
///
/// It borrows its memory, which is any [`BumpMemory`]: `ArenaVec<'a, T>` stands in an [`Arena`](crate::Arena),
/// `ArenaVec<'v, T, FnArena<'a>>` in what `#[arena]` gives a function. The last block of its memory grows where it
/// is, whatever values are allocated meanwhile. Its values are dropped with it, and its block is given back then, if it is
/// the last one. [`into_slice`](Self::into_slice) and [`into_boxed_slice`](Self::into_boxed_slice) make it a value of
/// the arena.
///
/// ```
/// use nebula_memory::{Arena, ArenaVec};
///
/// fn words<'a>(arena: &'a Arena, text: &str) -> &'a mut [&'a str] {
///     let mut words = ArenaVec::new_in(arena);
///     for word in text.split(' ') {
///         words.push(&*arena.alloc_str(word)); // moves nothing
///     }
///     words.into_slice()
/// }
///
/// let arena = Arena::new();
/// assert_eq!(words(&arena, "memory by intent"), ["memory", "by", "intent"]);
/// ```
///
/// # Why not the vector of another crate
/// Those that take an allocator stand in `&Arena` too, see [`interop`](crate::allocator::interop). This one is for loops
/// that push. Its growing takes the block by value, so that pointer, length and capacity stay in registers; where few
/// values are pushed, the compiler knows the capacity of the first block, and compares nothing; a block that has to be
/// copied becomes four times as large, which takes no more memory on average and copies a third as much. By the
/// `vec-…` rows of `benches/`, a push to a short vector costs little more than a third of what it costs allocator-api2's in
/// the same scope, one to several vectors in turn six tenths, and one to a single long vector the same.
///
/// # What it cannot do
/// The borrow checker takes the vector's destructor for one that uses what its values refer to, so that these must be
/// declared before the vector. (std's has an unstable privilege for that.) What it is made into is free of that.
///
/// It can be sent to another thread only if its memory may be used from there, as
/// [`BumpAllocator::new_shared`](crate::BumpAllocator::new_shared) may be; a boxed slice always can, if its values can.
pub struct ArenaVec<
    'a,
    T,
    #[cfg(feature = "alloc")] B: BumpMemory = Arena,
    #[cfg(not(feature = "alloc"))] B: BumpMemory,
> {
    block: Block<'a, T, B>,
    /// Not above the capacity of the block, of which the first `len` values are valid and ours.
    len: usize,
}

impl<'a, T, B: BumpMemory> ArenaVec<'a, T, B> {
    /// A vector without values. Takes no memory.
    #[inline(always)]
    pub const fn new_in(memory: &'a B) -> Self {
        Self { block: Block::new(memory), len: 0 }
    }

    /// A vector with room for exactly `capacity` values.
    ///
    /// # Panics
    /// If there is no memory; see [`try_with_capacity_in`](Self::try_with_capacity_in).
    #[inline]
    #[track_caller]
    pub fn with_capacity_in(capacity: usize, memory: &'a B) -> Self {
        or_panic(Self::try_with_capacity_in(capacity, memory))
    }

    /// A vector with room for exactly `capacity` values.
    ///
    /// # Errors
    /// If there is no memory, or the size overflows.
    #[inline]
    pub fn try_with_capacity_in(capacity: usize, memory: &'a B) -> Result<Self, AllocError> {
        Ok(Self { block: Block::with_capacity(memory, capacity)?, len: 0 })
    }

    /// The memory it stands in.
    #[inline]
    pub fn memory(&self) -> &'a B {
        self.block.memory()
    }

    /// How many values there are.
    #[inline(always)]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no value.
    #[inline(always)]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// For how many values there is room; `usize::MAX` if they have no size.
    #[inline]
    pub fn capacity(&self) -> usize {
        self.block.capacity()
    }

    /// The values.
    #[inline(always)]
    pub fn as_slice(&self) -> &[T] {
        // SAFETY: the first `len` values are valid.
        unsafe { self.values().as_ref() }
    }

    /// The values.
    #[inline(always)]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        // SAFETY: the first `len` values are valid and ours.
        unsafe { self.values().as_mut() }
    }

    #[inline(always)]
    fn values(&self) -> NonNull<[T]> {
        NonNull::slice_from_raw_parts(self.block.slots(), self.len)
    }

    /// The place of the value at an index.
    ///
    /// # Safety
    /// The index is not above the capacity.
    #[inline(always)]
    unsafe fn slot(&self, index: usize) -> NonNull<T> {
        // SAFETY: the caller's promise.
        unsafe { self.block.slots().add(index) }
    }

    /// Says how many of the first values are there.
    ///
    /// # Safety
    /// The first `len` values are valid and ours, and nobody else drops them.
    #[inline(always)]
    unsafe fn set_len(&mut self, len: usize) {
        debug_assert!(len <= self.capacity());
        self.len = len;
    }

    /// Adds a value at the end. O(1) on average; nothing is copied if the block is the last one of its memory.
    ///
    /// # Panics
    /// If there is no memory; see [`try_push`](Self::try_push).
    ///
    /// ```
    /// use nebula_memory::{ArenaVec, BumpAllocator};
    ///
    /// let memory = BumpAllocator::new(64);
    /// let mut numbers = ArenaVec::new_in(&memory);
    /// numbers.push(1_u64);
    /// numbers.push(2);
    /// assert_eq!(numbers, [1, 2]);
    /// ```
    #[inline(always)]
    #[track_caller]
    pub fn push(&mut self, value: T) {
        if self.len == self.block.capacity() {
            self.block.grow();
        }
        // SAFETY: there is room.
        unsafe { self.push_within_capacity(value) };
    }

    /// Adds a value at the end, as [`push`](Self::push) does.
    ///
    /// # Errors
    /// If there is no memory, or the size overflows. The value is dropped then: [`try_reserve`](Self::try_reserve) first to
    /// keep it.
    #[inline(always)]
    pub fn try_push(&mut self, value: T) -> Result<(), AllocError> {
        if self.len == self.block.capacity() {
            self.block.try_grow()?;
        }
        // SAFETY: there is room.
        unsafe { self.push_within_capacity(value) };
        Ok(())
    }

    /// # Safety
    /// The length is below the capacity.
    #[inline(always)]
    unsafe fn push_within_capacity(&mut self, value: T) {
        // SAFETY: within the block.
        let slot = unsafe { self.slot(self.len) };
        // SAFETY: as above; aligned, and there is no value.
        unsafe { slot.write(value) };
        self.len += 1;
    }

    /// Takes the last value off.
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        self.len = self.len.checked_sub(1)?;
        // SAFETY: below what was the length.
        let slot = unsafe { self.slot(self.len) };
        // SAFETY: valid, and not a value of the vector any more.
        Some(unsafe { slot.read() })
    }

    /// Makes room for at least `additional` values more.
    ///
    /// # Panics
    /// If there is no memory; see [`try_reserve`](Self::try_reserve).
    #[inline]
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        or_panic(self.try_reserve(additional));
    }

    /// Makes room for at least `additional` values more.
    ///
    /// # Errors
    /// If there is no memory, or the size overflows.
    #[inline]
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), AllocError> {
        self.block.reserve(self.len, additional)
    }

    /// Makes room for `additional` values more, and not for more than that.
    ///
    /// # Panics
    /// If there is no memory; see [`try_reserve_exact`](Self::try_reserve_exact).
    #[inline]
    #[track_caller]
    pub fn reserve_exact(&mut self, additional: usize) {
        or_panic(self.try_reserve_exact(additional));
    }

    /// Makes room for `additional` values more, and not for more than that.
    ///
    /// # Errors
    /// If there is no memory, or the size overflows.
    #[inline]
    pub fn try_reserve_exact(&mut self, additional: usize) -> Result<(), AllocError> {
        self.block.reserve_exact(self.len, additional)
    }

    /// Gives back what room there is behind the values, if the block is the last one of its memory. Never copies; does
    /// nothing for any other block.
    #[inline]
    pub fn shrink_to_fit(&mut self) {
        self.block.shrink(self.len);
    }

    /// As [`shrink_to_fit`](Self::shrink_to_fit), and keeps room for `capacity` values.
    #[inline]
    pub fn shrink_to(&mut self, capacity: usize) {
        self.block.shrink(capacity.max(self.len));
    }

    /// Drops all but the first `len` values. Does nothing if there are no more.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        let Some(surplus) = self.len.checked_sub(len) else { return };
        // SAFETY: not above the length.
        let first = unsafe { self.slot(len) };
        // Before anything is dropped, which may panic.
        self.len = len;
        // SAFETY: valid values, which the vector does not have any more.
        unsafe { NonNull::slice_from_raw_parts(first, surplus).drop_in_place() };
    }

    /// Drops all values. Keeps the memory.
    #[inline]
    pub fn clear(&mut self) {
        self.truncate(0);
    }
}

impl<T, B: BumpMemory> Drop for ArenaVec<'_, T, B> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: valid, ours, and not used after this. The block gives itself back, also if one of them panics.
        unsafe { self.values().drop_in_place() };
    }
}
