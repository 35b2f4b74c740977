//! Allocators made of allocators: who gets which block back, and with what size; what is counted of it.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::alloc::Layout;
use std::cell::RefCell;
use std::ptr::NonNull;

use nebula_memory::allocator::{
    Budgeted, Counters, CountersSnapshot, Fallback, Independent, Owns, Segregated, Track, Tracked, Untracked,
};
use nebula_memory::{
    AllocError, AllocErrorCode, Allocator, AllocatorKind, Arena, Budget, BumpAllocator, MemoryUsage,
    Poisoned, PoolAllocator, PoolOptions, Shared, StackAllocator, SystemAllocator,
};
use proptest::prelude::*;
use support::cases;
use support::heap::Counting;
use support::strict::{PORTION, Strict};

/// A fallback over allocators that stand apart.
fn fallback<A: Owns, B: Allocator>(primary: A, secondary: B) -> Fallback<A, B> {
    // SAFETY: for allocators of these tests, none of which is made of memory of another.
    unsafe { Fallback::new_unchecked(primary, secondary) }
}

#[derive(Clone, Debug)]
enum Step {
    Allocate(Layout, bool),
    Free(usize),
    Resize(usize, Layout, bool),
    /// From now on as many requests succeed.
    Refuse(Option<usize>),
}

fn layouts() -> impl Strategy<Value = Layout> {
    (
        prop_oneof![6 => 0..200_usize, 1 => 0..if cfg!(miri) { 300_usize } else { 2000 }],
        prop_oneof![6 => 0..5_u32, 1 => 0..10_u32],
    )
        .prop_map(|(size, align)| Layout::from_size_align(size, 1 << align).unwrap())
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (layouts(), any::<bool>()).prop_map(|(layout, zeroed)| Step::Allocate(layout, zeroed)),
        2 => any::<usize>().prop_map(Step::Free),
        4 => (any::<usize>(), layouts(), any::<bool>())
            .prop_map(|(index, layout, zeroed)| Step::Resize(index, layout, zeroed)),
        1 => prop::option::of(0..6_usize).prop_map(Step::Refuse),
    ];
    // Every byte is looked at after every step, which Miri takes its time for.
    prop::collection::vec(step, 0..if cfg!(miri) { 20 } else { 80 })
}

struct Block {
    memory: NonNull<[u8]>,
    layout: Layout,
    mark: u8,
}

impl Block {
    /// Writes all that may be used.
    fn new(memory: NonNull<[u8]>, layout: Layout, mark: u8) -> Self {
        assert!(memory.len() >= layout.size());
        assert_eq!(memory.addr().get() % layout.align(), 0);
        // SAFETY: allocated with this size.
        unsafe { memory.cast::<u8>().write_bytes(mark, memory.len()) };
        Self { memory, layout, mark }
    }

    fn has(&self, range: std::ops::Range<usize>, value: u8) -> bool {
        // SAFETY: allocated with this size, and written in `new` or by the allocator.
        let bytes = unsafe { self.memory.as_ref() };
        bytes[range].iter().all(|byte| *byte == value)
    }

    /// With a size between the asked and the got.
    fn any_layout(&self, choice: usize) -> Layout {
        let more = choice % (self.memory.len() - self.layout.size() + 1);
        Layout::from_size_align(self.layout.size() + more, self.layout.align()).unwrap()
    }
}

/// What the steps did, with the sizes that were asked for.
#[derive(Default)]
struct Model {
    counted: CountersModel,
    blocks: Vec<Block>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct CountersModel {
    allocations: usize,
    deallocations: usize,
    resizes: usize,
    refused: usize,
    in_use: usize,
    peak: usize,
}

impl From<CountersSnapshot> for CountersModel {
    fn from(counted: CountersSnapshot) -> Self {
        Self {
            allocations: counted.allocations,
            deallocations: counted.deallocations,
            resizes: counted.resizes,
            refused: counted.refused,
            in_use: counted.in_use,
            peak: counted.peak,
        }
    }
}

impl CountersModel {
    /// Blocks of no size are none.
    fn resized(&mut self, old: usize, new: usize) {
        match (old, new) {
            (0, 0) => {}
            (0, _) => self.allocations += 1,
            (_, 0) => self.deallocations += 1,
            _ => self.resizes += 1,
        }
    }

