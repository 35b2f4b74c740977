//! Calls of what is not ours, which may panic, with anything.

use core::any::Any;
use std::boxed::Box;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Calls what is not ours; nothing if it panics, which the panic hook has reported.
pub(crate) fn guarded<T>(call: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(call)).map_err(discard).ok()
}

/// Drops what somebody has panicked with. It may be anything, and panic in turn, and so may what that panics with; if there is no
/// end of it, it is leaked.
pub(crate) fn discard(mut panic: Box<dyn Any + Send>) {
    for _ in 0..8 {
        match catch_unwind(AssertUnwindSafe(|| drop(panic))) {
            Ok(()) => return,
            Err(another) => panic = another,
        }
    }
    core::mem::forget(panic);
}
