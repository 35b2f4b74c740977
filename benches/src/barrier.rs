//! What keeps the compiler from leaving work out, at the price of no instruction where inline assembly is to be
//! had.
//!
//! `black_box` takes its argument through memory, which costs more than what is measured here.

/// Whoever holds `place` may have read or written it, and all memory that can be reached from outside.
#[inline(always)]
pub fn sink<T: ?Sized>(place: &T) {
    sink_place(place);
}

/// As [`sink`], for a place that need not hold a value.
#[inline(always)]
pub fn sink_place<T: ?Sized>(place: *const T) {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    // SAFETY: a comment, which does nothing.
    unsafe {
        core::arch::asm!("/* {0} */", in(reg) place.cast::<u8>(), options(nostack, preserves_flags));
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    core::hint::black_box(place.cast::<u8>());
}

/// `value` is used.
#[inline(always)]
pub fn used(value: u64) {
    opaque(value);
}

/// `value`, of which the compiler knows nothing any more.
#[inline(always)]
pub fn opaque(value: u64) -> u64 {
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    {
        let mut value = value;
        // SAFETY: a comment, which does nothing.
        unsafe {
            core::arch::asm!("/* {0} */", inout(reg) value, options(nostack, preserves_flags, nomem));
        };
        value
    }
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    core::hint::black_box(value)
}
