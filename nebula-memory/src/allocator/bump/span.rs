use core::alloc::Layout;
use core::ptr::{self, NonNull};

use crate::layout::padding;

/// The largest minimum alignment; tops of spans are aligned to it.
pub(crate) const MAX_MIN_ALIGN: usize = 16;

/// Free memory: from `floor` up to `top`. Values are cut from the top, which comes down; blocks that may grow from the
/// floor, which goes up, so that the last of them grows where it is, whatever else is allocated meanwhile.
///
/// Invariants: `floor <= top`, at most `isize::MAX` apart; both are aligned to the minimum alignment of
/// whoever holds the span; nobody else uses the bytes between; all three pointers lie in (or one past) one block that
/// each of them may access.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub(crate) top: NonNull<u8>,
    pub(crate) floor: NonNull<u8>,
    /// Where the floor was when the memory was new: tells whose memory it is.
    pub(crate) home: NonNull<u8>,
}

impl Span {
    /// No memory at all. Not null and aligned as a top must be, but in no block: real floors lie above it.
    pub(crate) const NONE: Self = {
        let nowhere = NonNull::new(ptr::without_provenance_mut(MAX_MIN_ALIGN)).unwrap();
        Self { top: nowhere, floor: nowhere, home: nowhere }
    };

    /// All of a block's memory, in which nothing is allocated yet.
    pub(crate) const fn whole(floor: NonNull<u8>, top: NonNull<u8>) -> Self {
        Self { top, floor, home: floor }
    }

    /// The bytes between.
    #[inline(always)]
    pub(crate) fn len(self) -> usize {
        self.top.addr().get() - self.floor.addr().get()
    }

    /// Whether a block of `layout` fits at either end of memory whose ends are aligned to `MAX_MIN_ALIGN`.
    #[cfg(feature = "alloc")]
    pub(crate) fn has_room_for(self, layout: Layout) -> bool {
        let padding = if layout.align() > MAX_MIN_ALIGN { layout.align() } else { 0 };
        // Does not overflow: both fit `isize`.
        self.len() >= layout.size() + padding
    }

    /// Where a block of `layout` starts if it is taken from the floor, and where the floor is then. `None` if it does
    /// not fit.
    #[inline(always)]
    pub(crate) fn take_low<const MIN_ALIGN: usize>(
        self,
        layout: Layout,
    ) -> Option<(NonNull<u8>, NonNull<u8>)> {
        let floor = self.floor.addr().get();
        let padding = if layout.align() > MIN_ALIGN { padding(floor, layout.align()) } else { 0 };
        // Fits `isize` by the contract of `Layout`: the padding is below the alignment.
        let needed = padding + layout.size();
        if needed > self.len() {
            return None;
        }
        let start = self.floor.as_ptr().wrapping_add(padding);
        // Both ends are aligned to the minimum: what is needed fits rounded up too.
        let after = self.floor.as_ptr().wrapping_add(round_up::<MIN_ALIGN>(needed));
        // SAFETY: at or above the floor, which is not null, and not above the top.
        let start = unsafe { NonNull::new_unchecked(start) };
        // SAFETY: as above.
        let after = unsafe { NonNull::new_unchecked(after) };
        Some((start, after))
    }

    /// Where a block of `layout` would start, and whether it fits: then that is not null, and within the span.
    ///
    /// Not as an `Option`, whose null test would stay in the hot path. What is left there is a subtraction, a mask
    /// (which folds away if size and alignment are known multiples of the minimum), and one comparison.
    ///
    /// Why one comparison is enough: let *n* be the start as a whole number, maybe negative, before it is aligned to the
    /// minimum (to which the floor is aligned, so that aligning does not lead below it). *n* is at most `top`, and
    /// at least `top - size - (align - 1)`, where `size + align - 1` fits `isize` by the contract of `Layout`.
    /// If *n* is at or above the floor, *n* − floor is at most `top - floor`, which fits `isize`. Otherwise floor − *n* is
    /// between 1 and `isize::MAX`, so that the wrapped difference is negative.
    #[inline(always)]
    pub(crate) fn aim<const MIN_ALIGN: usize>(self, layout: Layout) -> (*mut u8, bool) {
        let top = self.top.as_ptr();
        // SAFETY: the invariant of the span. Said so that aligning to the minimum is left out.
        unsafe { core::hint::assert_unchecked(top.addr() & (MIN_ALIGN - 1) == 0) };
        // On pointers, and not `start & !(align - 1)`: in this form the first step stays one instruction, and the
        // second folds to nothing where the assertion proves the start aligned.
        let start = top.wrapping_sub(layout.size());
        let align = if layout.align() > MIN_ALIGN { layout.align() } else { MIN_ALIGN };
        let aligned = start.wrapping_sub(start.addr() & (align - 1));
        let lowest = if layout.align() < MIN_ALIGN { start } else { aligned };
        (aligned, lowest.addr().wrapping_sub(self.floor.addr().get()).cast_signed() >= 0)
    }
}

