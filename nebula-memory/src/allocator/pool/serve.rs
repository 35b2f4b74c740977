//! How a pool of equal blocks serves requests of any layout that a block has room for.

/// Makes references to a pool an [`Allocator`](crate::Allocator). The pool has `check`, `try_allocate_block`,
/// `try_deallocate`, `block_layout`, and `note`, which remembers an error.
macro_rules! serve_blocks {
    ($pool:ident) => {
        // SAFETY: a block is handed out to one owner until it is given back, its slab stays where it is as long as the pool,
        // which is borrowed, and is as large and aligned as `check` says.
        unsafe impl<A: Allocator> Allocator for &$pool<A> {
            #[inline]
            fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
                self.check(layout)?;
                if layout.size() == 0 {
                    return Ok(NonNull::slice_from_raw_parts(dangling(layout), 0));
                }
                self.try_allocate_block()
            }

            #[inline]
            unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
                if layout.size() == 0 {
                    return;
                }
                // SAFETY: the caller's promise.
                if let Err(error) = unsafe { self.try_deallocate(block) } {
                    self.note(error.with_layout(layout));
                }
            }

            #[inline]
            unsafe fn grow(
                &self,
                block: NonNull<u8>,
                old: Layout,
                new: Layout,
            ) -> Result<NonNull<[u8]>, AllocError> {
                if old.size() == 0 {
                    return self.allocate(new);
                }
                self.check(new)?;
                Ok(NonNull::slice_from_raw_parts(block, self.block_layout().size()))
            }

            #[inline]
            unsafe fn shrink(
                &self,
                block: NonNull<u8>,
                old: Layout,
                new: Layout,
            ) -> Result<NonNull<[u8]>, AllocError> {
                self.check(new)?;
                if new.size() == 0 {
                    // SAFETY: the caller's promise.
                    unsafe { self.deallocate(block, old) };
                    return Ok(NonNull::slice_from_raw_parts(dangling(new), 0));
                }
                Ok(NonNull::slice_from_raw_parts(block, self.block_layout().size()))
            }
        }

        crate::allocator::interop::implement_api2!([A: Allocator] &$pool<A>);

        // SAFETY: blocks are parts of blocks of the heap that nobody else hands out.
        unsafe impl Independent for &$pool {}

        impl<A: Allocator> Resettable for $pool<A> {
            fn reset(&mut self) {
                Self::reset(self);
            }
        }
    };
}

pub(super) use serve_blocks;
