//! A program whose global allocator is tracked: counts are exact whatever threads and scopes do, and estimates are near.
#![cfg(all(not(loom), feature = "stats"))]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::RefCell;
use std::hint::black_box;
use std::mem::forget;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use nebula_memory::AllocContext;
use nebula_memory::stats::{
    AllocatorStats, DhatExporter, FoldedExporter, FoldedValue, Kind, StatsExporter, TrackedGlobal,
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
    const DEPTH: usize = 40;
    let names: Vec<&'static str> = (0..DEPTH).map(|level| &*format!("deep {level}").leak()).collect();
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
        let name: &'static str = String::from("a name twice").leak();
        let _scope = AllocContext::enter(name);
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
