use core::alloc::Layout;
use core::ptr::NonNull;

use crate::error::{AllocError, AllocatorKind};

/// Memory in which the vectors and strings of this crate can stand: every arena, bump allocator and stack, and their
/// scopes and frames.
///
/// Sealed: what growing needs to know of its memory is not a promise that users could keep.
///
/// ```
/// use nebula_memory::allocator::bump::BumpMemory;
/// use nebula_memory::{ArenaVec, BumpAllocator};
///
/// fn squares<B: BumpMemory>(memory: &B, count: u32) -> &mut [u32] {
///     ArenaVec::from_iter_in((0..count).map(|n| n * n), memory).into_slice()
/// }
///
/// let mut memory = BumpAllocator::new(64);
/// assert_eq!(squares(&memory, 4), [0, 1, 4, 9]);
/// assert_eq!(squares(&memory.scope(), 3), [0, 1, 4]);
/// ```
#[diagnostic::on_unimplemented(
    message = "the vectors and strings of arenas cannot stand in `{Self}`",
    label = "not an arena, a bump allocator, a stack, or a scope or frame of one",
    note = "pass a reference to the memory itself, such as `&arena` or `&scope`"
)]
pub trait BumpMemory: Blocks {}

/// What `RawBump` can do with blocks that grow, without the minimum alignment in its type.
///
/// # Safety
/// As for `RawBump`. A block is the caller's for as long as the memory is borrowed.
pub unsafe trait Blocks {
    /// What errors call it.
    const KIND: AllocatorKind;

    /// A block of `layout`, uninitialised, or the reason why not.
    fn take(&self, layout: Layout) -> Result<NonNull<u8>, AllocError>;

    /// The same where it takes a few instructions; `None` says to ask `take`.
    fn take_at_hand(&self, layout: Layout) -> Option<NonNull<u8>>;

    /// Makes the last block larger where it is: the block by a pointer that may access all of it. Not if it is not the last,
    /// or if there is not enough room.
    ///
    /// # Safety
    /// `block` is from here and has `old` bytes; `new` is not smaller, fits `isize`, and after success only the returned pointer
    /// is used.
    unsafe fn stretch(&self, block: NonNull<u8>, old: usize, new: usize) -> Option<NonNull<u8>>;

    /// Makes a block larger by copying it to another place.
    ///
    /// # Safety
    /// `block` is from here with `old`, `new` is not smaller, and after success only the returned pointer is used.
    unsafe fn relocate(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<u8>, AllocError>;

    /// Makes a block smaller. What is won is free again if the block is the last one.
    ///
    /// # Safety
    /// `block` is from here with `old`, `new` is not larger, and after success only the returned pointer is used.
    unsafe fn cut(&self, block: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<u8>, AllocError>;

    /// Gives a block back; only the last one makes room.
    ///
    /// # Safety
    /// `block` is from here with `layout`, and is not used after this.
    unsafe fn give_back(&self, block: NonNull<u8>, layout: Layout);
}
