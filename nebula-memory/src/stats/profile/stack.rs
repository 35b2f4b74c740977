//! Where an allocation came from: addresses of code, and later their names.

use core::ffi::c_void;
use core::ptr;

/// As many frames as are kept, the innermost ones.
const FRAMES: usize = if cfg!(feature = "profile") { 64 } else { 0 };

/// An address of code. A pointer, because it came as one and is asked about as one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Code(pub(super) *mut c_void);

// SAFETY: it is never read from.
unsafe impl Send for Code {}
// SAFETY: it is never read from.
unsafe impl Sync for Code {}

/// Addresses of code, the innermost first.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Stack {
    len: usize,
    /// Null beyond `len`.
    frames: [Code; FRAMES],
}

impl Stack {
    pub(super) const EMPTY: Self = Self { len: 0, frames: [Code(ptr::null_mut()); FRAMES] };

    /// The addresses.
    pub(super) fn frames(&self) -> &[Code] {
        &self.frames[..self.len]
    }

    /// The caller's.
    #[cfg(not(feature = "profile"))]
    pub(super) const fn here() -> Self {
        Self::EMPTY
    }

    /// The caller's. It does not allocate, and takes no lock but the unwinder's.
    #[cfg(feature = "profile")]
    #[inline(never)]
    pub(super) fn here() -> Self {
        let mut stack = Self::EMPTY;
        let push = |frame: &backtrace::Frame| {
            let Some(place) = stack.frames.get_mut(stack.len) else { return false };
            *place = Code(frame.ip());
            stack.len += 1;
            true
        };
        // This one takes a lock, which the system's unwinder needs there. A lock held when the process is forked, or by a
        // thread that waits for the loader, is what is to be avoided elsewhere.
        #[cfg(windows)]
        backtrace::trace(push);
        #[cfg(not(windows))]
        // SAFETY: the unwinders of these systems may be called by several threads.
        unsafe {
            backtrace::trace_unsynchronized(push);
        };
        stack
    }
}
