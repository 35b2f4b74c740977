//! Two fences that make one, cheap on one side.

use super::primitives::{Ordering, fence};

/// The frequent side.
#[inline(always)]
pub(crate) fn light_fence() {
    fence(Ordering::SeqCst);
}

/// The rare side.
#[cold]
#[inline(never)]
pub(crate) fn heavy_fence() {
    fence(Ordering::SeqCst);
}
