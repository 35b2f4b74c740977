//! Calls of what is not ours, which may panic, with anything.

use core::any::Any;
use std::boxed::Box;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Calls what is not ours; nothing if it panics, which the panic hook has reported.
pub(crate) fn guarded<T>(call: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(call)).map_err(discard).ok()
}

/// Drops what somebody has panicked with. It may be anything, and panic in turn; what that panics with is not dropped.
pub(crate) fn discard(panic: Box<dyn Any + Send>) {
    if let Err(another) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        core::mem::forget(another);
    }
}