    fn now(&mut self, in_use: usize) {
        self.in_use = in_use;
        self.peak = self.peak.max(in_use);
    }
}

/// Runs the steps; `between` looks after each of them.
fn run<A: Allocator>(
    allocator: &A,
    steps: &[Step],
    refuse: impl Fn(Option<usize>),
    between: impl Fn(&Model, Option<AllocError>),
) {
    let mut model = Model::default();
    for (number, step) in steps.iter().enumerate() {
        let mark = u8::try_from(number % 250).unwrap() + 1;
        let mut failed = None;
        match *step {
            Step::Allocate(layout, zeroed) => {
                let memory =
                    if zeroed { allocator.allocate_zeroed(layout) } else { allocator.allocate(layout) };
                match memory {
                    Ok(memory) => {
                        if zeroed {
                            assert!(Block { memory, layout, mark: 0 }.has(0..memory.len(), 0));
                        }
                        model.blocks.push(Block::new(memory, layout, mark));
                        model.counted.resized(0, layout.size());
                        model.counted.now(model.counted.in_use + layout.size());
                    }
                    Err(error) => failed = Some(error),
                }
            }
            Step::Free(index) if !model.blocks.is_empty() => {
                let block = model.blocks.swap_remove(index % model.blocks.len());
                assert!(block.has(0..block.memory.len(), block.mark));
                // SAFETY: allocated here, with a layout that fits, and given back once.
                unsafe { allocator.deallocate(block.memory.cast(), block.any_layout(index)) };
                model.counted.resized(block.layout.size(), 0);
                model.counted.now(model.counted.in_use - block.layout.size());
            }
            Step::Resize(index, new, zeroed) if !model.blocks.is_empty() => {
                let at = index % model.blocks.len();
                let block = &model.blocks[at];
                let fitting = block.any_layout(index);
                // The direction is that of the layout that is told.
                let (memory, kept) = (block.memory.cast(), fitting.size().min(new.size()));
                let resized = if new.size() < fitting.size() {
                    // SAFETY: allocated here, with a layout that fits; the new one is smaller.
                    unsafe { allocator.shrink(memory, fitting, new) }
                } else if zeroed {
                    // SAFETY: allocated here, with a layout that fits; the new one is not smaller.
                    unsafe { allocator.grow_zeroed(memory, fitting, new) }
                } else {
                    // SAFETY: as above.
                    unsafe { allocator.grow(memory, fitting, new) }
                };
                match resized {
                    Ok(memory) => {
                        let resized = Block { memory, layout: new, mark: block.mark };
                        assert!(resized.has(0..kept, block.mark), "bytes lost");
                        if zeroed && new.size() >= fitting.size() {
                            assert!(resized.has(fitting.size()..memory.len(), 0));
                        }
                        let before = block.layout.size();
                        model.blocks[at] = Block::new(memory, new, mark);
                        model.counted.resized(before, new.size());
                        model.counted.now(model.counted.in_use - before + new.size());
                    }
                    Err(error) => failed = Some(error),
                }
            }
            Step::Refuse(left) => refuse(left),
            Step::Free(_) | Step::Resize(..) => {}
        }
        model.counted.refused += usize::from(failed.is_some());
        assert!(model.blocks.iter().all(|block| block.has(0..block.memory.len(), block.mark)));
        between(&model, failed);
    }
    for block in model.blocks {
        // SAFETY: allocated here with this layout, and given back once.
        unsafe { allocator.deallocate(block.memory.cast(), block.layout) };
    }
}

proptest! {
    #![proptest_config(cases(256))]

    /// Whatever is allocated, resized, given back (with any size that fits) and refused: counts are exact.
    #[test]
    fn counters_agree_with_a_model(steps in steps()) {
        let heap = Strict::default();
        let counted: Tracked<_> = Tracked::new(&heap);
        let shared = Tracked::<_, Counters<Shared>>::new(&counted);
        run(&shared, &steps, |left| heap.left.set(left), |model, _| {
            assert_eq!(CountersModel::from(counted.tracker().snapshot()), model.counted);
            assert_eq!(shared.tracker().snapshot(), counted.tracker().snapshot());
            assert_eq!(heap.bytes(), model.counted.in_use);
        });
        prop_assert_eq!(heap.bytes(), 0);
        prop_assert_eq!(counted.tracker().snapshot().live(), 0);
        prop_assert_eq!(counted.tracker().snapshot().in_use, 0);
    }

    /// As above: what is charged is what is allocated, never more than the limit, and at every level the same.
    #[test]
    fn budgets_agree_with_a_model(steps in steps(), limit in 0..3000_usize, per_block in 0..2500_usize) {
        let heap = Strict::default();
        let root = Budget::new(limit).with_allocation_limit(per_block);
        let child = root.child(usize::MAX);
        let reserved = child.reserve(limit / 2).unwrap();
        let shared = Budget::new_shared(usize::MAX);
        let memory = Budgeted::new(Budgeted::new(&heap, &shared), &child);
        let prepaid = Budgeted::new(&heap, &reserved);
        run(&memory, &steps, |left| heap.left.set(left), |model, failed| {
            let counted = model.counted;
            assert_eq!((child.used(), root.used()), (counted.in_use + limit / 2, counted.in_use + limit / 2));
            assert_eq!(shared.used(), counted.in_use);
            // What was charged and then refused by the heap is in the peak.
            let refuses = steps.iter().any(|step| matches!(step, Step::Refuse(_)));
            assert!(shared.peak() == counted.peak || refuses && shared.peak() > counted.peak);
            assert!(root.peak() == counted.peak + limit / 2 || refuses && root.peak() <= limit);
            assert!(root.used() <= limit);
            assert!(model.blocks.iter().all(|block| block.layout.size() <= per_block));
            if let Some(error) = failed.filter(|error| error.code() == AllocErrorCode::BudgetExceeded) {
                assert_eq!(error.capacity(), Some(limit));
            }
        });
        heap.left.set(None);
        run(&prepaid, &steps, |left| heap.left.set(left), |model, _| {
            assert_eq!(reserved.used(), model.counted.in_use);
            assert_eq!(root.used(), limit / 2);
        });
        drop(reserved);
        prop_assert_eq!((heap.bytes(), root.used(), child.used(), shared.used()), (0, 0, 0, 0));
    }

    /// Blocks go back to where they are from, with sizes that fit, whatever was refused meanwhile.
    #[test]
    fn s11_blocks_go_back_to_where_they_are_from(steps in steps(), capacity in 0..2000_usize) {
        let (first, second, third) = (Strict::default(), Strict::default(), Strict::default());
        let refuse = |left| first.left.set(left);
        run(&fallback(&first, &second), &steps, refuse, |_, _| {});
        run(&fallback(&second, &first), &steps, refuse, |_, _| {});
        // No multiple of a portion: the small one gives more than the threshold.
        run(&Segregated::<_, _, 100>::new(&first, &second), &steps, refuse, |model, _| {
            assert!(model.blocks.iter().all(|block| {
                let small = block.layout.size() <= 100 && block.layout.align() <= 100;
                !small || block.memory.len() <= 100
            }));
        });
        run(&Segregated::<_, _, 0>::new(&first, &second), &steps, refuse, |_, _| {});
        let bump = BumpAllocator::new(capacity);
        let chain = fallback(fallback(Segregated::<_, _, 64>::new(&first, &bump), &second), &third);
        run(&chain, &steps, refuse, |_, _| {});
        prop_assert_eq!((first.bytes(), second.bytes(), third.bytes()), (0, 0, 0));
    }
}

#[test]
fn untracked_is_nothing() {
    assert_eq!(size_of::<Tracked<SystemAllocator, Untracked>>(), 0);
    assert_eq!(size_of::<Tracked<&Strict, Untracked>>(), size_of::<&Strict>());
    let heap = Strict::default();
    let memory: Tracked<_, Untracked> = Tracked::new(&heap);
    let layout = Layout::new::<[u8; 10]>();
    let block = memory.allocate(layout).unwrap();
    assert_eq!(block.len(), PORTION, "what is given beyond the asked can be used");
    // SAFETY: allocated above, with a layout that fits.
    unsafe { memory.deallocate(block.cast(), Layout::new::<[u8; PORTION]>()) };
    assert_eq!(heap.bytes(), 0);
}

#[test]
fn compositions_have_no_state_of_their_own() {
    assert_eq!(size_of::<Fallback<&Strict, SystemAllocator>>(), size_of::<&Strict>());
    assert_eq!(size_of::<Segregated<SystemAllocator, SystemAllocator, 64>>(), 0);
    assert_eq!(size_of::<Budgeted<SystemAllocator, &Budget>>(), size_of::<&Budget>());
}

#[test]
fn s10_zero_size_blocks_are_aligned() {
    let bump = BumpAllocator::new(0);
    let budget = Budget::new(0);
    let tracked: Tracked<_> = Tracked::new(Fallback::new(&bump, SystemAllocator));
    let memory = Budgeted::new(Segregated::<_, _, 16>::new(&tracked, &tracked), &budget);
    for align in [1, 16, 4096] {
        let layout = Layout::from_size_align(0, align).unwrap();
        let block = memory.allocate(layout).unwrap();
        assert_eq!(block.addr().get() % align, 0);
        let larger = Layout::from_size_align(0, align * 2).unwrap();
        // SAFETY: allocated above; as large.
        let block = unsafe { memory.grow(block.cast(), layout, larger) }.unwrap();
        assert_eq!(block.addr().get() % (align * 2), 0);
        // SAFETY: as above.
        let block = unsafe { memory.shrink(block.cast(), larger, layout) }.unwrap();
        // SAFETY: as above.
        unsafe { memory.deallocate(block.cast(), layout) };
    }
    assert_eq!(tracked.tracker().snapshot().live(), 0);
}

#[test]
fn a_fallback_takes_over_when_the_first_is_full_and_back() {
    let bump = BumpAllocator::<_, 1>::new_in(100, SystemAllocator);
    let heap = Counting::default();
    let memory = fallback(&bump, &heap);
    let (small, large) = (Layout::new::<[u8; 80]>(), Layout::new::<[u8; 120]>());

    let block = memory.allocate(small).unwrap();
    assert_eq!((bump.used(), heap.live.get()), (80, 0));
    // SAFETY: allocated above; larger.
    let block = unsafe { memory.grow(block.cast(), small, Layout::new::<[u8; 100]>()) }.unwrap();
    assert_eq!((bump.used(), heap.live.get()), (100, 0), "in place");
    // SAFETY: as above.
    let block = unsafe { memory.grow(block.cast(), Layout::new::<[u8; 100]>(), large) }.unwrap();
    assert_eq!((bump.used(), heap.live.get()), (0, 1), "the first one has its memory back");

    heap.left.set(Some(0));
    // SAFETY: as above; smaller.
    let block = unsafe { memory.shrink(block.cast(), large, small) }.unwrap();
    assert_eq!((bump.used(), heap.live.get()), (80, 0), "the second one could not shrink it");

    let error = memory.allocate(small).unwrap_err();
    assert_eq!(error.allocator(), AllocatorKind::Custom, "the error of the last resort");
    // SAFETY: as above; refused, and so as it was.
    let error = unsafe { memory.grow(block.cast(), small, large) }.unwrap_err();
    assert_eq!((error.allocator(), bump.used()), (AllocatorKind::Custom, 80));
    // SAFETY: as above.
    unsafe { memory.deallocate(block.cast(), small) };
    assert_eq!(bump.used(), 0);
}

#[test]
fn growing_in_place_survives_all_layers() {
    let bump = BumpAllocator::new(4000);
    let budget = Budget::new(4000);
    let tracked: Tracked<_> = Tracked::new(&bump);
    let memory = Segregated::<_, _, 8>::new(
        SystemAllocator,
        Budgeted::new(Fallback::new(&tracked, SystemAllocator), &budget),
    );
    let mut layout = Layout::new::<[u8; 100]>();
    let mut block = memory.allocate(layout).unwrap();
    let start = block.addr();
    for size in (200..=4000).step_by(100) {
        let new = Layout::from_size_align(size, 1).unwrap();
        // SAFETY: allocated here with this layout; larger.
        block = unsafe { memory.grow(block.cast(), layout, new) }.unwrap();
        layout = new;
        assert_eq!((block.addr(), bump.used(), budget.used()), (start, size, size));
    }
    // SAFETY: as above.
    unsafe { memory.deallocate(block.cast(), layout) };
    assert_eq!((bump.used(), budget.used(), budget.peak()), (0, 0, 4000));
    assert_eq!(tracked.tracker().snapshot().peak, 4000);
}

#[test]
fn a_scope_owns_its_blocks() {
    let mut bump = BumpAllocator::new(64);
    let scope = bump.scope();
    let memory = Fallback::new(&scope, SystemAllocator);
    let layout = Layout::new::<u64>();
    let first = memory.allocate(layout).unwrap();
    assert!((&scope).owns(first.cast(), layout));
    let second = SystemAllocator.allocate(layout).unwrap();
    assert!(!(&scope).owns(second.cast(), layout));
    // SAFETY: allocated above with this layout.
    unsafe { SystemAllocator.deallocate(second.cast(), layout) };
    // SAFETY: as above.
    unsafe { memory.deallocate(first.cast(), layout) };
    assert_eq!(scope.available(), 64);
}

/// What a pool cannot serve, because it has no block left or none as large, is the heap's.
#[test]
fn a_pool_falls_back_on_the_heap() {
    let block = Layout::new::<[u64; 4]>();
    let mut options = PoolOptions::new(2);
    options.max_blocks = Some(2);
    let pool = PoolAllocator::try_new(block, &options).unwrap();
    let heap = Tracked::<_, Counters>::new(SystemAllocator);
    let memory = Fallback::new(&pool, &heap);
    let blocks = [(); 3].map(|()| memory.allocate(block).unwrap());
    assert_eq!((pool.blocks_in_use(), heap.tracker().snapshot().live()), (2, 1));
    let larger = Layout::new::<[u64; 5]>();
    // SAFETY: allocated above with this layout; larger.
    let moved = unsafe { memory.grow(blocks[0].cast(), block, larger) }.unwrap();
    assert_eq!((pool.blocks_in_use(), heap.tracker().snapshot().live()), (1, 2));
    for (block, layout) in [(moved, larger), (blocks[1], block), (blocks[2], block)] {
        // SAFETY: allocated above with this layout.
        unsafe { memory.deallocate(block.cast(), layout) };
    }
    assert_eq!((pool.blocks_in_use(), heap.tracker().snapshot().in_use), (0, 0));
    assert!(pool.first_error().is_none());
}

#[test]
fn independent_allocators_are_second_parts() {
    fn check(primary: impl Owns, secondary: impl Independent) {
        let memory = Fallback::new(primary, secondary);
        let layout = Layout::new::<[u64; 3]>();
        let blocks = [(); 6].map(|()| memory.allocate(layout).unwrap());
        for block in blocks {
            // SAFETY: allocated above with this layout.
            unsafe { memory.deallocate(block.cast(), layout) };
        }
    }
    let (mut stack, mut bump, mut arena) = (StackAllocator::new(100), BumpAllocator::new(300), Arena::new());
    let pool = PoolAllocator::for_type::<[u64; 3]>(2);
    let shared = BumpAllocator::new_shared(300);
    check(&stack, &bump);
    check(&stack, &shared);
    check(&shared, &pool);
    check(&pool, &arena);
    check(&stack.frame(), &bump.scope());
    check(&bump.scope(), &stack.frame());
    check(&stack, &arena.scope());
    check(&bump, Poisoned::new(SystemAllocator));
    let budget = Budget::new(1000);
    let small = Segregated::<_, _, 8>::new(&pool, &bump);
    check(&stack, Budgeted::new(<Tracked<_>>::new(Fallback::new(small, SystemAllocator)), &budget));
    assert!(pool.blocks_in_use() == 0 && budget.used() == 0);
}

/// The first byte after a bump allocator is not its own, the last one is.
#[test]
fn ownership_ends_where_the_memory_ends() {
    let mut buffer = [std::mem::MaybeUninit::uninit(); 96];
    let start = NonNull::from(&mut buffer).cast::<u8>();
    let layout = Layout::new::<u8>();
    let (_, rest) = buffer.split_at_mut(32);
    let bump: BumpAllocator<_> = BumpAllocator::from_buffer(&mut rest[..32]);
    let owned = |at| (&bump).owns(NonNull::new(start.as_ptr().wrapping_add(at)).unwrap(), layout);
    assert_eq!([31, 32, 63, 64].map(owned), [false, true, true, false]);
}

/// The same allocator on both sides: blocks go around the tracker one way and through it the other.
#[test]
fn a_tracker_that_is_gone_around_counts_no_less_than_nothing() {
    let bump = BumpAllocator::new(1000);
    let tracked: Tracked<_> = Tracked::new(&bump);
    let budget = Budget::new(8);
    let budgeted = Budgeted::new(&tracked, &budget);
    let memory = Fallback::new(&budgeted, &bump);
    let layout = Layout::new::<[u8; 100]>();
    let block = memory.allocate(layout).unwrap();
    assert_eq!((bump.used(), budget.used()), (100, 0));
    // SAFETY: allocated above with this layout.
    unsafe { memory.deallocate(block.cast(), layout) };
    assert_eq!((bump.used(), budget.used()), (0, 0));
    let counted = tracked.tracker().snapshot();
    assert_eq!((counted.in_use, counted.peak, counted.live()), (0, 0, 0));
}

#[test]
fn memory_usage_is_that_of_the_parts() {
    let (one, two) = (BumpAllocator::new(100), BumpAllocator::new(1000));
    one.alloc([0_u8; 30]);
    let budget = Budget::new(500);
    let memory = Budgeted::new(Fallback::new(&one, &two), &budget);
    assert_eq!((memory.used(), memory.capacity(), memory.available()), (30, 1100, Some(500)));
    let _reserved = budget.reserve(480).unwrap();
    assert_eq!(memory.available(), Some(20));
    assert_eq!(Segregated::<_, _, 64>::new(&one, &two).available(), Some(1070));
    assert_eq!(<Tracked<_>>::new(&one).available(), Some(70));
    assert_eq!(MemoryUsage::capacity(&budget), 500);
}

#[test]
fn an_own_tracker_is_told() {
    #[derive(Default)]
    struct Log(RefCell<Vec<(char, usize)>>);

    // SAFETY: does not unwind but for want of memory, and then aborts.
    unsafe impl Track for Log {
        fn allocated(&self, size: usize) {
            self.0.borrow_mut().push(('+', size));
        }

        fn deallocated(&self, size: usize) {
            self.0.borrow_mut().push(('-', size));
        }

        fn resized(&self, old: usize, new: usize) {
            self.0.borrow_mut().extend([('o', old), ('n', new)]);
        }

        fn refused(&self, layout: Layout) {
            self.0.borrow_mut().push(('!', layout.size()));
        }
    }

    let log = std::rc::Rc::new(Log::default());
    let bump = BumpAllocator::new(20);
    let memory = Tracked::with_tracker(&bump, std::rc::Rc::clone(&log));
    let (small, large) = (Layout::new::<[u8; 5]>(), Layout::new::<[u8; 15]>());
    let block = memory.allocate(small).unwrap();
    assert!(memory.allocate_zeroed(Layout::new::<[u8; 16]>()).is_err());
    // SAFETY: allocated above; larger.
    let block = unsafe { memory.grow_zeroed(block.cast(), small, large) }.unwrap();
    // SAFETY: as above; smaller.
    let block = unsafe { memory.shrink(block.cast(), large, small) }.unwrap();
    // SAFETY: as above.
    unsafe { memory.deallocate(block.cast(), small) };
    let told = [('+', 5), ('!', 16), ('o', 5), ('n', 15), ('o', 15), ('n', 5), ('-', 5)];
    assert_eq!(*log.0.borrow(), told);
}

#[test]
fn arenas_stand_on_compositions() {
    let budget = Budget::new(5000);
    let bump = BumpAllocator::new(2000);
    let tracked: Tracked<_> = Tracked::new(Budgeted::new(Fallback::new(&bump, SystemAllocator), &budget));
    let arena = Arena::<_, 1>::new_in(&tracked);
    while arena.try_alloc([1_u8; 100]).is_ok() {}
    assert!(budget.used() <= 5000 && budget.used() > 1000, "{budget:?}");
    assert!(tracked.tracker().snapshot().refused > 0);
    drop(arena);
    let counted = tracked.tracker().snapshot();
    assert_eq!((budget.used(), counted.in_use, counted.peak), (0, 0, budget.peak()));
}

#[cfg(feature = "allocator-api2")]
mod collections {
    use std::collections::HashMap;

