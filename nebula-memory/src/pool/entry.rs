use core::mem::MaybeUninit;
use core::ptr::NonNull;

/// An object and what is noted of it. The object comes first, so that a pointer to one is a pointer to the other.
#[repr(C)]
pub(super) struct Entry<T, N> {
    object: MaybeUninit<T>,
    note: N,
}

/// A slot of a pool: whose it is, the holder has to know.
pub(super) type Slot<T, N> = NonNull<Entry<T, N>>;

impl<T, N: Default> Entry<T, N> {
    /// Without an object.
    pub(super) fn empty() -> Self {
        Self { object: MaybeUninit::uninit(), note: N::default() }
    }
}

/// Where the object of an entry is.
#[inline(always)]
pub(super) const fn object_of<T, N>(entry: NonNull<Entry<T, N>>) -> NonNull<T> {
    // The first field of a `repr(C)` type, and as large as a `T`.
    entry.cast()
}

/// The note of an entry.
///
/// # Safety
/// `entry` is valid for as long as `'a`, and was written.
#[inline(always)]
pub(super) const unsafe fn note_of<'a, T, N>(entry: NonNull<Entry<T, N>>) -> &'a N {
    // SAFETY: in bounds of the entry; no reference to the object is made.
    let note = unsafe { &raw const (*entry.as_ptr()).note };
    // SAFETY: by the caller's promise; notes are only read through shared references, whoever has the object.
    unsafe { &*note }
}
