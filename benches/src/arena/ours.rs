//! Our arenas: through a shared reference, which keeps the cursor in memory, and through a scope, which keeps it in
//! registers.

use nebula_memory::allocator::bump::Block;
use nebula_memory::{Arena, ArenaScope, BumpAllocator, BumpScope, SystemAllocator};

use super::contender::{Contender, named};
use crate::barrier::sink;

/// `&Arena`.
pub(super) struct ArenaRef<const MIN_ALIGN: usize>;
/// `ArenaScope`, which is also what `#[arena]` gives a function.
pub(super) struct InArenaScope<const MIN_ALIGN: usize>;
/// `&BumpAllocator`.
pub(super) struct BumpRef<const MIN_ALIGN: usize>;
/// `BumpScope`.
pub(super) struct InBumpScope<const MIN_ALIGN: usize>;

/// Implements the methods that all our types have under the same name, and the scope of each.
macro_rules! by_methods {
    () => {
        const OURS: bool = true;

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

        #[inline(always)]
        fn in_scope(memory: &mut Self::Memory, value: u64) {
            sink(memory.scope().alloc(value));
        }
    };
}

impl<const MIN_ALIGN: usize> Contender for ArenaRef<MIN_ALIGN> {
    const NAME: &'static str = named(MIN_ALIGN, "&Arena", "&Arena<8>");
    const MIN_ALIGN: usize = MIN_ALIGN;
    type Memory = Arena<SystemAllocator, MIN_ALIGN>;
    type Handle<'a> = &'a Self::Memory;

    fn with_capacity(bytes: usize) -> Self::Memory {
        Arena::with_capacity_in(bytes, SystemAllocator)
    }

    fn new() -> Self::Memory {
        Arena::new_in(SystemAllocator)
    }

    #[inline(always)]
    fn handle(memory: &mut Self::Memory) -> Self::Handle<'_> {
        memory
    }

    by_methods!();
}

impl<const MIN_ALIGN: usize> Contender for InArenaScope<MIN_ALIGN> {
    const NAME: &'static str = named(MIN_ALIGN, "ArenaScope", "ArenaScope<8>");
    const SHARED: bool = false;
    const MIN_ALIGN: usize = MIN_ALIGN;
    type Memory = Arena<SystemAllocator, MIN_ALIGN>;
    type Handle<'a> = ArenaScope<'a, SystemAllocator, MIN_ALIGN>;

    fn with_capacity(bytes: usize) -> Self::Memory {
        Arena::with_capacity_in(bytes, SystemAllocator)
    }

    fn new() -> Self::Memory {
        Arena::new_in(SystemAllocator)
    }

    #[inline(always)]
    fn handle(memory: &mut Self::Memory) -> Self::Handle<'_> {
        memory.scope()
    }

    by_methods!();
}

impl<const MIN_ALIGN: usize> Contender for BumpRef<MIN_ALIGN> {
    const NAME: &'static str = named(MIN_ALIGN, "&BumpAllocator", "&BumpAllocator<8>");
    const MIN_ALIGN: usize = MIN_ALIGN;
    const GROWS: bool = false;
    type Memory = BumpAllocator<Block<SystemAllocator>, MIN_ALIGN>;
    type Handle<'a> = &'a Self::Memory;

    fn with_capacity(bytes: usize) -> Self::Memory {
        BumpAllocator::new_in(bytes, SystemAllocator)
    }

    fn new() -> Self::Memory {
        Self::with_capacity(1 << 16)
    }

    #[inline(always)]
    fn handle(memory: &mut Self::Memory) -> Self::Handle<'_> {
        memory
    }

    by_methods!();
}

impl<const MIN_ALIGN: usize> Contender for InBumpScope<MIN_ALIGN> {
    const NAME: &'static str = named(MIN_ALIGN, "BumpScope", "BumpScope<8>");
    const SHARED: bool = false;
    const MIN_ALIGN: usize = MIN_ALIGN;
    const GROWS: bool = false;
    type Memory = BumpAllocator<Block<SystemAllocator>, MIN_ALIGN>;
    type Handle<'a> = BumpScope<'a, Block<SystemAllocator>, MIN_ALIGN>;

    fn with_capacity(bytes: usize) -> Self::Memory {
        BumpAllocator::new_in(bytes, SystemAllocator)
    }

    fn new() -> Self::Memory {
        Self::with_capacity(1 << 16)
    }

    #[inline(always)]
    fn handle(memory: &mut Self::Memory) -> Self::Handle<'_> {
        memory.scope()
    }

    by_methods!();
}