    use super::*;
    use allocator_api2::vec::Vec as VecIn;
    use hashbrown::{DefaultHashBuilder, HashMap as MapIn};
    use nebula_memory::Local;

    proptest! {
        #![proptest_config(cases(96))]

        /// Tracked, tracked, budgeted, segregated, fallback, tracked: over blocks that run out one after the other.
        #[test]
        fn five_deep(
            steps in prop::collection::vec((any::<u8>(), any::<Option<u32>>()), 0..if cfg!(miri) { 50 } else { 400 }),
            capacity in 0..3000_usize,
        ) {
            let (one, two) = (BumpAllocator::new(capacity), BumpAllocator::<_, 8>::new_in(700, SystemAllocator));
            let heap = Strict::default();
            let all = Budget::new_shared(1 << 20);
            let part = all.child(1 << 19);
            let counters = Counters::<Shared>::new();
            {
                let arena = Arena::<_, 16>::new_in(&heap);
                let small = fallback(fallback(Tracked::with_tracker(&one, &counters), &two), &heap);
                let sorted = Segregated::<_, _, 256>::new(small, &arena);
                let memory = Tracked::with_tracker(Budgeted::new(sorted, &part), Counters::<Local>::new());
                let memory = Tracked::with_tracker(memory, &counters);
                let mut map = MapIn::with_hasher_in(DefaultHashBuilder::default(), &memory);
                let mut list = VecIn::new_in(&memory);
                let mut expected = (HashMap::new(), Vec::new());
                for &(key, value) in &steps {
                    if let Some(value) = value {
                        assert_eq!(map.insert(key, value), expected.0.insert(key, value));
                        list.push(value);
                        expected.1.push(value);
                    } else {
                        assert_eq!(map.remove(&key), expected.0.remove(&key));
                        list.truncate(usize::from(key));
                        expected.1.truncate(usize::from(key));
                        list.shrink_to_fit();
                        map.shrink_to_fit();
                    }
                    assert_eq!(list[..], expected.1[..]);
                }
                assert_eq!(map.len(), expected.0.len());
                assert!(expected.0.iter().all(|(key, value)| map.get(key) == Some(value)));
            }
            prop_assert_eq!((heap.bytes(), part.used(), all.used(), counters.snapshot().in_use), (0, 0, 0, 0));
            prop_assert_eq!(counters.snapshot().live(), 0);
        }
    }

