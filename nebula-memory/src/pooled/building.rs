//! A struct that `alloc!` builds field by field.

use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;

/// `T` again, by a way that leads through the values `V` of its fields.
///
/// A field that does not exist has the compiler's type of errors for its value. What is looked up in this trait with an
/// error in `V` is one too, and a field of that is not reported again.
pub trait With<V> {
    /// `T`.
    type Same;
}

impl<T, V> With<V> for T {
    type Same = T;
}

/// Memory for a `T` while `alloc!(a, Struct { … })` writes its fields, whose values are `V`.
pub struct Building<'a, T, V> {
    /// Not a reference: the fields are written through pointers made from it one after the other.
    value: *mut T,
    memory: PhantomData<&'a mut T>,
    values: PhantomData<fn(V)>,
}

impl<'a, T, V> Building<'a, T, V> {
    /// Starts in `memory`. The closures are not called, they give `T` its type and the compiler the user's mistakes:
    /// `literal` is the struct literal as a function of its values, `fields` refers to each field, and `update` takes
    /// what the literal does not give from another value, which only a struct allows. (The fields of an enum's
    /// variant would be looked for behind its `Deref`.)
    #[inline]
    pub fn new(
        memory: &'a mut MaybeUninit<T>,
        literal: impl FnOnce(V) -> T,
        fields: impl FnOnce(&<T as With<V>>::Same),
        update: impl FnOnce(V, T) -> T,
    ) -> Self {
        let _ = (literal, fields, update);
        Self { value: memory.as_mut_ptr(), memory: PhantomData, values: PhantomData }
    }

    /// Where the fields are.
    #[inline]
    #[must_use]
    pub fn as_mut_ptr(&self) -> *mut <T as With<V>>::Same {
        self.value
    }

    /// The finished value.
    ///
    /// # Safety
    /// Every field has been written.
    #[inline]
    #[must_use]
    pub unsafe fn finish(self) -> &'a mut T {
        // SAFETY: the memory was borrowed exclusively for `'a`, and holds a valid value now.
        unsafe { &mut *self.value }
    }
}

/// Memory for one field of a [`Building`]: safe to write, so that the user's value is not inside an `unsafe` of the macro.
pub struct FieldSlot<F>(*mut F);

impl<F> FieldSlot<F> {
    /// The memory at `field`.
    ///
    /// # Safety
    /// It is aligned, valid for writes, and used by nobody else while this is.
    #[inline]
    #[must_use]
    pub unsafe fn new(field: *mut F) -> Self {
        Self(field)
    }

    /// Writes the field.
    #[inline]
    pub fn write(self, value: F) {
        // SAFETY: aligned and valid for writes (`new`).
        unsafe { self.0.write(value) };
    }
}

impl<F> fmt::Debug for FieldSlot<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldSlot").finish_non_exhaustive()
    }
}

impl<T, V> fmt::Debug for Building<'_, T, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Building").finish_non_exhaustive()
    }
}
