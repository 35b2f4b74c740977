//! The stack against a list of what must be in it: any sequence of calls.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::alloc::Layout;
use std::ptr::NonNull;

use nebula_memory::allocator::StackMarker;
use nebula_memory::allocator::bump::Backing;
use nebula_memory::{AllocErrorCode, Allocator, StackAllocator, StackFrame};
use proptest::prelude::*;
use support::cases;

#[derive(Clone, Debug)]
enum Step {
    Allocate(usize, u32),
    /// The strict form, of the last block or of any.
    Free(Option<prop::sample::Index>),
    FreeInAnyOrder(prop::sample::Index),
    Resize(prop::sample::Index, usize, u32),
    Mark,
    Release(prop::sample::Index),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let index = any::<prop::sample::Index>;
    let step = prop_oneof![
        6 => (1..200_usize, 0..8_u32).prop_map(|(size, align)| Step::Allocate(size, align)),
        2 => prop::option::of(index()).prop_map(Step::Free),
        2 => index().prop_map(Step::FreeInAnyOrder),
        3 => (index(), 1..200_usize, 0..8_u32).prop_map(|(at, size, align)| Step::Resize(at, size, align)),
        1 => Just(Step::Mark),
        1 => index().prop_map(Step::Release),
    ];
    prop::collection::vec(step, 0..60)
}

struct Entry {
    block: NonNull<u8>,
    layout: Layout,
    /// Tells it from all others, and is what its bytes are.
    number: u8,
    /// What was used when it had been made or resized.
    end: usize,
    /// Given back, but not the last one.
    waits: bool,
}

/// A stack, and the blocks that must be in it, the last one last.
struct Model {
    stack: StackAllocator,
    entries: Vec<Entry>,
    /// Each with the blocks there were.
    markers: Vec<(StackMarker, Vec<u8>)>,
    made: u8,
}

impl Model {
    fn new() -> Self {
        Self { stack: StackAllocator::new(4096), entries: Vec::new(), markers: Vec::new(), made: 0 }
    }

    fn step(&mut self, step: &Step) {
        let layout = |size, align: u32| Layout::from_size_align(size, 1 << align).unwrap();
        let len = self.entries.len();
        match step {
            Step::Allocate(size, align) => {
                let layout = layout(*size, *align);
                if let Ok(block) = (&self.stack).allocate(layout) {
                    self.put(block.cast(), layout);
                }
            }
            Step::Mark => {
                let numbers = self.entries.iter().map(|entry| entry.number).collect();
                self.markers.push((self.stack.marker(), numbers));
            }
            Step::Release(which) if !self.markers.is_empty() => self.release(which.index(self.markers.len())),
            Step::Free(at) if len > 0 => self.free(at.map_or(len - 1, |at| at.index(len))),
            Step::FreeInAnyOrder(at) if len > 0 => self.free_in_any_order(at.index(len)),
            Step::Resize(at, size, align) if len > 0 => self.resize(at.index(len), layout(*size, *align)),
            _ => {}
        }
    }

    /// Takes note of a new block, and fills it.
    fn put(&mut self, block: NonNull<u8>, layout: Layout) {
        assert_eq!(block.addr().get() % layout.align(), 0);
        self.made += 1;
        // SAFETY: live with this size.
        unsafe { block.write_bytes(self.made, layout.size()) };
        let end = self.stack.used();
        self.entries.push(Entry { block, layout, number: self.made, end, waits: false });
    }

    fn free(&mut self, at: usize) {
        let Entry { block, layout, waits, .. } = self.entries[at];
        // SAFETY: if it succeeds the block is not used any more.
        let freed = unsafe { self.stack.try_deallocate(block, layout) };
        if at == self.entries.len() - 1 {
            freed.unwrap();
            self.entries[at].waits = true;
        } else {
            let code = if waits { AllocErrorCode::DoubleFree } else { AllocErrorCode::LifoViolation };
            assert_eq!(freed.unwrap_err().code(), code);
        }
    }

    fn free_in_any_order(&mut self, at: usize) {
        let entry = &mut self.entries[at];
        if !entry.waits {
            // SAFETY: live, given back once.
            unsafe { (&self.stack).deallocate(entry.block, entry.layout) };
            entry.waits = true;
        }
    }