    #[test]
    fn a_vector_moves_from_a_full_block_to_the_heap() {
        let bump = BumpAllocator::new(256);
        let mut numbers = VecIn::new_in(Fallback::new(&bump, SystemAllocator));
        numbers.extend(0..1000_u32);
        assert!(numbers.iter().copied().eq(0..1000));
        assert_eq!(bump.used(), 0);
    }

    #[test]
    fn a_vector_over_its_budget_keeps_what_it_has() {
        let budget = Budget::new(100);
        let mut bytes = VecIn::new_in(Budgeted::new(SystemAllocator, &budget));
        bytes.extend(0..60_u8);
        assert!(bytes.try_reserve_exact(41).is_err());
        assert!(bytes.try_reserve_exact(40).is_ok());
        assert!(bytes.iter().copied().eq(0..60));
        drop(bytes);
        assert_eq!((budget.used(), budget.peak()), (0, 100));
    }

    #[test]
    fn a_callback_that_panics_leaves_a_vector_whole() {
        let budget = Budget::new(1000);
        let notify = |_: nebula_memory::BudgetUsage| panic!("enough");
        let child = budget.child(1000).with_soft_limit(100, &notify);
        let mut bytes = VecIn::new_in(Budgeted::new(SystemAllocator, &child));
        bytes.extend(0..80_u8);
        let before = child.used();
        let grown = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| bytes.reserve(100)));
        assert!(grown.is_err());
        assert_eq!((child.used(), budget.used()), (before, before));
        assert!(bytes.iter().copied().eq(0..80));
        drop(bytes);
        assert_eq!((child.used(), budget.used()), (0, 0));
    }
}
