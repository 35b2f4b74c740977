//! Threads that cut blocks from one bump allocator.

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;
use nebula_memory::{BumpAllocator, Shared};

type Block = nebula_memory::allocator::bump::Block<nebula_memory::SystemAllocator>;

/// Two threads cut blocks from one bump allocator, write to them, and give the last one back: no byte has two owners,
/// and whoever gets a block that was given back sees that its last owner is done.
#[test]
fn a_shared_bump_allocator_cuts_each_block_once() {
    use nebula_memory::Allocator;
    use std::alloc::Layout;

    struct Memory {
        bump: BumpAllocator<Block, 8, Shared>,
        cells: [UnsafeCell<u32>; 4],
    }
    // SAFETY: the cells are what is to be proven safe; loom fails if they are raced for.
    unsafe impl Sync for Memory {}
    // SAFETY: owns all it has.
    unsafe impl Send for Memory {}

    impl Memory {
        fn visit(&self) -> Option<usize> {
            let (bump, layout) = (&self.bump, Layout::new::<u64>());
            let block = bump.allocate(layout).ok()?.cast::<u8>();
            // The first byte of the memory is where nothing is used.
            let index = self.index(block.addr().get());
            self.cells[index].with_mut(|cell| {
                // SAFETY: what loom checks.
                unsafe { *cell += 1 }
            });
            // SAFETY: allocated above with this layout, given back once.
            unsafe { bump.deallocate(block, layout) };
            Some(index)
        }

        fn index(&self, address: usize) -> usize {
            use nebula_memory::allocator::bump::Backing;
            let start = self.bump.backing().region().cast::<u8>().addr().get();
            (address - start) / 8
        }
    }

    loom::model(|| {
        let bump = BumpAllocator::new_in(32, nebula_memory::SystemAllocator);
        let memory = Arc::new(Memory { bump, cells: std::array::from_fn(|_| UnsafeCell::new(0)) });
        let other = {
            let memory = Arc::clone(&memory);
            thread::spawn(move || (memory.visit(), memory.visit()))
        };
        let here = memory.visit();
        let there = other.join().unwrap();
        assert!(here.is_some() && there.0.is_some() && there.1.is_some());
        assert!(memory.bump.used() <= 32);
    });
}
