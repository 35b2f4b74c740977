//! Ours as theirs. Our contract implies that of the foreign traits, so every method is passed on; only the error loses
//! what it knows.
//!
//! The macros are exported, because [`impl_allocator!`](crate::impl_allocator) expands to them in crates that know
//! neither our features nor our dependencies: which foreign traits there are is decided here, where they are defined.

/// Implements one foreign trait, the one in the module `$foreign`, for a type that is an [`Allocator`](crate::Allocator).
#[doc(hidden)]
#[macro_export]
macro_rules! __forward_allocator {
    ([$($foreign:tt)*] [$($generics:tt)*] [$type:ty] [$($bounds:tt)*]) => {
        // SAFETY: the same contract, passed on.
        unsafe impl<$($generics)*> $($foreign)*::Allocator for $type where $($bounds)* {
            #[inline(always)]
            fn allocate(
                &self,
                layout: ::core::alloc::Layout,
            ) -> ::core::result::Result<::core::ptr::NonNull<[u8]>, $($foreign)*::AllocError> {
                $crate::Allocator::allocate(self, layout).map_err(|_| $($foreign)*::AllocError)
            }

            #[inline]
            fn allocate_zeroed(
                &self,
                layout: ::core::alloc::Layout,
            ) -> ::core::result::Result<::core::ptr::NonNull<[u8]>, $($foreign)*::AllocError> {
                $crate::Allocator::allocate_zeroed(self, layout).map_err(|_| $($foreign)*::AllocError)
            }

            #[inline(always)]
            unsafe fn deallocate(&self, block: ::core::ptr::NonNull<u8>, layout: ::core::alloc::Layout) {
                // SAFETY: the caller's promise.
                unsafe { $crate::Allocator::deallocate(self, block, layout) };
            }

            #[inline]
            unsafe fn grow(
                &self,
                block: ::core::ptr::NonNull<u8>,
                old: ::core::alloc::Layout,
                new: ::core::alloc::Layout,
            ) -> ::core::result::Result<::core::ptr::NonNull<[u8]>, $($foreign)*::AllocError> {
                // SAFETY: the caller's promise.
                unsafe { $crate::Allocator::grow(self, block, old, new) }.map_err(|_| $($foreign)*::AllocError)
            }

            #[inline]
            unsafe fn grow_zeroed(
                &self,
                block: ::core::ptr::NonNull<u8>,
                old: ::core::alloc::Layout,
                new: ::core::alloc::Layout,
            ) -> ::core::result::Result<::core::ptr::NonNull<[u8]>, $($foreign)*::AllocError> {
                // SAFETY: the caller's promise.
                unsafe { $crate::Allocator::grow_zeroed(self, block, old, new) }
                    .map_err(|_| $($foreign)*::AllocError)
            }

            #[inline]
            unsafe fn shrink(
                &self,
                block: ::core::ptr::NonNull<u8>,
                old: ::core::alloc::Layout,
                new: ::core::alloc::Layout,
            ) -> ::core::result::Result<::core::ptr::NonNull<[u8]>, $($foreign)*::AllocError> {
                // SAFETY: the caller's promise.
                unsafe { $crate::Allocator::shrink(self, block, old, new) }.map_err(|_| $($foreign)*::AllocError)
            }
        }
    };
}

/// Version 0.2 of `allocator-api2`, if it is there.
#[cfg(feature = "allocator-api2")]
#[doc(hidden)]
#[macro_export]
macro_rules! __forward_api2 {
    ($($target:tt)*) => { $crate::__forward_allocator!([$crate::__private::foreign::api2] $($target)*); };
}

/// Version 0.2 of `allocator-api2`, if it is there.
#[cfg(not(feature = "allocator-api2"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __forward_api2 {
    ($($target:tt)*) => {};
}

/// Version 0.3 of `allocator-api2`, if it is there.
#[cfg(feature = "allocator-api2-03")]
#[doc(hidden)]
#[macro_export]
macro_rules! __forward_api2_03 {
    ($($target:tt)*) => { $crate::__forward_allocator!([$crate::__private::foreign::api2_03] $($target)*); };
}

/// Version 0.3 of `allocator-api2`, if it is there.
#[cfg(not(feature = "allocator-api2-03"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __forward_api2_03 {
    ($($target:tt)*) => {};
}

/// Version 0.4 of `allocator-api2`, if it is there.
#[cfg(feature = "allocator-api2-04")]
#[doc(hidden)]
#[macro_export]
macro_rules! __forward_api2_04 {
    ($($target:tt)*) => { $crate::__forward_allocator!([$crate::__private::foreign::api2_04] $($target)*); };
}

/// Version 0.4 of `allocator-api2`, if it is there.
#[cfg(not(feature = "allocator-api2-04"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __forward_api2_04 {
    ($($target:tt)*) => {};
}

/// Implements the foreign traits for a type of ours: `([generics] type)`, or `([generics] type, where bounds)`.
macro_rules! implement_api2 {
    ([$($generics:tt)*] $type:ty $(, where $($bounds:tt)*)?) => {
        crate::__forward_api2!([$($generics)*] [$type] [$($($bounds)*)?]);
        crate::__forward_api2_03!([$($generics)*] [$type] [$($($bounds)*)?]);
        crate::__forward_api2_04!([$($generics)*] [$type] [$($($bounds)*)?]);
        // Not for types of other crates: those would have to be built with the unstable feature too.
        #[cfg(nebula_nightly)]
        crate::__forward_allocator!([core::alloc] [$($generics)*] [$type] [$($($bounds)*)?]);
    };
}

pub(crate) use implement_api2;
