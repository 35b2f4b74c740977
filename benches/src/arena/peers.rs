//! The arenas of others.

use core::alloc::Layout;

use bump_scope::settings::{BumpSettings, MinimumAlignment, SupportedMinimumAlignment};
use bump_scope::{Bump, BumpBox};

use super::contender::{Contender, named};
use crate::barrier::sink;

/// bumpalo: downwards.
pub(super) struct Bumpalo<const MIN_ALIGN: usize>;

impl<const MIN_ALIGN: usize> Contender for Bumpalo<MIN_ALIGN> {
    const NAME: &'static str = named(MIN_ALIGN, "bumpalo", "bumpalo<8>");
    const MIN_ALIGN: usize = MIN_ALIGN;
    type Memory = bumpalo::Bump<MIN_ALIGN>;
    type Handle<'a> = &'a Self::Memory;

    fn with_capacity(bytes: usize) -> Self::Memory {
        bumpalo::Bump::with_min_align_and_capacity(bytes)
    }

    fn new() -> Self::Memory {
        bumpalo::Bump::with_min_align()
    }

    #[inline(always)]
    fn handle(memory: &mut Self::Memory) -> Self::Handle<'_> {
        memory
    }

    #[inline(always)]
    fn reset(memory: &mut Self::Memory) {
        memory.reset();
    }

    #[inline(always)]
    fn alloc<'a, T: 'a>(handle: &Self::Handle<'a>, value: T) -> &'a mut T {
        handle.alloc(value)
    }

    #[inline(always)]
    fn alloc_with<'a, T: 'a>(handle: &Self::Handle<'a>, make: impl FnOnce() -> T) -> &'a mut T {
        handle.alloc_with(make)
    }

    #[inline(always)]
    fn alloc_str<'a>(handle: &Self::Handle<'a>, source: &str) -> &'a str {
        handle.alloc_str(source)
    }
}

/// bump-scope: upwards or downwards.
pub(super) struct BumpScope<const MIN_ALIGN: usize, const UP: bool>;

/// The arena of `bump-scope`.
pub(super) type ScopeMemory<const MIN_ALIGN: usize, const UP: bool> =
    Bump<bump_scope::alloc::Global, BumpSettings<MIN_ALIGN, UP>>;

impl<const MIN_ALIGN: usize, const UP: bool> Contender for BumpScope<MIN_ALIGN, UP>
where
    MinimumAlignment<MIN_ALIGN>: SupportedMinimumAlignment,
{
    const NAME: &'static str = if UP {
        named(MIN_ALIGN, "bump-scope up", "bump-scope up<8>")
    } else {
        named(MIN_ALIGN, "bump-scope down", "bump-scope down<8>")
    };
    const MIN_ALIGN: usize = MIN_ALIGN;
    type Memory = ScopeMemory<MIN_ALIGN, UP>;
    type Handle<'a> = &'a Self::Memory;

    fn with_capacity(bytes: usize) -> Self::Memory {
        Self::Memory::with_capacity(Layout::from_size_align(bytes, 16).expect("a layout"))
    }

    fn new() -> Self::Memory {
        Self::Memory::new()
    }

    #[inline(always)]
    fn handle(memory: &mut Self::Memory) -> Self::Handle<'_> {
        memory
    }

    #[inline(always)]
    fn reset(memory: &mut Self::Memory) {
        memory.reset_to_start();
    }

    #[inline(always)]
    fn alloc<'a, T: 'a>(handle: &Self::Handle<'a>, value: T) -> &'a mut T {
        BumpBox::leak(handle.alloc(value))
    }

    #[inline(always)]
    fn alloc_with<'a, T: 'a>(handle: &Self::Handle<'a>, make: impl FnOnce() -> T) -> &'a mut T {
        BumpBox::leak(handle.alloc_with(make))
    }

    #[inline(always)]
    fn alloc_str<'a>(handle: &Self::Handle<'a>, source: &str) -> &'a str {
        handle.alloc_str(source).into_ref()
    }

    #[inline(always)]
    fn in_scope(memory: &mut Self::Memory, value: u64) {
        memory.scoped(|scope| sink(&*scope.alloc(value)));
    }
}

