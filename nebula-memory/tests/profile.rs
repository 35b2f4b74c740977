//! A program whose global allocator is tracked: counts are exact whatever threads and scopes do, and estimates are near.
#![cfg(all(not(loom), feature = "stats"))]
#![expect(clippy::cast_precision_loss, reason = "estimates")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::RefCell;
use std::hint::black_box;
use std::mem::forget;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use nebula_memory::AllocContext;
use nebula_memory::stats::{
    AllocatorStats, DhatExporter, FoldedExporter, FoldedValue, Kind, StackProfile, StatsCollector,
    StatsExporter, TrackedGlobal,
};

#[global_allocator]
static MEMORY: TrackedGlobal<System, 4096> = TrackedGlobal::new();

/// Figures of the whole are every test's: those that look at them run alone.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn scope(name: &str) -> AllocatorStats {
    MEMORY.scope(name).unwrap_or_default()
}

/// A name that is made while the program runs; it stays, and is not lost.
fn name(text: String) -> &'static str {
    static NAMES: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());
    let name = text.leak();
    NAMES.lock().unwrap_or_else(PoisonError::into_inner).push(name);
    name
}

/// A block that the optimiser leaves alone.
fn block(size: usize) -> Vec<u8> {
    black_box(Vec::with_capacity(size))
}

#[test]
fn scopes_are_exact_in_threads_that_come_and_go() {
    const THREADS: usize = if cfg!(miri) { 8 } else { 400 };
    for _ in 0..THREADS / 8 {
        thread::scope(|threads| {
            for _ in 0..8 {
                threads.spawn(|| {
                    let _scope = AllocContext::enter("many threads");
                    let blocks: Vec<_> = (0..10).map(|_| Box::new([0_u8; 100])).collect();
                    black_box(blocks);
                });
            }
        });
    }
    let stats = scope("many threads");
    // Ten boxes and their vector.
    assert_eq!(stats.allocations, 11 * THREADS as u64);
    assert_eq!(stats.bytes, (10 * 100 + 10 * size_of::<usize>() as u64) * THREADS as u64);
}

#[test]
fn a_destructor_of_a_thread_is_counted() {
    struct Late(RefCell<Option<Vec<u8>>>);
    impl Drop for Late {
        fn drop(&mut self) {
            let _scope = AllocContext::enter("late");
            drop(self.0.take());
            drop(block(1000));
        }
    }
    thread_local!(static LATE: Late = const { Late(RefCell::new(None)) });
    for _ in 0..10 {
        thread::spawn(|| LATE.with(|late| *late.0.borrow_mut() = Some(block(10)))).join().unwrap();
    }
    let stats = scope("late");
    assert_eq!((stats.allocations, stats.bytes), (10, 10_000));
}

#[test]
fn the_innermost_scope_counts_however_scopes_are_left() {
    let outer = AllocContext::enter("outer");
    let first = block(1);
    let inner = AllocContext::enter("inner");
    let second = block(20);
    drop(outer);
    // All scopes have been left, in the wrong order.
    let nobody = block(300);
    let again = AllocContext::enter("again");
    drop(inner);
    let third = block(4000);
    forget(AllocContext::enter("leaked"));
    let fourth = block(50_000);
    drop(again);
    assert_eq!(scope("outer").bytes, 1);
    assert_eq!(scope("inner").bytes, 20);
    assert_eq!(scope("again").bytes + scope("leaked").bytes, 54_000);
    assert_eq!(scope("leaked").bytes, 50_000);
    black_box((first, second, nobody, third, fourth));
}

#[test]
fn the_innermost_scope_counts_at_any_depth() {
    const DEPTH: usize = if cfg!(miri) { 12 } else { 40 };
    let names: Vec<&'static str> = (0..DEPTH).map(|level| name(format!("deep {level}"))).collect();
    let mut guards = Vec::with_capacity(DEPTH);
    for &name in &names {
        guards.push(AllocContext::enter(name));
        drop(block(7));
    }
    // What the trail needs itself is in the scope outside.
    let entered: Vec<_> = names.iter().map(|name| scope(name)).collect();
    while let Some(guard) = guards.pop() {
        drop(block(1000));
        drop(guard);
    }
    for (name, before) in names.iter().zip(entered) {
        let after = MEMORY.scope(name).unwrap();
        assert_eq!((after.allocations, after.bytes), (before.allocations + 1, before.bytes + 1000), "{name}");
        assert!(before.allocations >= 1 && before.bytes >= 7);
    }
}