    fn resize(&mut self, at: usize, new: Layout) {
        let Entry { block, layout: old, number, waits, .. } = self.entries[at];
        if waits {
            return;
        }
        let resized = if new.size() >= old.size() {
            // SAFETY: live, with this layout.
            unsafe { (&self.stack).grow(block, old, new) }
        } else {
            // SAFETY: as above.
            unsafe { (&self.stack).shrink(block, old, new) }
        };
        let Ok(resized) = resized else { return };
        assert!(resized.len() >= new.size());
        let resized = resized.cast::<u8>();
        let kept = NonNull::slice_from_raw_parts(resized, old.size().min(new.size()));
        // SAFETY: live with at least this size, and written.
        assert!(unsafe { kept.as_ref() }.iter().all(|byte| *byte == number));
        if resized == block {
            // SAFETY: live with this size.
            unsafe { block.write_bytes(number, new.size()) };
            let end = self.stack.used();
            let is_last = at == self.entries.len() - 1;
            let entry = &mut self.entries[at];
            entry.layout = new;
            entry.end = if is_last { end } else { entry.end };
        } else {
            self.entries[at].waits = true;
            self.put(resized, new);
        }
    }

    /// A marker of a state that can be gone back to leads there. Another one may look the same as such a state; then it
    /// leads there, and never into a block.
    fn release(&mut self, which: usize) {
        let (marker, numbers) = &self.markers[which];
        let before = self.stack.marker();
        let now = self.entries.iter().map(|entry| entry.number);
        let is_good =
            numbers.len() <= self.entries.len() && numbers.iter().copied().eq(now.take(numbers.len()));
        // SAFETY: none of the blocks that are gone then is used any more.
        match unsafe { self.stack.release_to(*marker) } {
            Ok(()) if is_good => self.entries.truncate(numbers.len()),
            Ok(()) => {
                let used = self.stack.used();
                self.entries.retain(|entry| entry.end <= used);
            }
            Err(error) => {
                assert!(!is_good, "a good marker was refused");
                assert_eq!(error.code(), AllocErrorCode::LifoViolation);
                assert_eq!(self.stack.marker(), before);
            }
        }
    }

    /// What the stack does when the last block goes, and whether it has.
    fn check(&mut self) {
        while self.entries.last().is_some_and(|entry| entry.waits) {
            self.entries.pop();
        }
        assert_eq!(self.stack.used(), self.entries.last().map_or(0, |entry| entry.end));
        assert_eq!(self.stack.used() + self.stack.available(), self.stack.capacity());
        for entry in self.entries.iter().filter(|entry| !entry.waits) {
            let bytes = NonNull::slice_from_raw_parts(entry.block, entry.layout.size());
            // SAFETY: live with this size, and written.
            assert!(unsafe { bytes.as_ref() }.iter().all(|byte| *byte == entry.number));
        }
    }
}

/// Opens frames within frames, one for each step that is `None`, and looks at every value once the frames in it have
/// ended.
fn frames<B: Backing>(
    frame: &mut StackFrame<'_, B>,
    steps: &mut std::slice::Iter<'_, Option<usize>>,
    depth: usize,
) {
    let mut values: Vec<&mut [usize]> = Vec::new();
    while let Some(step) = steps.next() {
        let available = frame.available();
        match step {
            Some(len) if len % 8 == 0 => return,
            Some(len) => values.extend(frame.try_alloc_slice_fill(*len, &(depth * 1000 + len))),
            None => {
                frames(&mut frame.frame(), steps, depth + 1);
                assert_eq!(frame.available(), available);
            }
        }
        for value in &mut values {
            let len = value.len();
            assert!(value.iter().all(|number| *number == depth * 1000 + len));
            value.fill(depth * 1000 + len);
        }
    }
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn like_a_list(steps in steps()) {
        let mut model = Model::new();
        for step in &steps {
            model.step(step);
            model.check();
        }
        while let Some(last) = model.entries.len().checked_sub(1) {
            model.free(last);
            model.check();
        }
        prop_assert_eq!(model.stack.used(), 0);
    }

    #[test]
    fn s2_frames_leave_each_others_values_alone(steps in prop::collection::vec(prop::option::of(0..40_usize), 0..60)) {
        let mut stack = StackAllocator::new(2048);
        let kept = std::ptr::from_mut(stack.alloc(7_u8));
        let used = stack.used();
        frames(&mut stack.frame(), &mut steps.iter(), 0);
        prop_assert_eq!(stack.used(), used);
        // SAFETY: allocated before the frame, and not given back.
        prop_assert_eq!(unsafe { *kept }, 7);
    }
}
