use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

/// A value in an arena or a bump allocator that is dropped: a `Box` whose memory is the arena's.
///
/// The memory itself comes back when the arena is reset or the scope ends. Leaking the box leaks what the
/// value owns, and nothing else.
///
/// There is no `pin`: leaked and then reset, a pinned value would be overwritten without having been dropped.
///
/// ```
/// use nebula_memory::Arena;
///
/// let arena = Arena::new();
/// let mut names = arena.alloc_box(vec![String::from("Ada")]);
/// names.push(String::from("Grace"));
/// assert_eq!(names.len(), 2);
/// ```
pub struct ArenaBox<'a, T: ?Sized> {
    /// Points to a valid value that is ours alone for `'a`.
    value: NonNull<T>,
    owns: PhantomData<(&'a (), T)>,
}

// SAFETY: owns its value, like a box; the arena is not touched through it.
unsafe impl<T: ?Sized + Send> Send for ArenaBox<'_, T> {}
// SAFETY: shared access to the value and nothing else.
unsafe impl<T: ?Sized + Sync> Sync for ArenaBox<'_, T> {}

impl<'a, T: ?Sized> ArenaBox<'a, T> {
    /// Takes over a value.
    ///
    /// # Safety
    /// `value` points to a valid value that nobody else uses, or drops, for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn from_raw(value: NonNull<T>) -> Self {
        Self { value, owns: PhantomData }
    }

    /// Gives up ownership: the value is not dropped any more.
    #[inline]
    pub fn leak(this: Self) -> &'a mut T
    where
        T: 'a,
    {
        let this = ManuallyDrop::new(this);
        // SAFETY: the value is ours for `'a`, and `this` is not used or dropped after this.
        unsafe { &mut *this.value.as_ptr() }
    }
}

impl<T> ArenaBox<'_, T> {
    /// Moves the value out.
    #[inline]
    pub fn into_inner(this: Self) -> T {
        let this = ManuallyDrop::new(this);
        // SAFETY: the value is valid, and moved out once: `this` is not used or dropped after this.
        unsafe { this.value.read() }
    }
}

impl<T: ?Sized> Drop for ArenaBox<'_, T> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: the value is valid, ours, and not used after this.
        unsafe { self.value.drop_in_place() };
    }
}

impl<T: ?Sized> Deref for ArenaBox<'_, T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: the value is valid and ours.
        unsafe { self.value.as_ref() }
    }
}

impl<T: ?Sized> DerefMut for ArenaBox<'_, T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: the value is valid and ours.
        unsafe { self.value.as_mut() }
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for ArenaBox<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for ArenaBox<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl<T: ?Sized> AsRef<T> for ArenaBox<'_, T> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T: ?Sized> AsMut<T> for ArenaBox<'_, T> {
    fn as_mut(&mut self) -> &mut T {
        self
    }
}