/// The end of a block of `size` bytes that starts aligned, aligned again.
///
/// Does not overflow: sizes fit `isize`.
#[inline(always)]
pub(super) const fn round_up<const MIN_ALIGN: usize>(size: usize) -> usize {
    (size + (MIN_ALIGN - 1)) & !(MIN_ALIGN - 1)
}

#[cfg(test)]
mod tests {
    use core::alloc::Layout;

    use proptest::prelude::*;

    use super::*;
    use crate::layout::align_up;

    /// A span at made-up addresses: blocks of it are computed and not accessed.
    fn span(floor: usize, top: usize) -> Span {
        let at = |address| NonNull::new(ptr::without_provenance_mut(address)).unwrap();
        Span::whole(at(floor), at(top))
    }

    /// The same in numbers too wide to wrap.
    fn highest(floor: usize, top: usize, layout: Layout, min: usize) -> Option<usize> {
        let align = layout.align().max(min) as i128;
        let start = (top as i128 - layout.size() as i128).div_euclid(align) * align;
        (start >= floor as i128).then(|| usize::try_from(start).unwrap())
    }

    fn lowest(floor: usize, top: usize, layout: Layout, min: usize) -> Option<(usize, usize)> {
        let up = |number: i128, align: usize| {
            number.div_euclid(align as i128) * align as i128
                + if number.rem_euclid(align as i128) == 0 { 0 } else { align as i128 }
        };
        let start = up(floor as i128, layout.align().max(min));
        let end = up(start + layout.size() as i128, min);
        (end <= top as i128).then(|| (usize::try_from(start).unwrap(), usize::try_from(end).unwrap()))
    }

    fn agrees<const MIN: usize>(floor: usize, length: usize, size: usize, align_bits: u32) {
        let floor = align_up(floor.clamp(1, usize::MAX - 64), MIN);
        let top = align_up(floor.saturating_add(length).min(usize::MAX - 32), MIN);
        let (floor, top) = if top - floor > isize::MAX as usize { (top - MIN, top) } else { (floor, top) };
        let Ok(layout) = Layout::from_size_align(size, 1 << align_bits) else { return };
        let (start, fits) = span(floor, top).aim::<MIN>(layout);
        let start = fits.then(|| start.addr());
        assert_eq!(start, highest(floor, top, layout, MIN), "{floor} {top} {layout:?}");
        let low = span(floor, top).take_low::<MIN>(layout);
        let low = low.map(|(start, after)| (start.addr().get(), after.addr().get()));
        assert_eq!(low, lowest(floor, top, layout, MIN), "{floor} {top} {layout:?}");
        #[cfg(feature = "alloc")]
        if MIN == MAX_MIN_ALIGN && span(floor, top).has_room_for(layout) {
            assert!(fits && low.is_some(), "{floor} {top} {layout:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 64 } else { 4096 }, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn one_comparison_is_enough(
            floor in prop_oneof![1..8192_usize, any::<usize>()],
            length in prop_oneof![0..4096_usize, 0..=isize::MAX as usize],
            size in prop_oneof![0..256_usize, 0..=isize::MAX as usize, (isize::MAX as usize - 40)..=isize::MAX as usize],
            align_bits in prop_oneof![0..8_u32, 0..usize::BITS],
        ) {
            agrees::<1>(floor, length, size, align_bits);
            agrees::<8>(floor, length, size, align_bits);
            agrees::<16>(floor, length, size, align_bits);
        }
    }

    #[test]
    fn nothing_but_empty_blocks_fit_no_memory() {
        assert!(!Span::NONE.aim::<1>(Layout::new::<u8>()).1);
        assert!(!Span::NONE.aim::<16>(Layout::new::<u128>()).1);
        assert!(Span::NONE.aim::<1>(Layout::new::<()>()).1);
        assert!(Span::NONE.take_low::<1>(Layout::new::<u8>()).is_none());
        assert!(Span::NONE.take_low::<16>(Layout::new::<()>()).is_some());
        assert_eq!(Span::NONE.len(), 0);
    }
}
