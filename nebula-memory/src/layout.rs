//! Arithmetic on sizes and alignments, usable in `const`, with overflow answered instead of wrapped.
//!
//! ```
//! use nebula_memory::layout::{align_up, checked_align_up, padding};
//!
//! const PAGE: usize = align_up(4000, 4096);
//! assert_eq!(PAGE, 4096);
//! assert_eq!(padding(13, 8), 3);
//! assert_eq!(checked_align_up(usize::MAX, 8), None);
//! ```

use core::ptr::{self, NonNull};

/// 1024 bytes.
pub const KIB: usize = 1024;
/// 1024 KiB.
pub const MIB: usize = 1024 * KIB;
/// 1024 MiB.
pub const GIB: usize = 1024 * MIB;

/// Whether `value` is a multiple of `alignment`.
///
/// # Panics
/// If `alignment` is not a power of two (in `const`: does not compile).
#[inline(always)]
pub const fn is_aligned(value: usize, alignment: usize) -> bool {
    align_down(value, alignment) == value
}

/// The largest multiple of `alignment` that is not above `value`.
///
/// # Panics
/// If `alignment` is not a power of two (in `const`: does not compile).
#[inline(always)]
pub const fn align_down(value: usize, alignment: usize) -> usize {
    assert!(alignment.is_power_of_two(), "an alignment must be a power of two");
    value & !(alignment - 1)
}

/// The smallest multiple of `alignment` that is not below `value`.
///
/// # Panics
/// If `alignment` is not a power of two, or if the result does not fit `usize`
/// (in `const`: does not compile). [`checked_align_up`] answers the second with `None`.
#[inline(always)]
pub const fn align_up(value: usize, alignment: usize) -> usize {
    match checked_align_up(value, alignment) {
        Some(aligned) => aligned,
        None => panic!("the aligned value does not fit usize"),
    }
}

/// The smallest multiple of `alignment` that is not below `value`, or `None` if it does not fit `usize`.
///
/// # Panics
/// If `alignment` is not a power of two (in `const`: does not compile).
#[inline(always)]
pub const fn checked_align_up(value: usize, alignment: usize) -> Option<usize> {
    assert!(alignment.is_power_of_two(), "an alignment must be a power of two");
    match value.checked_add(alignment - 1) {
        Some(sum) => Some(align_down(sum, alignment)),
        None => None,
    }
}

/// How many bytes are missing from `value` to the next multiple of `alignment`.
///
/// Cannot overflow: the answer is below `alignment`.
///
/// # Panics
/// If `alignment` is not a power of two (in `const`: does not compile).
#[inline(always)]
pub const fn padding(value: usize, alignment: usize) -> usize {
    assert!(alignment.is_power_of_two(), "an alignment must be a power of two");
    value.wrapping_neg() & (alignment - 1)
}

/// A pointer that is aligned as asked, not null, and points to nothing: for values of size zero.
#[inline(always)]
pub(crate) const fn dangling(layout: core::alloc::Layout) -> NonNull<u8> {
    let pointer = ptr::without_provenance_mut(layout.align());
    // SAFETY: an alignment is at least 1, so the address is not 0.
    unsafe { NonNull::new_unchecked(pointer) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const _: () = assert!(align_up(4096, 64) == 4096);

    #[test]
    fn the_edges_of_usize() {
        assert_eq!(checked_align_up(usize::MAX, 1), Some(usize::MAX));
        assert_eq!(checked_align_up(usize::MAX, 2), None);
        assert_eq!(checked_align_up(usize::MAX - 1, 2), Some(usize::MAX - 1));
        assert_eq!(checked_align_up(1, 1 << (usize::BITS - 1)), Some(1 << (usize::BITS - 1)));
        assert_eq!(padding(usize::MAX, 4096), 1);
        assert_eq!(padding(0, 4096), 0);
    }

    #[test]
    #[should_panic(expected = "power of two")]
    fn an_alignment_of_zero_is_refused() {
        align_up(8, 0);
    }

    #[test]
    #[should_panic(expected = "does not fit")]
    fn an_overflow_is_refused() {
        align_up(usize::MAX, 16);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 32 } else { 512 }, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn agree_with_division(value in 0..usize::MAX / 2, bits in 0_u32..20) {
            let alignment = 1_usize << bits;
            prop_assert_eq!(align_up(value, alignment), value.div_ceil(alignment) * alignment);
            prop_assert_eq!(align_down(value, alignment), value / alignment * alignment);
            prop_assert_eq!(value + padding(value, alignment), align_up(value, alignment));
            prop_assert_eq!(is_aligned(value, alignment), value % alignment == 0);
        }
    }
}
