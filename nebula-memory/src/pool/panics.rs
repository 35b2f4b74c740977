use std::any::Any;
use std::boxed::Box;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::unwind::discard;

/// Runs code of others one after the other; the first panic goes on when all have run, unless one was going on before.
///
/// For what must be done for each (waking, destroying) whatever happens to one of them, and for what is done by a `Drop`.
#[derive(Default)]
pub(crate) struct FirstPanic(Option<Box<dyn Any + Send>>);

impl FirstPanic {
    // Kept by itself: where two of these were inlined into one loop, with Rust 1.95 optimising at link time, what ends an unwinding
    // was given the pointer of the panic that is kept here instead of that of the panic that was caught.
    #[inline(never)]
    pub(crate) fn run(&mut self, call: impl FnOnce()) {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(call)) {
            match &self.0 {
                None => self.0 = Some(panic),
                Some(_) => discard(panic),
            }
        }
    }
}

impl Drop for FirstPanic {
    fn drop(&mut self) {
        // While another panic is going on this one ends here: two at once end the process.
        if let Some(panic) = self.0.take()
            && !std::thread::panicking()
        {
            resume_unwind(panic);
        }
    }
}
