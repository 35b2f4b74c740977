use core::alloc::Layout;
use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};
use core::ptr::{self, NonNull};

#[cfg(feature = "alloc")]
use super::SystemAllocator;
use super::traits::{Unfilled, array_layout};
use super::{Allocator, TypedAllocator};
use crate::error::{self, AllocError};

/// A value in any allocator, owned: a `Box` of this crate's [`Allocator`].
///
/// The allocator is kept by value, which may be a reference: `AllocHandle<T, &Arena>`. Dropping the handle drops the value
/// and gives its memory back, that also if the value's destructor panics. Leaking it leaks both and nothing else.
///
/// There is no `pin`: what is pinned must not be overwritten before it is dropped, and memory of an arena is, once the
/// handle was leaked and the arena reset.
///
/// ```
/// use nebula_memory::{AllocHandle, Arena};
///
/// let arena = Arena::new();
/// let mut names = AllocHandle::new(vec!["Ada"], &arena);
/// names.push("Grace");
/// let copies = AllocHandle::from_slice(&names, &arena);
/// assert_eq!((copies.len(), copies[1]), (2, "Grace"));
/// assert_eq!(AllocHandle::into_inner(names), ["Ada", "Grace"]);
/// ```
///
/// It becomes one of a trait object by way of its pointer:
///
/// ```
/// use core::fmt::Display;
/// use core::ptr::NonNull;
/// use nebula_memory::{AllocHandle, SystemAllocator};
///
/// let (number, memory) = AllocHandle::into_raw(AllocHandle::new(7, SystemAllocator));
/// let number: NonNull<dyn Display> = number;
/// // SAFETY: from `into_raw`, and taken back once.
/// let shown = unsafe { AllocHandle::from_raw(number, memory) };
/// assert_eq!(shown.to_string(), "7");
/// ```
// Invariants: `value` points to a valid value that is ours alone, in a block that `allocator`, or a copy of it, allocated
// with the layout of the value.
pub struct AllocHandle<
    T: ?Sized,
    #[cfg(feature = "alloc")] A: Allocator = SystemAllocator,
    #[cfg(not(feature = "alloc"))] A: Allocator,
> {
    value: NonNull<T>,
    allocator: A,
    owns: PhantomData<T>,
}

// SAFETY: the value and the allocator are owned, like those of a box.
unsafe impl<T: ?Sized + Send, A: Allocator + Send> Send for AllocHandle<T, A> {}
// SAFETY: a shared handle gives shared access to the value and to the allocator, and nothing else.
unsafe impl<T: ?Sized + Sync, A: Allocator + Sync> Sync for AllocHandle<T, A> {}

impl<T, A: Allocator> AllocHandle<T, A> {
    /// Puts a value in memory of `allocator`.
    ///
    /// # Panics
    /// If there is no memory; see [`try_new`](Self::try_new).
    #[inline]
    #[track_caller]
    pub fn new(value: T, allocator: A) -> Self {
        Self::try_new(value, allocator).unwrap_or_else(|error| error::out_of_memory(error))
    }

    /// Puts a value in memory of `allocator`.
    ///
    /// # Errors
    /// If there is no memory; the value is dropped then, as is the allocator.
    #[inline]
    pub fn try_new(value: T, allocator: A) -> Result<Self, AllocError> {
        let value = allocator.alloc_init(value)?;
        // SAFETY: allocated and initialised just above.
        Ok(unsafe { Self::from_raw(value, allocator) })
    }

    /// Makes a value in memory of `allocator`, where it will stay.
    ///
    /// # Panics
    /// If there is no memory; see [`try_new_with`](Self::try_new_with).
    #[inline]
    #[track_caller]
    pub fn new_with(make: impl FnOnce() -> T, allocator: A) -> Self {
        Self::try_new_with(make, allocator).unwrap_or_else(|error| error::out_of_memory(error))
    }

    /// Makes a value in memory of `allocator`, where it will stay. If the closure panics the memory is given back.
    ///
    /// # Errors
    /// If there is no memory; the closure is not called then.
    #[inline]
    pub fn try_new_with(make: impl FnOnce() -> T, allocator: A) -> Result<Self, AllocError> {
        let value = allocator.alloc_init_with(make)?;
        // SAFETY: allocated and initialised just above.
        Ok(unsafe { Self::from_raw(value, allocator) })
    }

    /// Moves the value out and gives the memory back.
    #[inline]
    pub fn into_inner(this: Self) -> T {
        let (value, allocator) = Self::into_raw(this);
        // SAFETY: valid, and moved out once: what is left is a block.
        let inner = unsafe { value.read() };
        // SAFETY: allocated there as a `T`, and not used after this.
        unsafe { allocator.dealloc(value) };
        inner
    }
}

impl<T, A: Allocator> AllocHandle<[T], A> {
    /// Makes `len` values in memory of `allocator`, each from its index.
    ///
    /// # Panics
    /// If there is no memory; see [`try_slice_with`](Self::try_slice_with).
    #[inline]
    #[track_caller]
    pub fn slice_with(len: usize, make: impl FnMut(usize) -> T, allocator: A) -> Self {
        Self::try_slice_with(len, make, allocator).unwrap_or_else(|error| error::out_of_memory(error))
    }

