//! Every allocator against a model: blocks do not overlap, are aligned, and keep their bytes whatever else is
//! allocated, resized or given back.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::alloc::Layout;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

use nebula_memory::allocator::{Budgeted, Fallback, Segregated, Tracked};
use nebula_memory::{Allocator, Arena, Budget, BumpAllocator, SystemAllocator};
use proptest::prelude::*;
use support::cases;
use support::heap::Counting;

#[derive(Clone, Debug)]
enum Step {
    Allocate {
        layout: Layout,
        zeroed: bool,
    },
    Free(usize),
    /// To a new size and alignment; larger or smaller decides between growing and shrinking.
    Resize {
        index: usize,
        layout: Layout,
        zeroed: bool,
    },
}

fn layouts() -> impl Strategy<Value = Layout> {
    (prop_oneof![8 => 0..80_usize, 2 => 0..3000_usize], prop_oneof![8 => 0..5_u32, 1 => 0..13_u32])
        .prop_map(|(size, align)| Layout::from_size_align(size, 1 << align).unwrap())
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (layouts(), any::<bool>()).prop_map(|(layout, zeroed)| Step::Allocate { layout, zeroed }),
        1 => any::<usize>().prop_map(Step::Free),
        3 => (any::<usize>(), layouts(), any::<bool>(), any::<bool>()).prop_map(|(index, layout, zeroed, last)| {
            Step::Resize { index: if last { usize::MAX } else { index }, layout, zeroed }
        }),
    ];
    prop::collection::vec(step, 0..60)
}

/// A block with the byte that it was filled with.
struct Block {
    memory: NonNull<u8>,
    layout: Layout,
    mark: u8,
}

impl Block {
    fn new(memory: NonNull<[u8]>, layout: Layout, mark: u8) -> Self {
        assert!(memory.len() >= layout.size());
        // As a box does: what is given back is a pointer to the value, and to nothing before or after it.
        let mut value = NonNull::slice_from_raw_parts(memory.cast::<MaybeUninit<u8>>(), layout.size());
        // SAFETY: allocated with this size, and ours.
        let memory = NonNull::from(unsafe { value.as_mut() }).cast::<u8>();
        assert_eq!(memory.addr().get() % layout.align(), 0, "{layout:?}");
        // SAFETY: allocated with this size.
        unsafe { memory.write_bytes(mark, layout.size()) };
        Self { memory, layout, mark }
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: allocated with this size, and filled in `new`.
        unsafe { NonNull::slice_from_raw_parts(self.memory, self.layout.size()).as_ref() }
    }

    fn is_whole(&self) -> bool {
        self.bytes().iter().all(|byte| *byte == self.mark)
    }
}

fn zeros(memory: NonNull<[u8]>, range: std::ops::Range<usize>) -> bool {
    // SAFETY: the allocator says that these bytes are there, and zero.
    let bytes = unsafe { memory.as_ref() };
    bytes[range].iter().all(|byte| *byte == 0)
}

fn check<A: Allocator>(allocator: &A, steps: &[Step]) {
    let mut blocks: Vec<Block> = Vec::new();
    let mut mark = 0_u8;
    for step in steps {
        mark = mark.wrapping_add(1);
        match *step {
            Step::Allocate { layout, zeroed } => {
                let memory =
                    if zeroed { allocator.allocate_zeroed(layout) } else { allocator.allocate(layout) };
                let Ok(memory) = memory else { continue };
                assert!(!zeroed || zeros(memory, 0..layout.size()));
                blocks.push(Block::new(memory, layout, mark));
            }
            Step::Free(index) if !blocks.is_empty() => {
                let block = blocks.swap_remove(index % blocks.len());
                // SAFETY: allocated here with this layout, and given back once.
                unsafe { allocator.deallocate(block.memory, block.layout) };
            }
            Step::Resize { index, layout, zeroed } if !blocks.is_empty() => {
                let index = if index == usize::MAX { blocks.len() - 1 } else { index % blocks.len() };
                let block = &blocks[index];
                let (memory, old) = (block.memory, block.layout);
                let kept = old.size().min(layout.size());
                let resized = if layout.size() < old.size() {
                    // SAFETY: allocated here with this layout; the new one is smaller.
                    unsafe { allocator.shrink(memory, old, layout) }
                } else if zeroed {
                    // SAFETY: allocated here with this layout; the new one is not smaller.
                    unsafe { allocator.grow_zeroed(memory, old, layout) }
                } else {
                    // SAFETY: as above.
                    unsafe { allocator.grow(memory, old, layout) }
                };
                let Ok(resized) = resized else { continue };
                // SAFETY: the first bytes are those of the old block.
                let bytes = unsafe { NonNull::slice_from_raw_parts(resized.cast::<u8>(), kept).as_ref() };
                assert!(bytes.iter().all(|byte| *byte == block.mark), "bytes lost");
                if layout.size() >= old.size() && zeroed {
                    assert!(zeros(resized, old.size()..layout.size()));
                }
                blocks[index] = Block::new(resized, layout, mark);
            }
            _ => {}
        }
        assert!(blocks.iter().all(Block::is_whole), "blocks overlap");
    }
    for block in blocks {
        // SAFETY: allocated here with this layout, and given back once.
        unsafe { allocator.deallocate(block.memory, block.layout) };
    }
}

