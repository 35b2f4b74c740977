//! Budgets: limits, children, reservations, and the callback of the soft limit.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use nebula_memory::allocator::Budgeted;
use nebula_memory::{
    AllocErrorCode, Allocator, Budget, BudgetUsage, MIB, MemoryUsage, Reservation, Shared, SystemAllocator,
};
use proptest::prelude::*;
use static_assertions::{assert_impl_all, assert_not_impl_any};
use support::cases;

assert_impl_all!(Budget<'static, Shared>: Send, Sync);
assert_impl_all!(Reservation<'static, Shared>: Send, Sync);
assert_not_impl_any!(Budget<'static>: Sync);
assert_not_impl_any!(Reservation<'static>: Send, Sync);

#[test]
fn a_static_budget_with_children_in_threads() {
    static ALL: Budget<Shared> = Budget::new_shared(MIB).with_allocation_limit(1000);

    std::thread::scope(|threads| {
        for _ in 0..3 {
            threads.spawn(|| {
                let part = ALL.child(10_000);
                let memory = Budgeted::new(SystemAllocator, &part);
                let layout = Layout::new::<[u8; 100]>();
                for _ in 0..20 {
                    let block = memory.allocate(layout).unwrap();
                    assert!(part.used() <= 10_000 && ALL.used() <= 300);
                    // SAFETY: allocated above with this layout.
                    unsafe { memory.deallocate(block.cast(), layout) };
                }
                let error = memory.allocate(Layout::new::<[u8; 1001]>()).unwrap_err();
                assert_eq!((error.code(), error.available()), (AllocErrorCode::BudgetExceeded, Some(1000)));
            });
        }
    });
    assert_eq!(ALL.used(), 0);
    assert!((100..=300).contains(&ALL.peak()));
}

#[test]
fn every_limit_on_the_way_holds() {
    let root = Budget::new(100);
    let (left, right) = (root.child(80), root.child(80));
    let deep = left.child(1000);
    let held = right.reserve(50).unwrap();
    assert_eq!((deep.available(), left.available(), right.available()), (50, 50, 30));

    let error = deep.reserve(60).unwrap_err();
    assert_eq!((error.capacity(), error.available()), (Some(100), Some(50)), "the root's");
    assert_eq!((deep.used(), left.used(), deep.peak(), left.peak()), (0, 0, 0, 0), "nothing has happened");
    drop(held);
    let error = deep.reserve(90).unwrap_err();
    assert_eq!((error.capacity(), error.available()), (Some(80), Some(80)), "that of the one between");
    let all = deep.reserve(80).unwrap();
    assert_eq!((deep.used(), left.used(), right.used(), root.used()), (80, 80, 0, 80));
    drop(all);
    assert_eq!((deep.used(), left.used(), root.used(), root.peak()), (0, 0, 0, 80));
}

#[test]
fn c28_a_dropped_child_gives_back_what_it_held() {
    let root = Budget::new(100);
    {
        let child = root.child(100);
        let grandchild = child.child(100);
        std::mem::forget(child.reserve(30).unwrap());
        std::mem::forget(grandchild.reserve(20).unwrap());
        assert_eq!((root.used(), child.used(), grandchild.used()), (50, 50, 20));
        drop(grandchild);
        assert_eq!((root.used(), child.used()), (30, 30));
    }
    assert_eq!((root.used(), root.peak()), (0, 50));
}

/// The same with blocks: whoever leaks one leaks its bytes until the child is gone.
#[test]
fn c28_a_leaked_block_is_given_back_with_its_child() {
    let root = Budget::new_shared(100);
    let layout = Layout::new::<[u8; 40]>();
    let block = {
        let child = root.child(100);
        let block = Budgeted::new(SystemAllocator, &child).allocate(layout).unwrap();
        assert_eq!(root.used(), 40);
        block
    };
    assert_eq!(root.used(), 0);
    // SAFETY: the heap's, with this layout.
    unsafe { SystemAllocator.deallocate(block.cast(), layout) };
}

#[test]
fn a_reservation_cannot_be_taken_by_others() {
    let budget = Budget::new(100).with_allocation_limit(60);
    let reserved = budget.reserve(70).unwrap();
    let _other = budget.reserve(30).unwrap();
    let memory = Budgeted::new(SystemAllocator, &reserved);
    let layout = Layout::new::<[u8; 30]>();
    let blocks = [(); 2].map(|()| memory.allocate(layout).unwrap());
    assert_eq!((reserved.used(), reserved.bytes(), budget.used()), (60, 70, 100));
    assert_eq!(memory.allocate(layout).unwrap_err().available(), Some(10));
    for block in blocks {
        // SAFETY: allocated above with this layout.
        unsafe { memory.deallocate(block.cast(), layout) };
    }
    assert_eq!((reserved.used(), budget.used()), (0, 100), "still reserved");
    let error = memory.allocate(Layout::new::<[u8; 61]>()).unwrap_err();
    assert_eq!(error.available(), Some(60), "a block is not larger because it is paid for");
    let part = reserved.reserve(50).unwrap();
    assert_eq!((reserved.available(), part.available(), budget.used()), (20, 50, 100));
    drop(part);
    drop(reserved);
    assert_eq!(budget.used(), 30);
}

#[test]
fn a_leaked_reservation_leaks_its_bytes_only() {
    let budget = Budget::new(100);
    std::mem::forget(budget.reserve(60).unwrap());
    assert_eq!((budget.used(), budget.available()), (60, 40));
    drop(budget.reserve(40).unwrap());
    assert_eq!(budget.used(), 60);
}

#[test]
fn sizes_do_not_overflow() {
    let budget = Budget::new(usize::MAX);
    assert_eq!(budget.reserve(usize::MAX).unwrap_err().code(), AllocErrorCode::CapacityOverflow);
    let most = isize::MAX.unsigned_abs();
    let _two = (budget.reserve(most).unwrap(), budget.reserve(most).unwrap());
    assert_eq!(budget.available(), 1);
    assert_eq!(budget.reserve(2).unwrap_err().code(), AllocErrorCode::BudgetExceeded);
    assert_eq!(MemoryUsage::available(&budget), Some(1));
    let nothing = Budget::new(0);
    assert_eq!(nothing.reserve(0).unwrap().bytes(), 0);
    assert!(nothing.reserve(1).is_err());
}

#[test]
fn an_allocator_can_own_its_budget() {
    let memory = Budgeted::new(SystemAllocator, Budget::new_shared(10));
    assert!(memory.allocate(Layout::new::<[u8; 11]>()).is_err());
    let budget = Arc::new(Budget::new_shared(10));
    let memory = Budgeted::new(SystemAllocator, Arc::clone(&budget));
    let layout = Layout::new::<u64>();
    let block = memory.allocate(layout).unwrap();
    assert_eq!(budget.used(), 8);
    // SAFETY: allocated above with this layout.
    unsafe { memory.deallocate(block.cast(), layout) };
    assert_eq!(budget.used(), 0);
}

#[test]
fn the_soft_limit_is_told_of_once_per_crossing() {
    let told = RefCell::new(Vec::new());
    let notify = |now: BudgetUsage| told.borrow_mut().push(now.used);
    let budget = Budget::new(100).with_soft_limit(50, &notify);
    let first = budget.reserve(50).unwrap();
    assert_eq!(*told.borrow(), [] as [usize; 0]);
    let second = budget.reserve(1).unwrap();
    let third = budget.reserve(9).unwrap();
    assert_eq!(*told.borrow(), [51]);
    drop(second);
    let fourth = budget.reserve(5).unwrap();
    assert_eq!(*told.borrow(), [51], "it was above all the time");
    drop((third, fourth));
    let fifth = budget.reserve(50).unwrap();
    assert_eq!(*told.borrow(), [51, 100]);
    assert!(budget.reserve(1).is_err());
    drop((first, fifth));
    let _sixth = budget.reserve(60).unwrap();
    assert_eq!(*told.borrow(), [51, 100, 60]);
}

#[test]
fn soft_limits_of_all_levels_are_told_of() {
    let told = RefCell::new(Vec::new());
    let at_root = |now: BudgetUsage| told.borrow_mut().push(("root", now.used));
    let at_child = |now: BudgetUsage| told.borrow_mut().push(("child", now.used));
    let root = Budget::new(100).with_soft_limit(60, &at_root);
    let other = root.reserve(30).unwrap();
    let child = root.child(90).with_soft_limit(20, &at_child);
    let first = child.reserve(25).unwrap();
    assert_eq!(*told.borrow(), [("child", 25)]);
    let second = child.reserve(10).unwrap();
    assert_eq!(*told.borrow(), [("child", 25), ("root", 65)]);
    drop((first, second));
    assert!(child.reserve(80).is_err(), "the root refuses");
    assert_eq!(told.borrow().len(), 2, "and so nothing was crossed");
    drop(other);
    let _third = child.reserve(70).unwrap();
    assert_eq!(told.borrow()[2..], [("child", 70), ("root", 70)]);
}

#[test]
fn a_callback_may_use_the_budget() {
    static OWN: Budget<Shared> = Budget::new_shared(100).with_soft_limit(50, &free);
    static HELD: Mutex<Option<Reservation<'static, Shared>>> = Mutex::new(None);
    static CALLS: AtomicUsize = AtomicUsize::new(0);

    fn free(now: BudgetUsage) {
        CALLS.fetch_add(1, Ordering::Relaxed);
        assert_eq!(now.used, 60);
        assert!(OWN.reserve(41).is_err());
        drop(HELD.lock().unwrap().take());
        // Below the limit by now, and above it again: while it runs it is not called.
        drop(OWN.reserve(80).unwrap());
    }

    for calls in 1..=2 {
        *HELD.lock().unwrap() = Some(OWN.reserve(40).unwrap());
        let more = OWN.reserve(20).unwrap();
        assert_eq!((CALLS.load(Ordering::Relaxed), OWN.used(), OWN.peak()), (calls, 20, 100));
        drop(more);
    }
}

#[test]
fn a_callback_that_panics_gives_the_charge_back() {
    let calls = Cell::new(0);
    let notify = |_: BudgetUsage| {
        calls.set(calls.get() + 1);
        panic!("too much");
    };
    let root = Budget::new(100).with_soft_limit(50, &notify);
    let child = root.child(100).with_soft_limit(90, &notify);
    let memory = Budgeted::new(SystemAllocator, &child);
    for round in 1..=2 {
        assert!(catch_unwind(AssertUnwindSafe(|| drop(child.reserve(60)))).is_err());
        assert!(catch_unwind(AssertUnwindSafe(|| memory.allocate(Layout::new::<[u8; 95]>()))).is_err());
        assert_eq!((child.used(), root.used(), calls.get()), (0, 0, 2 * round));
    }
    // Of two calls that were due the first has panicked: the other was not, and is not made later.
    drop(child.reserve(10).unwrap());
    assert_eq!(calls.get(), 4);
}

#[test]
fn of_many_threads_one_is_told() {
    let calls = AtomicUsize::new(0);
    let notify = |_: BudgetUsage| {
        calls.fetch_add(1, Ordering::Relaxed);
    };
    let budget = Budget::new_shared(1000).with_soft_limit(500, &notify);
    std::thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| (0..25).for_each(|_| std::mem::forget(budget.reserve(10).unwrap())));
        }
    });
    assert_eq!((calls.load(Ordering::Relaxed), budget.used(), budget.peak()), (1, 1000, 1000));
}