/// blink-alloc: upwards.
pub(super) struct Blink;

impl Contender for Blink {
    const NAME: &'static str = "blink-alloc";
    const MIN_ALIGN: usize = 1;
    type Memory = blink_alloc::Blink;
    type Handle<'a> = &'a Self::Memory;

    fn with_capacity(bytes: usize) -> Self::Memory {
        blink_alloc::Blink::with_chunk_size(bytes)
    }

    fn new() -> Self::Memory {
        blink_alloc::Blink::new()
    }

    #[inline(always)]
    fn handle(memory: &mut Self::Memory) -> Self::Handle<'_> {
        memory
    }

    #[inline(always)]
    fn reset(memory: &mut Self::Memory) {
        memory.reset();
    }

    #[inline(always)]
    fn alloc<'a, T: 'a>(handle: &Self::Handle<'a>, value: T) -> &'a mut T {
        handle.put_no_drop(value)
    }

    #[inline(always)]
    fn alloc_with<'a, T: 'a>(handle: &Self::Handle<'a>, make: impl FnOnce() -> T) -> &'a mut T {
        handle.emplace_no_drop().with(make)
    }

    #[inline(always)]
    fn alloc_str<'a>(handle: &Self::Handle<'a>, source: &str) -> &'a str {
        handle.copy_str(source)
    }
}

/// `oxc_allocator`: downwards. Has no public way to make a value in place.
pub(super) struct Oxc;

impl Contender for Oxc {
    const NAME: &'static str = "oxc_allocator";
    const MIN_ALIGN: usize = 1;
    type Memory = oxc_allocator::Allocator;
    type Handle<'a> = &'a Self::Memory;

    fn with_capacity(bytes: usize) -> Self::Memory {
        oxc_allocator::Allocator::with_capacity(bytes)
    }

    fn new() -> Self::Memory {
        oxc_allocator::Allocator::new()
    }

    #[inline(always)]
    fn handle(memory: &mut Self::Memory) -> Self::Handle<'_> {
        memory
    }

    #[inline(always)]
    fn reset(memory: &mut Self::Memory) {
        memory.reset();
    }

    #[inline(always)]
    fn alloc<'a, T: 'a>(handle: &Self::Handle<'a>, value: T) -> &'a mut T {
        handle.alloc(value)
    }

    #[inline(always)]
    fn alloc_with<'a, T: 'a>(handle: &Self::Handle<'a>, make: impl FnOnce() -> T) -> &'a mut T {
        handle.alloc(make())
    }

    #[inline(always)]
    fn alloc_str<'a>(handle: &Self::Handle<'a>, source: &str) -> &'a str {
        handle.alloc_str(source)
    }
}

/// multitude: upwards, in chunks that are counted by reference.
pub(super) struct Multitude;

impl Contender for Multitude {
    const NAME: &'static str = "multitude";
    const MIN_ALIGN: usize = 1;
    type Memory = multitude::Arena;
    type Handle<'a> = &'a Self::Memory;

    fn with_capacity(bytes: usize) -> Self::Memory {
        multitude::Arena::builder().with_capacity(bytes.max(512)).build()
    }

    fn new() -> Self::Memory {
        multitude::Arena::new()
    }

    #[inline(always)]
    fn handle(memory: &mut Self::Memory) -> Self::Handle<'_> {
        memory
    }

    #[inline(always)]
    fn reset(memory: &mut Self::Memory) {
        memory.reset();
    }

    #[inline(always)]
    fn alloc<'a, T: 'a>(handle: &Self::Handle<'a>, value: T) -> &'a mut T {
        multitude::Alloc::leak(handle.alloc(value))
    }

    #[inline(always)]
    fn alloc_with<'a, T: 'a>(handle: &Self::Handle<'a>, make: impl FnOnce() -> T) -> &'a mut T {
        multitude::Alloc::leak(handle.alloc_with(make))
    }

    #[inline(always)]
    fn alloc_str<'a>(handle: &Self::Handle<'a>, source: &str) -> &'a str {
        multitude::Alloc::leak(handle.alloc_str(source))
    }
}