proptest! {
    #![proptest_config(cases(384))]

    #[test]
    fn the_heap(steps in steps()) {
        check(&SystemAllocator, &steps);
    }

    #[test]
    fn arenas(steps in steps()) {
        let heap = Counting::default();
        {
            let mut arena = Arena::<_, 1>::new_in(&heap);
            check(&&arena, &steps);
            arena.reset();
            check(&&arena, &steps);
            check(&&arena.scope(), &steps);
            check(&&Arena::<_, 16>::with_capacity_in(500, &heap), &steps);
            // An arena in an arena.
            check(&&Arena::<_, 4>::new_in(&arena), &steps);
        }
        prop_assert_eq!(heap.live_bytes.get(), 0);
    }

    /// Small blocks, so that they run out.
    #[test]
    fn bump_allocators(steps in steps(), capacity in 0..4000_usize) {
        let mut bump = BumpAllocator::new(capacity);
        check(&&bump, &steps);
        let scope = bump.scope();
        check(&&scope, &steps);
        check(&&BumpAllocator::<_, 8>::new_in(capacity, SystemAllocator), &steps);
    }

    /// Blocks move between the parts when they run out.
    #[test]
    fn compositions(steps in steps(), capacity in 0..2000_usize) {
        let (one, two) = (BumpAllocator::new(capacity), BumpAllocator::new(1000));
        check(&Fallback::new(&one, SystemAllocator), &steps);
        check(&Segregated::<_, _, 64>::new(&two, SystemAllocator), &steps);
        let budget: Budget = Budget::new(capacity);
        check(&Budgeted::new(SystemAllocator, &budget), &steps);
        prop_assert_eq!(budget.used(), 0);
        let both: Tracked<_> = Tracked::new(Segregated::<_, _, 64>::new(&one, &two));
        check(&Fallback::new(&both, SystemAllocator), &steps);
        prop_assert_eq!(both.tracker().snapshot().in_use, 0);
    }
}

/// Collections give back pointers that may reach their value and nothing beside it: what comes next in the same memory
/// must not be derived from them. Miri sees it.
#[test]
fn memory_is_not_reached_through_what_was_given_back() {
    fn check<A: Allocator>(allocator: A) {
        let layout = |size| Layout::from_size_align(size, 8).unwrap();
        let new = |size| Block::new(allocator.allocate(layout(size)).unwrap(), layout(size), 1);
        // SAFETY: each block is given back once, with its layout.
        let free = |block: Block| unsafe { allocator.deallocate(block.memory, block.layout) };
        let resize = |block: Block, size| {
            let (memory, old) = (block.memory, block.layout);
            let resized = if size > old.size() {
                // SAFETY: allocated with this layout; larger.
                unsafe { allocator.grow(memory, old, layout(size)) }
            } else {
                // SAFETY: allocated with this layout; smaller.
                unsafe { allocator.shrink(memory, old, layout(size)) }
            };
            Block::new(resized.unwrap(), layout(size), 2)
        };
        free(new(8));
        let block = resize(new(64), 128);
        let block = resize(block, 16);
        let next = resize(new(8), 100);
        // Out of order.
        free(block);
        free(next);
        free(new(200));
    }

    let mut arena = Arena::new();
    check(&arena);
    check(&arena.scope());
    let mut bump = BumpAllocator::new(1000);
    check(&bump);
    check(&bump.scope());
    check(&BumpAllocator::new_shared(1000));
    let mut stack = nebula_memory::StackAllocator::new(1000);
    check(&stack);
    check(&stack.frame());
    check(SystemAllocator);
}
