//! Why `alloc!` is not for every allocator: the compiler's message for those that give blocks and lend no references.

use core::mem::MaybeUninit;

use super::compose::{Budgeted, Fallback, Segregated, Tracked};
#[cfg(feature = "alloc")]
use super::{Allocator, PoolAllocator, SystemAllocator};

/// An allocator whose memory is free all at once. No type that asks for it has it.
///
/// The lifetime is there for every one: of a bound without any, the compiler would say that it never holds.
#[diagnostic::on_unimplemented(
    message = "`{Self}` lends no references: its blocks are given back one by one",
    label = "not an arena",
    note = "take an `Arena`, a `BumpAllocator`, a `StackAllocator`, or a scope of one; for one value in any allocator there is \
            `AllocHandle`"
)]
pub trait LendsReferences<'all> {}

/// Gives a type the methods that `alloc!` calls, none of which can be.
macro_rules! lends_none {
    ($(impl[$($generics:tt)*] $type:ty;)*) => {$(
        #[doc(hidden)]
        #[allow(clippy::mut_from_ref, clippy::must_use_candidate, clippy::missing_panics_doc)]
        impl<$($generics)*> $type {
            pub fn alloc_uninit<T>(&self) -> &mut MaybeUninit<T>
            where
                for<'all> Self: LendsReferences<'all>,
            {
                unreachable!()
            }

            pub fn alloc_slice_uninit<T>(&self, _: usize) -> &mut [MaybeUninit<T>]
            where
                for<'all> Self: LendsReferences<'all>,
            {
                unreachable!()
            }

            pub fn alloc_slice_fill_with<T>(&self, _: usize, _: impl FnMut(usize) -> T) -> &mut [T]
            where
                for<'all> Self: LendsReferences<'all>,
            {
                unreachable!()
            }
        }
    )*};
}

#[cfg(feature = "alloc")]
lends_none! {
    impl[] SystemAllocator;
    impl[A: Allocator] PoolAllocator<A>;
}

lends_none! {
    impl[A, B] Budgeted<A, B>;
    impl[A, B] Fallback<A, B>;
    impl[A, B, const THRESHOLD: usize] Segregated<A, B, THRESHOLD>;
    impl[A, K] Tracked<A, K>;
}
