//! What every allocator must do, whatever it is made of: blocks are as large and aligned as asked, do not overlap, and keep
//! their bytes whatever else is allocated, resized or given back.

use std::alloc::Layout;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

use nebula_memory::Allocator;

/// One thing to do with an allocator.
#[derive(Clone, Debug)]
pub(crate) enum Step {
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

/// Steps that a fuzzer's bytes stand for.
pub(crate) fn steps_from(bytes: &[u8]) -> Vec<Step> {
    let layout = |size: u8, more: u8| {
        let size = usize::from(size) << (more & 3);
        Layout::from_size_align(size, 1 << (more >> 4)).unwrap()
    };
    let step = |chunk: &[u8]| match chunk[0] % 6 {
        0..=2 => Step::Allocate { layout: layout(chunk[1], chunk[2]), zeroed: chunk[0] & 64 != 0 },
        3 => Step::Free(usize::from(chunk[1])),
        _ => Step::Resize {
            index: if chunk[0] & 128 == 0 { usize::MAX } else { usize::from(chunk[3]) },
            layout: layout(chunk[1], chunk[2]),
            zeroed: chunk[0] & 64 != 0,
        },
    };
    bytes.chunks_exact(4).map(step).collect()
}

/// A block with the byte that it was filled with.
pub(crate) struct Block {
    pub(crate) memory: NonNull<u8>,
    pub(crate) layout: Layout,
    mark: u8,
}

impl Block {
    pub(crate) fn new(memory: NonNull<[u8]>, layout: Layout, mark: u8) -> Self {
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

    pub(crate) fn is_whole(&self) -> bool {
        self.bytes().iter().all(|byte| *byte == self.mark)
    }
}

fn zeros(memory: NonNull<[u8]>, range: std::ops::Range<usize>) -> bool {
    // SAFETY: the allocator says that these bytes are there, and zero.
    let bytes = unsafe { memory.as_ref() };
    bytes[range].iter().all(|byte| *byte == 0)
}

/// Runs steps on an allocator, and checks every block after each.
pub(crate) fn check<A: Allocator>(allocator: &A, steps: &[Step]) {
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
