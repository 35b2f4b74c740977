//! Allocators of yours: two methods, and the checks around them.

pub use core::alloc::Layout;
pub use core::ptr::NonNull;

use crate::error::{AllocError, AllocatorKind};
use crate::layout::dangling;

/// Makes a type of yours an [`Allocator`](crate::Allocator), with checks around what you write.
///
/// The type has two methods:
///
/// * `fn allocate_impl(&self, Layout) -> Result<NonNull<[u8]>, AllocError>`
/// * `unsafe fn deallocate_impl(&self, NonNull<u8>, Layout)`
///
/// The macro adds:
///
/// * requests of no bytes never reach them, in either direction;
/// * a block that is shorter or less aligned than asked for is refused: an
///   [`InvalidLayout`](crate::AllocErrorCode::InvalidLayout) error, and a panic with debug assertions;
/// * blocks are resized by moving them (implement the trait by hand where you know better);
/// * the traits of the `allocator-api2` crate, as the features of this crate say, so that collections can live there too.
///   (For the standard library's on a nightly compiler: [`Interop`](crate::allocator::interop::Interop).)
///
/// The word `unsafe` is your promise that the two methods keep the rest of the [contract](crate::Allocator#safety): a
/// block stays valid, where it is, and nobody else's until it is given back, also when the allocator is moved or cloned.
///
/// ```
/// use core::alloc::Layout;
/// use core::cell::Cell;
/// use core::ptr::NonNull;
/// use nebula_memory::{AllocError, Allocator, SystemAllocator, TypedAllocator, impl_allocator};
///
/// /// The heap, and how many bytes of it are in use.
/// #[derive(Default)]
/// struct Metered {
///     bytes: Cell<usize>,
/// }
///
/// impl Metered {
///     fn allocate_impl(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
///         let block = SystemAllocator.allocate(layout)?;
///         self.bytes.set(self.bytes.get() + layout.size());
///         Ok(block)
///     }
///
///     unsafe fn deallocate_impl(&self, block: NonNull<u8>, layout: Layout) {
///         self.bytes.set(self.bytes.get() - layout.size());
///         // SAFETY: the caller's promise; every block is from the heap.
///         unsafe { SystemAllocator.deallocate(block, layout) }
///     }
/// }
///
/// // SAFETY: every block is one of the heap's, which keeps the contract.
/// impl_allocator!(unsafe Metered);
///
/// let memory = Metered::default();
/// let number = memory.alloc_init(7_u64)?;
/// assert_eq!(memory.bytes.get(), 8);
/// // SAFETY: allocated just above.
/// unsafe { memory.dealloc(number) };
/// # Ok::<(), AllocError>(())
/// ```
///
/// Generic types spell out the `impl`:
///
/// ```
/// # use core::alloc::Layout;
/// # use core::ptr::NonNull;
/// # use nebula_memory::{AllocError, Allocator, impl_allocator};
/// struct Wrap<'a, A>(&'a A);
///
/// impl<A: Allocator> Wrap<'_, A> {
///     fn allocate_impl(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
///         self.0.allocate(layout)
///     }
///
///     unsafe fn deallocate_impl(&self, block: NonNull<u8>, layout: Layout) {
///         // SAFETY: the caller's promise, passed on.
///         unsafe { self.0.deallocate(block, layout) }
///     }
/// }
///
/// // SAFETY: passed on to an allocator.
/// impl_allocator!(unsafe impl<'a, A> for Wrap<'a, A> where A: Allocator);
/// ```
#[macro_export]
macro_rules! impl_allocator {
    // The promise is passed on from rule to rule: none of them can be called without it.
    // First the generics, one by one up to the `>` before `for`: their own `>` are never followed by it.
    (@generics unsafe [$($generics:tt)*] > for $($target:tt)*) => {
        $crate::impl_allocator!(@target unsafe [$($generics)*] $($target)*);
    };
    (@generics unsafe [$($generics:tt)*] >> for $($target:tt)*) => {
        $crate::impl_allocator!(@target unsafe [$($generics)* >] $($target)*);
    };
    (@generics unsafe [$($generics:tt)*] $next:tt $($rest:tt)*) => {
        $crate::impl_allocator!(@generics unsafe [$($generics)* $next] $($rest)*);
    };
    (@generics unsafe [$($generics:tt)*]) => {
        ::core::compile_error!("expected `impl_allocator!(unsafe impl<…> for Type<…> where …)`");
    };
    (@target unsafe [$($generics:tt)*] $type:ty) => {
        $crate::impl_allocator!(@implement unsafe [$($generics)*] [$type] []);
    };
    (@target unsafe [$($generics:tt)*] $type:ty where $($bounds:tt)*) => {
        $crate::impl_allocator!(@implement unsafe [$($generics)*] [$type] [$($bounds)*]);
    };
    (@implement unsafe [$($generics:tt)*] [$type:ty] [$($bounds:tt)*]) => {
        // SAFETY: promised by whoever wrote `unsafe`, as to the blocks; their size and alignment, and requests of no
        // bytes, are seen to here.
        unsafe impl<$($generics)*> $crate::Allocator for $type where $($bounds)* {
            #[inline]
            fn allocate(
                &self,
                layout: $crate::__private::Layout,
            ) -> $crate::__private::Result<$crate::__private::NonNull<[u8]>, $crate::AllocError> {
                $crate::__private::validate_and_allocate(layout, |layout| self.allocate_impl(layout))
            }

            #[inline]
            unsafe fn deallocate(
                &self,
                block: $crate::__private::NonNull<u8>,
                layout: $crate::__private::Layout,
            ) {
                if layout.size() != 0 {
                    // SAFETY: the caller's promise; the size is not zero, so the block is from `allocate_impl`.
                    unsafe { self.deallocate_impl(block, layout) }
                }
            }
        }

        $crate::__forward_api2!([$($generics)*] [$type] [$($bounds)*]);
        $crate::__forward_api2_03!([$($generics)*] [$type] [$($bounds)*]);
        $crate::__forward_api2_04!([$($generics)*] [$type] [$($bounds)*]);
    };
    (unsafe impl<$($rest:tt)*) => {
        $crate::impl_allocator!(@generics unsafe [] $($rest)*);
    };
    (unsafe $type:ty $(,)?) => {
        $crate::impl_allocator!(@implement unsafe [] [$type] []);
    };
    (unsafe) => {
        ::core::compile_error!("expected a type behind `unsafe`: `impl_allocator!(unsafe Type)`");
    };
    (unsafe $type:ty, $($more:tt)*) => {
        ::core::compile_error!("expected one type, each has a promise of its own: write `impl_allocator!` once more");
    };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "write `unsafe` before the type: it is the promise that its two methods keep the contract of `Allocator`"
        );
    };
}

/// Allocates by a method of the user's, and looks at what it returned.
///
/// # Errors
/// Those of the method, or that its block does not fit the layout.
#[inline]
pub fn validate_and_allocate(
    layout: Layout,
    allocate: impl FnOnce(Layout) -> Result<NonNull<[u8]>, AllocError>,
) -> Result<NonNull<[u8]>, AllocError> {
    if layout.size() == 0 {
        return Ok(NonNull::slice_from_raw_parts(dangling(layout), 0));
    }
    let block = allocate(layout)?;
    let misaligned = block.cast::<u8>().addr().get() & (layout.align() - 1) != 0;
    if misaligned || block.len() < layout.size() {
        return Err(unfit(block, layout));
    }
    Ok(block)
}

/// The block stays where it is: what broke one promise may not be one of the allocator's blocks at all.
#[cold]
#[inline(never)]
fn unfit(block: NonNull<[u8]>, layout: Layout) -> AllocError {
    debug_assert!(
        false,
        "`allocate_impl` returned {} bytes at {:p} for {} bytes aligned to {}",
        block.len(),
        block,
        layout.size(),
        layout.align(),
    );
    AllocError::invalid_layout(AllocatorKind::Custom, layout)
}