#[test]
fn equal_names_are_one_scope() {
    for _ in 0..3 {
        let _scope = AllocContext::enter(name("a name twice".into()));
        drop(block(5));
        let _within = AllocContext::enter("a name twice");
        drop(block(6));
    }
    assert_eq!((scope("a name twice").allocations, scope("a name twice").bytes), (6, 33));
}

#[test]
fn resizing_counts_what_is_added() {
    let stats = {
        let _scope = AllocContext::enter("resized");
        let mut bytes = block(100);
        bytes.push(1);
        bytes.reserve_exact(999);
        bytes.shrink_to(10);
        black_box(&bytes);
        scope("resized")
    };
    // Looking allocates nothing.
    assert_eq!((stats.allocations, stats.bytes), (1, 1000));
}

#[test]
fn the_whole_is_exact() {
    let _alone = alone();
    thread::spawn(|| {
        let before = MEMORY.stats();
        let held = block(1 << 20);
        let between = MEMORY.stats();
        drop(held);
        let after = MEMORY.stats();
        // Other tests may run beside this one: they only add.
        assert!(between.bytes - before.bytes >= 1 << 20);
        assert!(between.peak >= 1 << 20);
        assert!(after.deallocations > before.deallocations);
    })
    .join()
    .unwrap();
}

#[test]
fn a_snapshot_tells_scopes_and_stacks() {
    let kept: Vec<_> = {
        let _scope = AllocContext::enter("told");
        (0..200).map(|_| block(1000)).collect()
    };
    let snapshot = MEMORY.snapshot();
    let entry = snapshot.allocator("told").unwrap();
    assert_eq!((entry.kind, entry.stats.bytes), (Kind::Scope, 200_000 + 200 * size_of::<Vec<u8>>() as u64));
    assert!(entry.stats.in_use > 100_000);
    let profile = snapshot.profile.as_ref().unwrap();
    assert_eq!(profile.sample_every, 4096);
    let told: Vec<_> = profile.stacks.iter().filter(|stack| stack.trail.contains(&"told".into())).collect();
    assert!(told.iter().map(|stack| stack.bytes).sum::<u64>() > 100_000);
    if cfg!(all(feature = "profile", not(miri))) {
        let functions: Vec<_> =
            told.iter().flat_map(|stack| &stack.frames).map(|frame| &frame.function).collect();
        assert!(
            functions.iter().any(|name| name.contains("a_snapshot_tells_scopes_and_stacks")),
            "{functions:?}"
        );
        assert!(!functions.iter().any(|name| name.contains("stats::profile")), "{functions:?}");
    }
    println!("{}", FoldedExporter::new().by_scope().value(FoldedValue::LiveBytes).export(&snapshot).unwrap());
    println!("{}", DhatExporter::new().export(&snapshot).unwrap());
    drop(kept);
    // Symbols have been looked up: that is counted, and apart.
    assert!(MEMORY.scope("(profile)").is_some_and(|stats| stats.bytes > 0));
}

#[test]
fn a_collector_finds_scopes_as_they_appear() {
    let collector = StatsCollector::new();
    collector.watch_global(&MEMORY);
    assert!(collector.snapshot().allocator("appears").is_none());
    {
        let _scope = AllocContext::enter("appears");
        drop(block(12_345));
    }
    let snapshot = collector.snapshot();
    let entry = snapshot.allocator("appears").unwrap();
    assert_eq!((entry.kind, entry.alive, entry.stats.bytes), (Kind::Scope, true, 12_345));
    assert_eq!(collector.snapshot().allocator("appears").unwrap().id, entry.id);
    // Parts are not added to the whole.
    let whole = snapshot.allocator("global").unwrap();
    assert_eq!((snapshot.global.allocators, snapshot.global.bytes), (1, whole.stats.bytes));
    assert!(snapshot.profile.is_none());
}

