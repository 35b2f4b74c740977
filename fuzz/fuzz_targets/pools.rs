//! Any order of taking and giving back: no slot has two owners, every wrong free is told.
#![no_main]

use std::alloc::Layout;
use std::collections::HashSet;
use std::ptr::NonNull;

use libfuzzer_sys::fuzz_target;
use nebula_memory::{FixedPool, LocalFixedPool, PoolAllocator, PoolOptions, StackAllocator};

fuzz_target!(|bytes: &[u8]| {
    let [size, rest @ ..] = bytes else { return };
    let (local, shared) = (LocalFixedPool::<String, 13>::new(), FixedPool::<[u8; 5], 7, 8>::new());
    let (mut texts, mut arrays) = (Vec::new(), Vec::new());
    let block = Layout::from_size_align(usize::from(*size), 1 << (size % 7)).expect("a small one");
    let pool = PoolAllocator::try_new(block, &PoolOptions::new(3)).expect("a small one");
    let stack = StackAllocator::new(4096);
    let (mut blocks, mut freed) = (Vec::<NonNull<u8>>::new(), HashSet::new());
    let mut stacked = Vec::<NonNull<u8>>::new();
    for step in rest.chunks_exact(2) {
        let (kind, index) = (step[0], usize::from(step[1]));
        match kind % 8 {
            0 => match local.alloc_with(|| kind.to_string()) {
                Ok(text) => texts.push((text, kind)),
                Err(_) => assert_eq!(texts.len(), 13),
            },
            1 if !texts.is_empty() => drop(texts.swap_remove(index % texts.len())),
            2 => match shared.alloc_with(|| [kind; 5]) {
                Ok(array) => arrays.push((array, kind)),
                Err(_) => assert_eq!(arrays.len(), 7),
            },
            3 if !arrays.is_empty() => drop(arrays.swap_remove(index % arrays.len())),
            4 => {
                let block = pool.try_allocate_block().expect("no limit").cast();
                freed.remove(&block);
                blocks.push(block);
            }
            5 if !blocks.is_empty() => {
                let block = blocks.swap_remove(index % blocks.len());
                // SAFETY: in use, and not used after this.
                unsafe { pool.try_deallocate(block) }.expect("in use");
                freed.insert(block);
            }
            6 => {
                if let Ok(block) = nebula_memory::Allocator::allocate(&&stack, Layout::new::<u64>()) {
                    stacked.push(block.cast());
                }
            }
            _ if !stacked.is_empty() => {
                let at = index % stacked.len();
                // SAFETY: if it succeeds the block is not used any more.
                let outcome = unsafe { stack.try_deallocate(stacked[at], Layout::new::<u64>()) };
                assert_eq!(outcome.is_ok(), at == stacked.len() - 1);
                if outcome.is_ok() {
                    stacked.pop();
                }
            }
            _ => {}
        }
        for block in &freed {
            // SAFETY: free, so this is an error.
            assert!(unsafe { pool.try_deallocate(*block) }.is_err());
        }
        assert_eq!(blocks.iter().collect::<HashSet<_>>().len(), blocks.len());
        assert!(texts.iter().all(|(text, kind)| **text == kind.to_string()));
        assert!(arrays.iter().all(|(array, kind)| **array == [*kind; 5]));
        assert_eq!((local.in_use(), shared.in_use()), (texts.len(), arrays.len()));
        assert_eq!(pool.blocks_in_use(), blocks.len());
        assert_eq!(stack.used() == 0, stacked.is_empty());
    }
});
