//! Memory that will be needed, asked for in advance.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a hint for memory that is not ours | there is a reference to it; the processor ignores hints it cannot follow anyway |

/// Asks for the line of memory in which this begins. Changes nothing but how long it takes to read it.
#[inline(always)]
pub(crate) fn prefetch<T>(what: &T) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};

        // SAFETY: SSE is part of x86_64, and a hint accesses nothing as far as the program can tell.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(core::ptr::from_ref(what).cast()) };
    }
    #[cfg(any(not(target_arch = "x86_64"), miri))]
    let _ = what;
}