    /// Makes `len` values in memory of `allocator`, each from its index. The closure may allocate too; if it panics, the
    /// values before are dropped and the memory is given back.
    ///
    /// # Errors
    /// If there is no memory, or the size overflows.
    #[inline]
    pub fn try_slice_with(
        len: usize,
        mut make: impl FnMut(usize) -> T,
        allocator: A,
    ) -> Result<Self, AllocError> {
        let slots = allocator.alloc_array::<T>(len)?;
        let mut filling = Filling { slots: slots.cast(), len, filled: 0, allocator: &allocator };
        while filling.filled < len {
            // SAFETY: below `len`.
            let slot = unsafe { filling.slots.add(filling.filled) };
            // SAFETY: allocated for a `T`, and nobody else's.
            unsafe { slot.write(make(filling.filled)) };
            filling.filled += 1;
        }
        core::mem::forget(filling);
        // SAFETY: allocated above with this length; all values are there.
        Ok(unsafe { Self::from_raw(slots, allocator) })
    }

    /// Clones the values of a slice.
    ///
    /// # Panics
    /// If there is no memory; see [`try_from_slice`](Self::try_from_slice).
    #[inline]
    #[track_caller]
    pub fn from_slice(source: &[T], allocator: A) -> Self
    where
        T: Clone,
    {
        Self::try_from_slice(source, allocator).unwrap_or_else(|error| error::out_of_memory(error))
    }

    /// Clones the values of a slice.
    ///
    /// # Errors
    /// If there is no memory.
    #[inline]
    pub fn try_from_slice(source: &[T], allocator: A) -> Result<Self, AllocError>
    where
        T: Clone,
    {
        Self::try_slice_with(source.len(), |index| source[index].clone(), allocator)
    }
}

impl<T: ?Sized, A: Allocator> AllocHandle<T, A> {
    /// Takes over a value.
    ///
    /// # Safety
    /// `value` points to a valid value that nobody else uses or drops, in a block that `allocator` (or a copy of it)
    /// allocated with the value's own layout: from [`into_raw`](Self::into_raw), or from
    /// [`TypedAllocator`](crate::TypedAllocator) and initialised.
    #[inline]
    pub unsafe fn from_raw(value: NonNull<T>, allocator: A) -> Self {
        Self { value, allocator, owns: PhantomData }
    }

    /// Gives up the value and the allocator: nothing is dropped or given back any more.
    #[inline]
    pub fn into_raw(this: Self) -> (NonNull<T>, A) {
        let this = ManuallyDrop::new(this);
        // SAFETY: `this` is not used or dropped after this, so the allocator is moved out of it, not copied.
        (this.value, unsafe { ptr::read(&raw const this.allocator) })
    }

    /// Gives up ownership: the value stays for as long as its memory is there, and is not dropped any more.
    #[inline]
    pub fn leak<'a>(this: Self) -> &'a mut T
    where
        A: 'a,
        T: 'a,
    {
        // The allocator is not dropped, because its memory might go with it.
        let this = ManuallyDrop::new(this);
        // SAFETY: the value is valid and ours, and no longer reachable through the handle. Its block is valid for as long
        // as the allocator, or a copy of it, is there: this one is never dropped, and what it borrows lives for `'a`.
        unsafe { &mut *this.value.as_ptr() }
    }

    /// Where the memory is from.
    #[inline]
    pub fn allocator(this: &Self) -> &A {
        &this.allocator
    }
}

impl<T: ?Sized, A: Allocator> Drop for AllocHandle<T, A> {
    #[inline]
    fn drop(&mut self) {
        // Asked before the value is gone. Given back also if its destructor panics.
        let layout = Layout::for_value::<T>(&**self);
        let _memory = Unfilled { block: self.value.cast(), layout, allocator: &self.allocator };
        // SAFETY: valid, ours, and not used after this.
        unsafe { self.value.drop_in_place() };
    }
}

/// A slice of which the first values are there: dropped, and its memory given back, unless it is finished.
struct Filling<'a, T, A: Allocator> {
    /// Allocated from `allocator` for `len` values, of which the first `filled` are there.
    slots: NonNull<T>,
    len: usize,
    filled: usize,
    allocator: &'a A,
}

impl<T, A: Allocator> Drop for Filling<'_, T, A> {
    fn drop(&mut self) {
        // SAFETY: allocated for this many values.
        let layout = unsafe { array_layout::<T>(self.len) };
        let _memory = Unfilled { block: self.slots.cast(), layout, allocator: self.allocator };
        // SAFETY: these are valid, ours, and not used after this.
        unsafe { NonNull::slice_from_raw_parts(self.slots, self.filled).drop_in_place() };
    }
}

impl<T: ?Sized, A: Allocator> Deref for AllocHandle<T, A> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the value is valid and ours.
        unsafe { self.value.as_ref() }
    }
}

impl<T: ?Sized, A: Allocator> DerefMut for AllocHandle<T, A> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the value is valid and ours.
        unsafe { self.value.as_mut() }
    }
}

impl<T: ?Sized + fmt::Debug, A: Allocator> fmt::Debug for AllocHandle<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: ?Sized + fmt::Display, A: Allocator> fmt::Display for AllocHandle<T, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl<T: ?Sized, A: Allocator> AsRef<T> for AllocHandle<T, A> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T: ?Sized, A: Allocator> AsMut<T> for AllocHandle<T, A> {
    fn as_mut(&mut self) -> &mut T {
        self
    }
}
