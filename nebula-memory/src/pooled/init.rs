//! Initialising one field in place.

use core::fmt;
use core::marker::PhantomData;
use core::mem::{self, MaybeUninit};
use core::ptr;

/// Makes `'s` invariant, so that no [`Init`] of one field passes for that of another.
type Brand<'s> = PhantomData<fn(&'s ()) -> &'s ()>;

/// Memory for one field, to be initialised where it is.
///
/// The closure of a `…_with` setter gets one and must return the [`Init`] that only initialising it gives:
///
/// ```text
/// builder.samples_with(|samples| samples.fill_with(|i| i * i))
/// ```
pub struct Uninit<'s, F> {
    field: *mut F,
    brand: Brand<'s>,
}

/// The proof that the field is initialised. It owns the value: dropped, it drops it.
#[must_use = "return it from the closure: dropped, it drops the value it stands for"]
pub struct Init<'s, F> {
    field: *mut F,
    brand: Brand<'s>,
    owns: PhantomData<F>,
}

impl<'s, F> Uninit<'s, F> {
    /// Runs `init` on the field. When this returns, the field holds a value that belongs to the caller.
    ///
    /// # Safety
    /// `field` is aligned, valid for writes and used by nobody else during the call.
    #[inline]
    pub(crate) unsafe fn run(field: *mut F, init: impl for<'b> FnOnce(Uninit<'b, F>) -> Init<'b, F>) {
        // The brand is new for each call, so the proof that comes back is that of this field.
        mem::forget(init(Uninit { field, brand: PhantomData }));
    }

    /// Writes a value.
    #[inline]
    pub fn write(self, value: F) -> Init<'s, F> {
        // SAFETY: the field is valid for writes while the brand lives (`run`).
        unsafe { self.field.write(value) };
        // SAFETY: it has just been written.
        unsafe { self.assume_init() }
    }

    /// Writes the value of a closure.
    #[inline]
    pub fn write_with(self, make: impl FnOnce() -> F) -> Init<'s, F> {
        self.write(make())
    }

    /// The memory, to be initialised by other means.
    #[inline]
    pub fn as_uninit_mut(&mut self) -> &mut MaybeUninit<F> {
        // SAFETY: aligned, valid and exclusive while the brand lives; a `MaybeUninit` may hold anything.
        unsafe { &mut *self.field.cast::<MaybeUninit<F>>() }
    }

    /// Takes the memory as initialised.
    ///
    /// # Safety
    /// The memory holds a valid `F`.
    #[inline]
    pub unsafe fn assume_init(self) -> Init<'s, F> {
        Init { field: self.field, brand: PhantomData, owns: PhantomData }
    }
}

impl<'s, E, const N: usize> Uninit<'s, [E; N]> {
    /// Writes each element with the value of `make` for its index. If `make` panics, the elements written so far are
    /// dropped.
    #[inline]
    pub fn fill_with(self, mut make: impl FnMut(usize) -> E) -> Init<'s, [E; N]> {
        let mut written = Written { first: self.field.cast::<E>(), len: 0 };
        while written.len < N {
            let value = make(written.len);
            // SAFETY: the index is below the length of the array.
            let element = unsafe { written.first.add(written.len) };
            // SAFETY: an element of an array that is valid for writes (`run`).
            unsafe { element.write(value) };
            written.len += 1;
        }
        mem::forget(written);
        // SAFETY: all `N` elements are written.
        unsafe { self.assume_init() }
    }
}

/// The elements of an array that have been written; drops them.
struct Written<E> {
    first: *mut E,
    len: usize,
}

impl<E> Drop for Written<E> {
    fn drop(&mut self) {
        let written = ptr::slice_from_raw_parts_mut(self.first, self.len);
        // SAFETY: the first `len` elements are initialised and belong to this guard.
        unsafe { ptr::drop_in_place(written) };
    }
}

impl<F> Drop for Init<'_, F> {
    fn drop(&mut self) {
        // SAFETY: the proof owns the value it stands for; the builder forgets the proof it takes the value from.
        unsafe { ptr::drop_in_place(self.field) };
    }
}

impl<F> fmt::Debug for Uninit<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Uninit").finish_non_exhaustive()
    }
}

impl<F> fmt::Debug for Init<'_, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Init").finish_non_exhaustive()
    }
}