#[test]
fn scopes_beyond_the_bound_are_one() {
    const SCOPES: usize = if cfg!(miri) { 70 } else { 1100 };
    const KEPT: usize = if cfg!(miri) { 64 } else { 1024 };
    static COUNTED: TrackedGlobal<System, 0> = TrackedGlobal::new();
    let layout = Layout::from_size_align(10, 1).unwrap();
    for round in 0..2 {
        for number in 0..SCOPES {
            let _scope = AllocContext::enter(name(format!("one of many {number}")));
            // SAFETY: not of size zero.
            let block = unsafe { COUNTED.alloc(layout) };
            // SAFETY: allocated so.
            unsafe { COUNTED.dealloc(block, layout) };
        }
        let other = COUNTED.scope("(other)").unwrap();
        assert_eq!(other.allocations, (SCOPES - KEPT) as u64 * (round + 1));
    }
    assert_eq!(COUNTED.scopes().len(), KEPT + 1);
    assert_eq!(COUNTED.scope("one of many 7").unwrap().bytes, 20);
    assert_eq!((COUNTED.stats().allocations, COUNTED.stats().in_use), (2 * SCOPES as u64, 0));
}

#[test]
fn allocators_do_not_count_for_each_other() {
    let layout = Layout::from_size_align(100, 1).unwrap();
    let use_of = |allocator: &TrackedGlobal<System, 64>| {
        // SAFETY: not of size zero.
        let block = unsafe { allocator.alloc(layout) };
        // SAFETY: allocated so.
        unsafe { allocator.dealloc(block, layout) };
    };
    // One after the other at the same address.
    for _ in 0..3 {
        let one = Box::new(TrackedGlobal::new());
        let two = Box::new(TrackedGlobal::new());
        for _ in 0..5 {
            use_of(&one);
            use_of(&two);
            use_of(&two);
        }
        assert_eq!((one.stats().allocations, one.stats().deallocations, one.stats().in_use), (5, 5, 0));
        assert_eq!((two.stats().allocations, two.stats().bytes, two.stats().peak), (10, 1000, 100));
    }
}

/// Samples of blocks of one size, of which every other one stays.
#[test]
fn estimates_are_near_and_unbiased() {
    const EVERY: usize = 16 << 10;
    const BLOCKS: usize = if cfg!(miri) { 2_000 } else { 200_000 };
    const SIZE: usize = 300;
    static SAMPLED: TrackedGlobal<System, EVERY> = TrackedGlobal::new();
    let layout = Layout::from_size_align(SIZE, 4).unwrap();
    let small = Layout::from_size_align(20, 4).unwrap();
    let mut kept = Vec::new();
    let _scope = AllocContext::enter("estimated");
    for index in 0..BLOCKS {
        // SAFETY: not of size zero.
        let block = unsafe { SAMPLED.alloc(small) };
        // SAFETY: allocated so.
        let block = unsafe { SAMPLED.realloc(block, small, SIZE) };
        if index % 2 == 0 {
            kept.push(block);
        } else {
            // SAFETY: resized so.
            unsafe { SAMPLED.dealloc(block, layout) };
        }
    }
    let profile = SAMPLED.profile();
    assert_eq!(profile.lost, 0);
    let sum = |of: fn(&StackProfile) -> u64| profile.stacks.iter().map(of).sum::<u64>() as f64;
    let scope = SAMPLED.scope("estimated").unwrap();
    assert_eq!((scope.allocations, scope.bytes), (BLOCKS as u64, (BLOCKS * SIZE) as u64));
    // As many blocks are sampled as there are points, nearly, and how many of those there are is a Poisson variable: five
    // standard deviations are left to it once in two million runs, and seeds are not drawn.
    let near = |estimate: f64, exact: usize, samples: f64| {
        let error = (estimate / exact as f64 - 1.0).abs();
        assert!(error < 5.0 / samples.sqrt(), "{estimate} for {exact}, of {samples} samples");
    };
    let samples = (BLOCKS * SIZE / EVERY) as f64;
    near(sum(|stack| stack.bytes), BLOCKS * SIZE, samples);
    near(sum(|stack| stack.live_bytes), BLOCKS / 2 * SIZE, samples / 2.0);
    near(sum(|stack| stack.live_blocks), BLOCKS / 2, samples / 2.0);
    near(sum(|stack| stack.allocations), BLOCKS, samples * 20.0 / SIZE as f64);
    near(scope.in_use as f64, BLOCKS / 2 * SIZE, samples / 2.0);
    assert!(sum(|stack| stack.peak_bytes) >= sum(|stack| stack.live_bytes));
    for block in kept {
        // SAFETY: resized so.
        unsafe { SAMPLED.dealloc(block, layout) };
    }
    assert_eq!(SAMPLED.scope("estimated").unwrap().in_use, 0);
    let profile = SAMPLED.profile();
    assert!(profile.stacks.iter().all(|stack| (stack.live_bytes, stack.live_blocks) == (0, 0)));
}

