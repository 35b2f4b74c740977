//! What the derive tells the runtime about the fields of a type.

use core::mem::needs_drop;
use core::ptr;

/// A type whose fields can be written one by one. Implemented by `#[derive(Pooled)]` and
/// `#[derive(Builder)]` only.
///
/// # Safety
/// * [`TABLE`](Fields::TABLE) has one entry for each field, in order of declaration, with its index, offset and type.
/// * [`fill`](Fields::fill) passes every field that has no type-state (optional, defaulted, skipped) to the
///   [`Unfilled`] it is given, with its number and type, and no other.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no builder",
    label = "only a type with `#[derive(Pooled)]` or `#[derive(Builder)]` is built field by field"
)]
pub unsafe trait Fields: Sized {
    /// How to drop each field.
    const TABLE: &'static [FieldDrop];
    /// The bits of the fields that need dropping.
    const DROP_MASK: u64 = drop_mask(Self::TABLE);

    /// Gives a value to each field that the builder's type does not require.
    fn fill(unfilled: &mut Unfilled<'_>);
}

const fn drop_mask(table: &[FieldDrop]) -> u64 {
    let mut mask = 0;
    let mut index = 0;
    while index < table.len() {
        if table[index].drop.is_some() {
            mask |= 1 << index;
        }
        index += 1;
    }
    mask
}

/// Where one field is and how to drop it.
#[derive(Debug)]
pub struct FieldDrop {
    offset: usize,
    drop: Option<unsafe fn(*mut u8)>,
}

impl FieldDrop {
    /// The entry of the field at `field` of a value at `base`.
    ///
    /// (`offset_of!` would do, but makes the compiler check one more body for each field.)
    ///
    /// # Safety
    /// `field` points to a field of the value at `base`.
    #[must_use]
    pub const unsafe fn new<T, F>(base: *const T, field: *const F) -> Self {
        // SAFETY: both pointers are into one value.
        let offset = unsafe { field.byte_offset_from(base) };
        Self {
            offset: offset.cast_unsigned(),
            drop: if needs_drop::<F>() { Some(drop_erased::<F>) } else { None },
        }
    }

    /// Drops the field of the value at `base`.
    ///
    /// # Safety
    /// `base` points to memory for a value of the type this entry is made for, and the field there is initialised,
    /// owned by the caller and not used again.
    pub(crate) unsafe fn drop_field(&self, base: *mut u8) {
        if let Some(drop) = self.drop {
            // SAFETY: the offset of a field is within the value.
            let field = unsafe { base.add(self.offset) };
            // SAFETY: the field has the type `drop` was made for (`new`), and is the caller's to drop.
            unsafe { drop(field) };
        }
    }
}

unsafe fn drop_erased<F>(field: *mut u8) {
    // SAFETY: the caller passes an initialised `F` that it owns and does not use again.
    unsafe { ptr::drop_in_place(field.cast::<F>()) }
}

/// Where the field `index` of the value at `base` is.
///
/// (Not generic, like all that can be here: what is generic is compiled again for each field of each type.)
///
/// # Safety
/// `base` points to memory for a value of the type that `table` describes.
#[inline]
pub(super) unsafe fn locate(base: *mut u8, table: &'static [FieldDrop], index: usize) -> *mut u8 {
    // SAFETY: the offset of a field is within the value (`Fields`).
    unsafe { base.add(table[index].offset) }
}

/// The fields of a value that [`Fields::fill`] may still give a value to.
pub struct Unfilled<'a> {
    base: *mut u8,
    table: &'static [FieldDrop],
    written: &'a mut u64,
}

impl<'a> Unfilled<'a> {
    /// # Safety
    /// `base` is aligned and valid for writes of a `T` that nobody else uses during `'a`.
    #[inline]
    pub(super) unsafe fn new<T: Fields>(base: *mut T, written: &'a mut u64) -> Self {
        Self { base: base.cast(), table: T::TABLE, written }
    }

    /// Gives the field number `index` this value if it has none.
    ///
    /// # Safety
    /// As for [`or_else`](Self::or_else).
    #[inline]
    pub unsafe fn or<F>(&mut self, index: usize, value: F) {
        // SAFETY: the caller's promise.
        unsafe { self.or_else(index, || value) };
    }

    /// Gives the field number `index` its type's default if it has no value.
    ///
    /// # Safety
    /// As for [`or_else`](Self::or_else).
    #[inline]
    pub unsafe fn or_default<F: Default>(&mut self, index: usize) {
        // SAFETY: the caller's promise.
        unsafe { self.or_else(index, F::default) };
    }

    /// Gives the field number `index` the value of `make` if it has none.
    ///
    /// # Safety
    /// That field has the type `F` and no type-state.
    #[inline]
    pub unsafe fn or_else<F>(&mut self, index: usize, make: impl FnOnce() -> F) {
        let bit = 1 << index;
        if *self.written & bit == 0 {
            let value = make();
            // SAFETY: `base` points to memory for the value (`new`).
            let field = unsafe { locate(self.base, self.table, index) };
            // SAFETY: a field of memory that is valid for writes; the caller promises its type.
            unsafe { field.cast::<F>().write(value) };
            *self.written |= bit;
        }
    }
}

impl core::fmt::Debug for Unfilled<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Unfilled").field("written", &self.written).finish_non_exhaustive()
    }
}
