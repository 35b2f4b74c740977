//! Dropping a value of which only some fields are there.

use core::slice;

use super::{FieldDrop, Fields};

/// Drops the fields of the value at `base` that are in `set` and need it.
///
/// # Safety
/// `base` points to memory for a `T`. Each field in `set` that needs dropping holds a value, which is the caller's and
/// is not used again.
#[inline]
pub(super) unsafe fn drop_set<T: Fields>(base: *mut T, set: u64) {
    let owed = set & T::DROP_MASK;
    if owed != 0 {
        // SAFETY: the table describes `T`; the rest is the caller's promise.
        unsafe { drop_fields(base.cast(), T::TABLE, owed) };
    }
}

/// Drops the fields of the value at `base` that are in `owed`, in order of declaration. If one panics, the others are
/// dropped all the same.
///
/// # Safety
/// `base` points to a value that `table` describes; the fields in `owed` are initialised, the caller's, and not used
/// again.
#[cold]
#[inline(never)]
unsafe fn drop_fields(base: *mut u8, table: &'static [FieldDrop], owed: u64) {
    struct Rest {
        base: *mut u8,
        table: slice::Iter<'static, FieldDrop>,
        owed: u64,
    }

    impl Rest {
        fn run(&mut self) {
            for field in self.table.by_ref() {
                let owed = self.owed & 1 != 0;
                self.owed >>= 1;
                if owed {
                    // SAFETY: promised by the caller of `drop_fields`; the iterator gives each field once.
                    unsafe { field.drop_field(self.base) };
                }
            }
        }
    }

    impl Drop for Rest {
        fn drop(&mut self) {
            self.run();
        }
    }

    Rest { base, table: table.iter(), owed }.run();
}