/// Threads that free what others have allocated, every block being sampled.
#[test]
fn samples_follow_blocks_from_thread_to_thread() {
    const ROUNDS: usize = if cfg!(miri) { 10 } else { 2000 };
    static SAMPLED: TrackedGlobal<System, 64> = TrackedGlobal::new();
    thread::scope(|threads| {
        let (send, receive) = std::sync::mpsc::channel::<(usize, Block)>();
        threads.spawn(move || {
            for (size, block) in receive {
                let layout = Layout::from_size_align(size, 1).unwrap();
                // SAFETY: allocated so, and sent here.
                unsafe { SAMPLED.dealloc(block.0, layout) };
            }
        });
        for seed in 0..2 {
            let send = send.clone();
            threads.spawn(move || {
                let _scope = AllocContext::enter("handed over");
                for round in 0..ROUNDS {
                    let size = 1 + (round * 7 + seed) % 300;
                    let layout = Layout::from_size_align(size, 1).unwrap();
                    // SAFETY: not of size zero.
                    let block = unsafe { SAMPLED.alloc(layout) };
                    send.send((size, Block(block))).unwrap();
                }
            });
        }
    });
    let stats = SAMPLED.stats();
    assert_eq!(
        (stats.allocations, stats.deallocations, stats.in_use),
        (2 * ROUNDS as u64, 2 * ROUNDS as u64, 0)
    );
    assert_eq!(SAMPLED.scope("handed over").unwrap().in_use, 0);
    let profile = SAMPLED.profile();
    assert!(profile.stacks.iter().all(|stack| stack.live_bytes == 0));
    assert!(profile.stacks.iter().any(|stack| stack.most_bytes > 0));
}

/// Names are looked up by code that allocates, here while every block is sampled and other threads go on.
#[test]
fn looking_up_names_does_not_profile_itself() {
    let _scope = AllocContext::enter("while names are looked up");
    thread::scope(|threads| {
        threads.spawn(|| {
            for _ in 0..if cfg!(miri) { 10 } else { 2000 } {
                drop(block(5000));
                thread::yield_now();
            }
        });
        for _ in 0..if cfg!(miri) { 1 } else { 3 } {
            let profile = MEMORY.profile();
            assert!(!profile.stacks.iter().any(|stack| stack.trail.iter().any(|name| name == "(profile)")));
        }
    });
    assert!(MEMORY.scope("(profile)").unwrap().allocations > 0);
}

/// The child has one thread, and of the others what they held when they were copied.
#[cfg(all(target_os = "linux", not(miri)))]
#[test]
fn a_forked_child_goes_on_counting() {
    thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                for _ in 0..20_000 {
                    let _scope = AllocContext::enter("beside the fork");
                    drop(block(6000));
                }
            });
        }
        for _ in 0..20 {
            // SAFETY: the child does nothing but allocate, which glibc allows, and ends.
            let child = unsafe { libc::fork() };
            if child == 0 {
                let before = scope("in the child").bytes;
                let _scope = AllocContext::enter("in the child");
                let good = (0..50).all(|_| block(9000).capacity() == 9000);
                let counted = scope("in the child").bytes - before == 50 * 9000;
                // SAFETY: ends the child without running what belongs to the parent.
                unsafe { libc::_exit(i32::from(!(good && counted))) };
            }
            assert!(child > 0);
            let mut status = 0;
            // SAFETY: a child of ours, and a place for its status.
            assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
            assert_eq!(status, 0);
        }
    });
}

struct Block(*mut u8);
// SAFETY: only its address is used, by one thread.
unsafe impl Send for Block {}

/// Refuses when told to.
struct Stubborn(AtomicBool);