#[derive(Clone, Debug)]
enum Step {
    Reserve(usize, usize),
    GiveBack(usize),
    Leak(usize),
}

proptest! {
    #![proptest_config(cases(256))]

    /// A tree of five budgets against sums over what is held.
    #[test]
    fn trees_agree_with_sums(
        limits in prop::array::uniform5(0..300_usize),
        steps in prop::collection::vec(prop_oneof![
            4 => (0..5_usize, 0..80_usize).prop_map(|(at, bytes)| Step::Reserve(at, bytes)),
            2 => any::<usize>().prop_map(Step::GiveBack),
            1 => any::<usize>().prop_map(Step::Leak),
        ], 0..60),
    ) {
        // 0 ← 1 ← 3 ← 4 and 0 ← 2.
        const PARENTS: [Option<usize>; 5] = [None, Some(0), Some(0), Some(1), Some(3)];
        let chain = |at| std::iter::successors(Some(at), |at: &usize| PARENTS[*at]);
        let root = Budget::new(limits[0]);
        {
            let (one, two) = (root.child(limits[1]), root.child(limits[2]));
            let three = one.child(limits[3]);
            let four = three.child(limits[4]);
            let all = [&root, &one, &two, &three, &four];
            let mut used = [0_usize; 5];
            let mut peaks = [0_usize; 5];
            let mut held = Vec::new();
            for step in &steps {
                match *step {
                    Step::Reserve(at, bytes) => {
                        let fits = chain(at).all(|level| used[level] + bytes <= limits[level]);
                        let reserved = all[at].reserve(bytes);
                        prop_assert_eq!(reserved.is_ok(), fits);
                        if let Ok(reserved) = reserved {
                            held.push((at, reserved));
                            chain(at).for_each(|level| used[level] += bytes);
                        }
                    }
                    Step::GiveBack(index) if !held.is_empty() => {
                        let (at, reserved) = held.swap_remove(index % held.len());
                        chain(at).for_each(|level| used[level] -= reserved.bytes());
                    }
                    Step::Leak(index) if !held.is_empty() => {
                        std::mem::forget(held.swap_remove(index % held.len()));
                    }
                    _ => {}
                }
                for level in 0..5 {
                    peaks[level] = peaks[level].max(used[level]);
                    prop_assert_eq!((all[level].used(), all[level].peak()), (used[level], peaks[level]));
                    let left = chain(level).map(|level| limits[level] - used[level]).min();
                    prop_assert_eq!(Some(all[level].available()), left);
                }
            }
            // Of the root's own, what is leaked stays.
            for (at, reserved) in held {
                if at == 0 {
                    std::mem::forget(reserved);
                }
            }
        }
        let leaked_at_root = root.used();
        prop_assert!(leaked_at_root <= limits[0]);
        let child = root.child(limits[0]);
        prop_assert_eq!(child.reserve(limits[0] - leaked_at_root).is_ok(), true);
    }
}
