//! How reserved memory becomes a reference: write, then borrow. The memory is reserved before user code
//! runs, so that user code may allocate too; if it panics the memory stays reserved and holds nothing.

use core::mem::MaybeUninit;
use core::ptr::NonNull;

use crate::simd::copy_bytes;

/// Makes a value where it will stay.
///
/// # Safety
/// `slot` is valid for reads and writes of a `T`, aligned, and nobody else's, for `'a`.
#[inline(always)]
pub(crate) unsafe fn value<'a, T: 'a>(slot: NonNull<T>, make: impl FnOnce() -> T) -> &'a mut T {
    // SAFETY: the caller's promise.
    unsafe { slot.write(make()) };
    // SAFETY: just written; the caller's promise.
    unsafe { &mut *slot.as_ptr() }
}

/// Copies a slice.
///
/// # Safety
/// `slots` is valid for reads and writes of as many `T` as `source` has, aligned, and nobody else's, for `'a`.
#[inline(always)]
pub(crate) unsafe fn copy<'a, T: Copy + 'a>(slots: NonNull<T>, source: &[T]) -> &'a mut [T] {
    // SAFETY: the caller's promise; the source is borrowed, so that it does not overlap what is nobody's.
    unsafe { copy_bytes(source.as_ptr().cast(), slots.as_ptr().cast(), size_of_val(source)) };
    // SAFETY: just written.
    unsafe { slice(slots, source.len()) }
}

/// Makes the values of a slice one after the other.
///
/// # Safety
/// `slots` is valid for reads and writes of `len` values, aligned, and nobody else's, for `'a`.
#[inline(always)]
pub(crate) unsafe fn each<'a, T: 'a>(
    slots: NonNull<T>,
    len: usize,
    mut make: impl FnMut(usize) -> T,
) -> &'a mut [T] {
    for index in 0..len {
        // SAFETY: `index` is below `len`.
        let slot = unsafe { slots.add(index) };
        // SAFETY: the caller's promise.
        unsafe { slot.write(make(index)) };
    }
    // SAFETY: all written.
    unsafe { slice(slots, len) }
}

/// Borrows values that are there.
///
/// # Safety
/// `slots` points to `len` valid values that are nobody else's for `'a`.
#[inline(always)]
pub(crate) unsafe fn slice<'a, T: 'a>(slots: NonNull<T>, len: usize) -> &'a mut [T] {
    // SAFETY: the caller's promise.
    unsafe { &mut *NonNull::slice_from_raw_parts(slots, len).as_ptr() }
}

/// Borrows memory that is not initialised yet.
///
/// # Safety
/// `slots` is valid for reads and writes of `len` values, aligned, and nobody else's, for `'a`.
#[inline(always)]
pub(crate) unsafe fn uninit<'a, T: 'a>(slots: NonNull<T>, len: usize) -> &'a mut [MaybeUninit<T>] {
    // SAFETY: the caller's promise; a `MaybeUninit` is always valid.
    unsafe { slice(slots.cast::<MaybeUninit<T>>(), len) }
}

/// The text in bytes that were copied from text.
///
/// # Safety
/// `bytes` is valid UTF-8.
#[inline(always)]
pub(crate) unsafe fn text(bytes: &mut [u8]) -> &mut str {
    // SAFETY: the caller's promise.
    unsafe { core::str::from_utf8_unchecked_mut(bytes) }
}

/// Refuses, when compiled, types whose destructor would never run.
pub(crate) const fn assert_no_drop<T>() {
    assert!(
        !core::mem::needs_drop::<T>(),
        "this type has a destructor, which would never run here: use `alloc_box`, which owns the value and drops it"
    );
}
