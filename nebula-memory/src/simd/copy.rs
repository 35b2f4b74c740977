use core::ptr;

/// What one masked instruction copies.
#[cfg(all(feature = "std", target_arch = "x86_64", not(miri), not(loom)))]
const LANES: usize = 32;

/// Copies `len` bytes, of which there are usually few.
///
/// A library's `memcpy` decides by the length what to do; where lengths are as random as those of words, each copy is a
/// mispredicted branch. A masked move decides nothing: one load, one store, whatever the length.
///
/// # Safety
/// As for [`ptr::copy_nonoverlapping`].
#[inline(always)]
pub(crate) unsafe fn copy_bytes(source: *const u8, target: *mut u8, len: usize) {
    #[cfg(all(feature = "std", target_arch = "x86_64", not(miri), not(loom)))]
    if len.wrapping_sub(1) < LANES && detect::has_masked_moves() {
        // SAFETY: the caller's promise; the processor can do it.
        unsafe { copy_masked(source, target, len) };
        return;
    }
    // SAFETY: the caller's promise.
    unsafe { ptr::copy_nonoverlapping(source, target, len) }
}

/// Copies up to 32 bytes by one masked load and one masked store (AVX-512BW and VL).
///
/// # Safety
/// As for [`ptr::copy_nonoverlapping`]; `len` is at most 32, and [`detect::has_masked_moves`].
#[cfg(all(feature = "std", target_arch = "x86_64", not(miri), not(loom)))]
#[inline(always)]
unsafe fn copy_masked(source: *const u8, target: *mut u8, len: usize) {
    // SAFETY: lanes whose bit in the mask is not set are neither read nor written, also where no memory is, so that
    // exactly `len` bytes are accessed. Assembly, and not intrinsics, because those are calls where the feature is
    // not enabled for the whole program. Uses no stack.
    unsafe {
        core::arch::asm!(
            "bzhi {mask:e}, {mask:e}, {len:e}",
            "kmovd k1, {mask:e}",
            "vmovdqu8 ymm16{{k1}}{{z}}, ymmword ptr [{source}]",
            "vmovdqu8 ymmword ptr [{target}]{{k1}}, ymm16",
            mask = inout(reg) u32::MAX => _,
            len = in(reg) len,
            source = in(reg) source,
            target = in(reg) target,
            out("k1") _,
            out("ymm16") _,
            options(nostack),
        );
    }
}

#[cfg(all(feature = "std", target_arch = "x86_64", not(miri), not(loom)))]
mod detect {
    use core::sync::atomic::{AtomicU8, Ordering};

    const UNKNOWN: u8 = 0;
    const NO: u8 = 1;
    const YES: u8 = 2;

    static MASKED_MOVES: AtomicU8 = AtomicU8::new(UNKNOWN);

    /// Whether the processor has what `copy_masked` uses.
    #[inline(always)]
    pub(super) fn has_masked_moves() -> bool {
        match MASKED_MOVES.load(Ordering::Relaxed) {
            YES => true,
            NO => false,
            _ => ask(),
        }
    }

    #[cold]
    #[inline(never)]
    fn ask() -> bool {
        let has = std::arch::is_x86_feature_detected!("avx512bw")
            && std::arch::is_x86_feature_detected!("avx512vl")
            && std::arch::is_x86_feature_detected!("bmi2");
        MASKED_MOVES.store(if has { YES } else { NO }, Ordering::Relaxed);
        has
    }
}

#[cfg(test)]
mod tests {
    use std::vec;

    use super::copy_bytes;

    #[test]
    fn copies_what_it_should_and_nothing_else() {
        let source: vec::Vec<u8> = (1..=100).collect();
        for len in 0..=70 {
            for offset in 0..3 {
                let mut target = vec![0_u8; 100];
                let (from, to) = (source.as_ptr().wrapping_add(offset), target.as_mut_ptr().wrapping_add(7));
                // SAFETY: both ranges lie in their vectors, which are two.
                unsafe { copy_bytes(from, to, len) };
                assert_eq!(target[7..7 + len], source[offset..offset + len]);
                assert!(target[..7].iter().chain(&target[7 + len..]).all(|byte| *byte == 0), "{len}");
            }
        }
    }

    /// Sources and targets that end where the block does: a sanitizer, or the guard of a page, tells of one byte more.
    #[test]
    fn stays_inside_blocks_of_their_exact_size() {
        for len in 0..=70 {
            let source = vec![7_u8; len].into_boxed_slice();
            let mut target = vec![0_u8; len].into_boxed_slice();
            // SAFETY: both have `len` bytes.
            unsafe { copy_bytes(source.as_ptr(), target.as_mut_ptr(), len) };
            assert_eq!(source, target);
        }
    }
}