// SAFETY: passed on, or null.
unsafe impl GlobalAlloc for Stubborn {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if self.0.load(Ordering::Relaxed) {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller keeps the contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract.
        unsafe { System.dealloc(block, layout) };
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        if self.0.load(Ordering::Relaxed) {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller keeps the contract.
        unsafe { System.realloc(block, layout, new_size) }
    }
}

#[test]
fn what_is_refused_is_counted_and_changes_nothing() {
    // Every block is sampled.
    static STUBBORN: TrackedGlobal<Stubborn, 1> = TrackedGlobal::over(Stubborn(AtomicBool::new(false)));
    let layout = Layout::from_size_align(1000, 8).unwrap();
    // SAFETY: not of size zero.
    let block = unsafe { STUBBORN.alloc(layout) };
    STUBBORN.allocator().0.store(true, Ordering::Relaxed);
    // SAFETY: not of size zero.
    assert!(unsafe { STUBBORN.alloc(layout) }.is_null());
    // SAFETY: allocated so.
    assert!(unsafe { STUBBORN.realloc(block, layout, 2000) }.is_null());
    let stats = STUBBORN.stats();
    assert_eq!(
        (stats.allocations, stats.refused, stats.resizes, stats.bytes, stats.in_use),
        (1, 2, 0, 1000, 1000)
    );
    assert_eq!(STUBBORN.scope("(none)").unwrap().in_use, 1000);
    STUBBORN.allocator().0.store(false, Ordering::Relaxed);
    // SAFETY: allocated so.
    let block = unsafe { STUBBORN.realloc(block, layout, 2000) };
    let larger = Layout::from_size_align(2000, 8).unwrap();
    assert_eq!(STUBBORN.scope("(none)").unwrap().in_use, 2000);
    // SAFETY: allocated so.
    unsafe { STUBBORN.dealloc(block, larger) };
    let stats = STUBBORN.stats();
    assert_eq!((stats.resizes, stats.bytes, stats.in_use, stats.peak), (1, 2000, 0, 2000));
    let profile = STUBBORN.profile();
    let (live, allocated): (Vec<_>, Vec<_>) =
        profile.stacks.iter().map(|stack| (stack.live_bytes, stack.bytes)).unzip();
    assert_eq!((live.iter().sum::<u64>(), allocated.iter().sum::<u64>()), (0, 2000));
}

#[test]
fn samples_follow_an_allocator_that_is_moved() {
    let layout = Layout::from_size_align(100, 8).unwrap();
    let first = Box::new(TrackedGlobal::<System, 1>::new());
    // SAFETY: not of size zero.
    let block = unsafe { first.alloc(layout) };
    let second = Box::new(*first);
    assert_eq!(second.scope("(none)").unwrap().in_use, 100);
    // SAFETY: allocated above with that layout.
    unsafe { second.dealloc(block, layout) };
    assert_eq!(second.scope("(none)").unwrap().in_use, 0);
}

#[test]
fn a_scope_is_told_once_whatever_it_is_called() {
    let memory = TrackedGlobal::<System, 0>::new();
    let layout = Layout::from_size_align(100, 8).unwrap();
    for name in ["", "(none)", "(other)", "named"] {
        let _scope = AllocContext::enter(name);
        // SAFETY: not of size zero.
        let block = unsafe { memory.alloc(layout) };
        // SAFETY: just allocated.
        unsafe { memory.dealloc(block, layout) };
    }
    let mut scopes = memory.scopes();
    scopes.sort_unstable();
    assert_eq!(scopes, ["(none)", "(other)", "named"]);
    let sum: u64 = scopes.iter().map(|name| memory.scope(name).unwrap().allocations).sum();
    assert_eq!(sum, 4);
}

#[test]
fn a_block_is_live_in_the_scope_that_has_resized_it() {
    let memory = TrackedGlobal::<System, 1>::new();
    let (small, large) =
        (Layout::from_size_align(1000, 8).unwrap(), Layout::from_size_align(1 << 20, 8).unwrap());
    // SAFETY: not of size zero.
    let block = unsafe { memory.alloc(small) };
    let grows = AllocContext::enter("grows");
    // SAFETY: allocated above with that layout.
    let block = unsafe { memory.realloc(block, small, large.size()) };
    drop(grows);
    let live = |name: &str| {
        let profile = memory.profile();
        let scope = profile.scopes.iter().find(|scope| scope.name == name).unwrap();
        (scope.live_blocks, scope.live_bytes)
    };
    assert_eq!((live("(none)"), live("grows").0), ((0, 0), 1));
    assert!(live("grows").1 > 1 << 19);
    // SAFETY: as it was resized.
    unsafe { memory.dealloc(block, large) };
    assert_eq!(live("grows"), (0, 0));
}
