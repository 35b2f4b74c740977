//! The safe face of everything that bumps, written once.
//!
//! Owners and scopes have the same methods; they differ in how long the values live, which is the first
//! parameter of the macro. A trait would do too, but would have to be imported, and would hide the methods from the
//! page of the type in the documentation.

/// Defines the allocating methods of a type that is [`RawBump`](super::raw::RawBump), with values that live for
/// the lifetime given.
macro_rules! alloc_methods {
    ($life:lifetime, $lives:literal) => {
        crate::allocator::bump::alloc_methods! { @reserving $life, $lives;
            /// Puts a value in the memory.
            ///
            /// Types with a destructor are refused by the build (`cargo check` does not see it), because it would
            /// never run: see
            #[doc = "[`alloc_box`](Self::alloc_box)."]
            [T] fn alloc / try_alloc (value: T) -> &$life mut T;
            no_drop T;
            layout core::alloc::Layout::new::<T>();
            // SAFETY: reserved for a `T`, ours until the memory is reset or the scope ends.
            block => unsafe { crate::allocator::bump::fill::value(block.cast(), || value) }
        }

        crate::allocator::bump::alloc_methods! { @reserving $life, $lives;
            /// Makes a value in the memory: the place is reserved first, then the closure called, which may
            /// allocate too.
            [T] fn alloc_with / try_alloc_with (make: impl FnOnce() -> T) -> &$life mut T;
            no_drop T;
            layout core::alloc::Layout::new::<T>();
            // SAFETY: reserved for a `T`, ours until the memory is reset or the scope ends.
            block => unsafe { crate::allocator::bump::fill::value(block.cast(), make) }
        }

        crate::allocator::bump::alloc_methods! { @reserving $life, $lives;
            /// A place for a value, not initialised.
            [T] fn alloc_uninit / try_alloc_uninit () -> &$life mut core::mem::MaybeUninit<T>;
            no_drop T;
            layout core::alloc::Layout::new::<T>();
            // SAFETY: reserved for a `T`; a `MaybeUninit` is always valid.
            block => unsafe { &mut *block.cast::<core::mem::MaybeUninit<T>>().as_ptr() }
        }

        crate::allocator::bump::alloc_methods! { @reserving $life, $lives;
            /// Puts a value in the memory that owns something: it is dropped when the box is.
            [T] fn alloc_box / try_alloc_box (value: T) -> crate::allocator::bump::ArenaBox<$life, T>;
            any T;
            layout core::alloc::Layout::new::<T>();
            block => {
                let slot = block.cast::<T>();
                // SAFETY: reserved for a `T`.
                unsafe { slot.write(value) };
                // SAFETY: just written, ours until the memory is reset or the scope ends.
                unsafe { crate::allocator::bump::ArenaBox::from_raw(slot) }
            }
        }

        crate::allocator::bump::alloc_methods! { @reserving $life, $lives;
            /// Copies a string.
            [] fn alloc_str / try_alloc_str (source: &str) -> &$life mut str;
            any ();
            layout core::alloc::Layout::for_value(source);
            block => {
                // SAFETY: reserved for as many bytes.
                let bytes = unsafe { crate::allocator::bump::fill::copy(block, source.as_bytes()) };
                // SAFETY: copied from text.
                unsafe { crate::allocator::bump::fill::text(bytes) }
            }
        }

        crate::allocator::bump::alloc_methods! { @reserving $life, $lives;
            /// Copies a slice.
            [T: Copy] fn alloc_slice_copy / try_alloc_slice_copy (source: &[T]) -> &$life mut [T];
            any T;
            layout core::alloc::Layout::for_value(source);
            // SAFETY: reserved for as many values.
            block => unsafe { crate::allocator::bump::fill::copy(block.cast(), source) }
        }

        crate::allocator::bump::alloc_methods! { @pair $life, $lives;
            /// Clones the values of a slice one after the other.
            [T: Clone] fn alloc_slice_clone / try_alloc_slice_clone (source: &[T]) -> &$life mut [T];
            this.alloc_slice_fill_with / try_alloc_slice_fill_with (source.len(), |index| source[index].clone())
        }

        crate::allocator::bump::alloc_methods! { @slice $life, $lives;
            /// Makes `len` values one after the other, each from its index. The closure may allocate too.
            [T] fn alloc_slice_fill_with / try_alloc_slice_fill_with
                [len] (make: impl FnMut(usize) -> T) -> &$life mut [T];
            // SAFETY: reserved for `len` values.
            slots => unsafe { crate::allocator::bump::fill::each(slots, len, make) }
        }

        crate::allocator::bump::alloc_methods! { @slice $life, $lives;
            /// Places for `len` values, not initialised.
            [T] fn alloc_slice_uninit / try_alloc_slice_uninit
                [len] () -> &$life mut [core::mem::MaybeUninit<T>];
            // SAFETY: reserved for `len` values.
            slots => unsafe { crate::allocator::bump::fill::uninit(slots, len) }
        }

        crate::allocator::bump::alloc_methods! { @pair $life, $lives;
            /// Clones a value `len` times.
            [T: Clone] fn alloc_slice_fill / try_alloc_slice_fill (len: usize, value: &T) -> &$life mut [T];
            this.alloc_slice_fill_with / try_alloc_slice_fill_with (len, |_| value.clone())
        }

        crate::allocator::bump::alloc_methods! { @reserving $life, $lives;
            /// Copies a C string.
            [] fn alloc_cstr / try_alloc_cstr (source: &core::ffi::CStr) -> &$life core::ffi::CStr;
            any ();
            layout core::alloc::Layout::for_value(source.to_bytes_with_nul());
            block => {
                // SAFETY: reserved for as many bytes.
                let bytes = unsafe { crate::allocator::bump::fill::copy(block, source.to_bytes_with_nul()) };
                // SAFETY: copied from a C string.
                unsafe { core::ffi::CStr::from_bytes_with_nul_unchecked(bytes) }
            }
        }

        /// Makes a value in the memory that may fail to be made: the place is given back then, unless something else was
        /// allocated meanwhile.
        ///
        #[doc = $lives]
        ///
        /// # Errors
        /// Those of the closure.
        ///
        /// # Panics
        /// If there is no memory; see [`try_alloc_try_with`](Self::try_alloc_try_with).
        #[inline(always)]
        #[track_caller]
        pub fn alloc_try_with<T, E>(&self, make: impl FnOnce() -> Result<T, E>) -> Result<&$life mut T, E> {
            const { crate::allocator::bump::fill::assert_no_drop::<T>() };
            let block = crate::allocator::bump::raw::RawBump::reserve(self, core::alloc::Layout::new::<T>());
            // SAFETY: just reserved for a `T`.
            unsafe { crate::allocator::bump::raw::fill_or_release(self, block.cast(), make) }
        }

        /// Makes a value in the memory that may fail to be made: the place is given back then, unless something else was
        /// allocated meanwhile.
        ///
        #[doc = $lives]
        ///
        /// # Errors
        /// If there is no memory; within, those of the closure.
        #[inline(always)]
        pub fn try_alloc_try_with<T, E>(
            &self,
            make: impl FnOnce() -> Result<T, E>,
        ) -> Result<Result<&$life mut T, E>, crate::error::AllocError> {
            const { crate::allocator::bump::fill::assert_no_drop::<T>() };
            let block = crate::allocator::bump::raw::RawBump::try_reserve(self, core::alloc::Layout::new::<T>())?;
            // SAFETY: just reserved for a `T`.
            Ok(unsafe { crate::allocator::bump::raw::fill_or_release(self, block.cast(), make) })
        }

        /// Writes what [`format_args!`] says, without a copy elsewhere.
        ///
        #[doc = $lives]
        ///
        /// # Panics
        /// If there is no memory (see [`try_alloc_fmt`](Self::try_alloc_fmt)), or if an implementation of a formatting
        /// trait returns an error by itself.
        #[track_caller]
        pub fn alloc_fmt(&self, arguments: core::fmt::Arguments<'_>) -> &$life mut str {
            match self.try_alloc_fmt(arguments) {
                Ok(text) => text,
                Err(error) => crate::error::out_of_memory(error),
            }
        }

        /// Writes what [`format_args!`] says, without a copy elsewhere.
        ///
        #[doc = $lives]
        ///
        /// # Errors
        /// If there is no memory.
        ///
        /// # Panics
        /// If an implementation of a formatting trait returns an error by itself.
        #[track_caller]
        pub fn try_alloc_fmt(
            &self,
            arguments: core::fmt::Arguments<'_>,
        ) -> Result<&$life mut str, crate::error::AllocError> {
            let (bytes, len) = crate::allocator::bump::raw::format(self, arguments)?;
            // SAFETY: `format` wrote `len` bytes, to a block that is ours until the memory is reset or the scope ends.
            let bytes = unsafe { crate::allocator::bump::fill::slice(bytes, len) };
            // SAFETY: written as text.
            Ok(unsafe { crate::allocator::bump::fill::text(bytes) })
        }

        /// Collects an iterator of any length in a box, which drops the values.
        ///
        #[doc = $lives]
        ///
        /// # Panics
        /// If there is no memory; see [`try_alloc_box_from_iter`](Self::try_alloc_box_from_iter).
        #[track_caller]
        pub fn alloc_box_from_iter<T>(
            &self,
            values: impl IntoIterator<Item = T>,
        ) -> crate::allocator::bump::ArenaBox<$life, [T]> {
            match self.try_alloc_box_from_iter(values) {
                Ok(slice) => slice,
                Err(error) => crate::error::out_of_memory(error),
            }
        }

        /// Collects an iterator of any length in a box, which drops the values.
        ///
        #[doc = $lives]
        ///
        /// # Errors
        /// If there is no memory, or the size overflows. What was collected is dropped then.
        pub fn try_alloc_box_from_iter<T>(
            &self,
            values: impl IntoIterator<Item = T>,
        ) -> Result<crate::allocator::bump::ArenaBox<$life, [T]>, crate::error::AllocError> {
            let (slots, len) = crate::allocator::bump::raw::collect(self, values.into_iter())?;
            let slice = core::ptr::NonNull::slice_from_raw_parts(slots, len);
            // SAFETY: `collect` wrote `len` values, to a block that is ours until the memory is reset or the
            // scope ends.
            Ok(unsafe { crate::allocator::bump::ArenaBox::from_raw(slice) })
        }

        /// Collects an iterator of any length, which may allocate too while it runs.
        ///
        #[doc = $lives]
        /// While nothing else is collected from the same memory meanwhile, nothing is moved.
        ///
        /// # Panics
        /// If there is no memory; see [`try_alloc_slice_from_iter`](Self::try_alloc_slice_from_iter).
        #[inline]
        #[track_caller]
        pub fn alloc_slice_from_iter<T>(&self, values: impl IntoIterator<Item = T>) -> &$life mut [T] {
            match self.try_alloc_slice_from_iter(values) {
                Ok(slice) => slice,
                Err(error) => crate::error::out_of_memory(error),
            }
        }

        /// Collects an iterator of any length, which may allocate too while it runs.
        ///
        #[doc = $lives]
        /// While nothing else is collected from the same memory meanwhile, nothing is moved.
        ///
        /// # Errors
        /// If there is no memory, or the size overflows.
        #[inline]
        pub fn try_alloc_slice_from_iter<T>(
            &self,
            values: impl IntoIterator<Item = T>,
        ) -> Result<&$life mut [T], crate::error::AllocError> {
            const { crate::allocator::bump::fill::assert_no_drop::<T>() };
            let (slots, len) = crate::allocator::bump::raw::collect(self, values.into_iter())?;
            // SAFETY: `collect` wrote `len` values, to a block that is ours until the memory is reset or the
            // scope ends.
            Ok(unsafe { crate::allocator::bump::fill::slice(slots, len) })
        }
    };

    // A method and its twin that call another such pair.
    (@pair $life:lifetime, $lives:literal; $(#[$doc:meta])* [$($generics:tt)*]
     fn $name:ident / $try_name:ident ($($arg:ident: $type:ty),*) -> $output:ty;
     this.$inner:ident / $try_inner:ident ($($value:expr),*)) => {
        $(#[$doc])*
        ///
        #[doc = $lives]
        ///
        /// # Panics
        #[doc = concat!("If there is no memory; see [`", stringify!($try_name), "`](Self::", stringify!($try_name), ").")]
        #[inline(always)]
        #[track_caller]
        pub fn $name<$($generics)*>(&self, $($arg: $type),*) -> $output {
            self.$inner($($value),*)
        }

        $(#[$doc])*
        ///
        #[doc = $lives]
        ///
        /// # Errors
        /// If there is no memory.
        #[inline(always)]
        pub fn $try_name<$($generics)*>(&self, $($arg: $type),*) -> Result<$output, crate::error::AllocError> {
            self.$try_inner($($value),*)
        }
    };

    // A method and its twin that reserve a block of a layout that exists.
    (@reserving $life:lifetime, $lives:literal; $(#[$doc:meta])* [$($generics:tt)*]
     fn $name:ident / $try_name:ident ($($arg:ident: $type:ty),*) -> $output:ty;
     $drop:ident $element:ty; layout $layout:expr; $block:ident => $fill:expr) => {
        $(#[$doc])*
        ///
        #[doc = $lives]
        ///
        /// # Panics
        #[doc = concat!("If there is no memory; see [`", stringify!($try_name), "`](Self::", stringify!($try_name), ").")]
        #[inline(always)]
        #[track_caller]
        pub fn $name<$($generics)*>(&self, $($arg: $type),*) -> $output {
            crate::allocator::bump::alloc_methods!(@$drop $element);
            let $block = crate::allocator::bump::raw::RawBump::reserve(self, $layout);
            $fill
        }

        $(#[$doc])*
        ///
        #[doc = $lives]
        ///
        /// # Errors
        /// If there is no memory.
        #[inline(always)]
        pub fn $try_name<$($generics)*>(&self, $($arg: $type),*) -> Result<$output, crate::error::AllocError> {
            crate::allocator::bump::alloc_methods!(@$drop $element);
            let $block = crate::allocator::bump::raw::RawBump::try_reserve(self, $layout)?;
            Ok($fill)
        }
    };

    // A method and its twin that reserve `len` values of `T`.
    (@slice $life:lifetime, $lives:literal; $(#[$doc:meta])* [$($generics:tt)*]
     fn $name:ident / $try_name:ident [$len:ident] ($($arg:ident: $type:ty),*) -> $output:ty;
     $slots:ident => $fill:expr) => {
        $(#[$doc])*
        ///
        #[doc = $lives]
        ///
        /// # Panics
        #[doc = concat!("If there is no memory; see [`", stringify!($try_name), "`](Self::", stringify!($try_name), ").")]
        #[inline(always)]
        #[track_caller]
        pub fn $name<$($generics)*>(&self, $len: usize, $($arg: $type),*) -> $output {
            const { crate::allocator::bump::fill::assert_no_drop::<T>() };
            let $slots = crate::allocator::bump::raw::reserve_slice::<T, _, _>(self, $len);
            $fill
        }

        $(#[$doc])*
        ///
        #[doc = $lives]
        ///
        /// # Errors
        /// If there is no memory, or the size overflows.
        #[inline(always)]
        pub fn $try_name<$($generics)*>(
            &self,
            $len: usize,
            $($arg: $type),*
        ) -> Result<$output, crate::error::AllocError> {
            const { crate::allocator::bump::fill::assert_no_drop::<T>() };
            let $slots = crate::allocator::bump::raw::try_reserve_slice::<T, _, _>(self, $len)?;
            Ok($fill)
        }
    };

    (@no_drop $element:ty) => { const { crate::allocator::bump::fill::assert_no_drop::<$element>() }; };
    (@any $element:ty) => {};
}

/// Implements [`Allocator`](crate::Allocator) for references to a type that is
/// [`RawBump`](super::raw::RawBump): for references only, because collections must not see their memory reset
/// through the owner. And says that collections of this crate can stand in it.
macro_rules! implement_allocator {
    ([$($generics:tt)*] $type:ty) => {
        // SAFETY: the contract of `RawBump`, which outlives the reference.
        unsafe impl<$($generics)*> crate::allocator::Allocator for &$type {
            #[inline(always)]
            fn allocate(
                &self,
                layout: core::alloc::Layout,
            ) -> Result<core::ptr::NonNull<[u8]>, crate::error::AllocError> {
                let block = crate::allocator::bump::raw::RawBump::reserve_low(*self, layout)?;
                Ok(core::ptr::NonNull::slice_from_raw_parts(block, layout.size()))
            }

            #[inline(always)]
            unsafe fn deallocate(&self, block: core::ptr::NonNull<u8>, layout: core::alloc::Layout) {
                // SAFETY: the caller's promise.
                unsafe { crate::allocator::bump::raw::RawBump::release_low(*self, block, layout) };
            }

            #[inline]
            unsafe fn grow(
                &self,
                block: core::ptr::NonNull<u8>,
                old: core::alloc::Layout,
                new: core::alloc::Layout,
            ) -> Result<core::ptr::NonNull<[u8]>, crate::error::AllocError> {
                // SAFETY: the caller's promise.
                let block = unsafe { crate::allocator::bump::raw::RawBump::grow_low(*self, block, old, new)? };
                Ok(core::ptr::NonNull::slice_from_raw_parts(block, new.size()))
            }

            #[inline]
            unsafe fn shrink(
                &self,
                block: core::ptr::NonNull<u8>,
                old: core::alloc::Layout,
                new: core::alloc::Layout,
            ) -> Result<core::ptr::NonNull<[u8]>, crate::error::AllocError> {
                // SAFETY: the caller's promise.
                let block = unsafe { crate::allocator::bump::raw::RawBump::shrink_low(*self, block, old, new)? };
                Ok(core::ptr::NonNull::slice_from_raw_parts(block, new.size()))
            }
        }

        impl<$($generics)*> crate::allocator::bump::BumpMemory for $type {}

        // SAFETY: the contract of `RawBump`, which is the same.
        unsafe impl<$($generics)*> crate::allocator::bump::memory::Blocks for $type {
            const KIND: crate::error::AllocatorKind =
                <Self as crate::allocator::bump::raw::RawBump<_>>::KIND;

            #[inline(always)]
            fn take(
                &self,
                layout: core::alloc::Layout,
            ) -> Result<core::ptr::NonNull<u8>, crate::error::AllocError> {
                crate::allocator::bump::raw::RawBump::reserve_low(self, layout)
            }

            #[inline(always)]
            fn take_at_hand(&self, layout: core::alloc::Layout) -> Option<core::ptr::NonNull<u8>> {
                crate::allocator::bump::raw::RawBump::reserve_low_at_hand(self, layout)
            }

            #[inline(always)]
            unsafe fn stretch(
                &self,
                block: core::ptr::NonNull<u8>,
                old: usize,
                new: usize,
            ) -> Option<core::ptr::NonNull<u8>> {
                // SAFETY: the caller's promise.
                let fits = unsafe { crate::allocator::bump::raw::RawBump::resize_low(self, block, old, new) };
                fits.then(|| crate::allocator::bump::raw::RawBump::own(self, block))
            }

            #[inline(always)]
            unsafe fn relocate(
                &self,
                block: core::ptr::NonNull<u8>,
                old: core::alloc::Layout,
                new: core::alloc::Layout,
            ) -> Result<core::ptr::NonNull<u8>, crate::error::AllocError> {
                // SAFETY: the caller's promise.
                unsafe { crate::allocator::bump::raw::RawBump::move_low(self, block, old, new) }
            }

            #[inline(always)]
            unsafe fn cut(
                &self,
                block: core::ptr::NonNull<u8>,
                old: core::alloc::Layout,
                new: core::alloc::Layout,
            ) -> Result<core::ptr::NonNull<u8>, crate::error::AllocError> {
                // SAFETY: the caller's promise.
                unsafe { crate::allocator::bump::raw::RawBump::shrink_low(self, block, old, new) }
            }

            #[inline(always)]
            unsafe fn give_back(&self, block: core::ptr::NonNull<u8>, layout: core::alloc::Layout) {
                // SAFETY: the caller's promise.
                unsafe { crate::allocator::bump::raw::RawBump::release_low(self, block, layout) };
            }
        }

        crate::allocator::interop::implement_api2!([$($generics)*] &$type);
    };
}

pub(crate) use {alloc_methods, implement_allocator};
