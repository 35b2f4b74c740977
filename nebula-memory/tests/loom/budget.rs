//! Threads that charge one budget, or one set of counters.

use loom::sync::Arc;
use loom::thread;
use nebula_memory::Shared;

/// Two threads charge children of one budget: the limit holds at every moment, a charge that is refused leaves nothing
/// behind, and in the end all is given back.
#[test]
fn a_shared_budget_is_never_exceeded() {
    use nebula_memory::Budget;

    loom::model(|| {
        // Loom's threads want 'static; leaked, and joined.
        let root: &'static Budget<'static, Shared> = Box::leak(Box::new(Budget::new_shared(10)));
        let other = thread::spawn(move || {
            let child = root.child(7);
            let Ok(reserved) = child.reserve(6) else {
                assert_eq!((child.used(), child.available() <= 7), (0, true));
                return false;
            };
            assert!(root.used() <= 10 && child.used() == 6);
            // Leaked: given back by the child.
            std::mem::forget(reserved);
            true
        });
        let here = root.reserve(6);
        assert!(root.used() <= 10);
        let there = other.join().unwrap();
        assert!(here.is_ok() || there, "they refuse each other only if one of them has it");
        drop(here);
        assert_eq!((root.used(), root.peak()), (0, 6));
    });
}

/// Two threads cross the soft limit, together or one after the other: whoever does is told, once.
#[test]
fn a_soft_limit_is_crossed_by_one_thread() {
    use nebula_memory::{Budget, BudgetUsage};
    use std::sync::atomic::{AtomicUsize, Ordering};

    loom::model(|| {
        let calls: &'static AtomicUsize = Box::leak(Box::new(AtomicUsize::new(0)));
        let notify = move |now: BudgetUsage| {
            assert!(now.used > 5);
            calls.fetch_add(1, Ordering::Relaxed);
        };
        let notify = Box::leak(Box::new(notify));
        let budget: &'static Budget<'static, Shared> =
            Box::leak(Box::new(Budget::new_shared(10).with_soft_limit(5, notify)));
        let other = thread::spawn(move || std::mem::forget(budget.reserve(4).unwrap()));
        std::mem::forget(budget.reserve(4).unwrap());
        other.join().unwrap();
        assert_eq!((calls.load(Ordering::Relaxed), budget.used(), budget.peak()), (1, 8, 8));
    });
}

/// Counts of two threads: nothing is lost, and the peak is one that there was.
#[test]
fn shared_counters_count_all() {
    use nebula_memory::allocator::{Counters, Track};

    loom::model(|| {
        let counters = Arc::new(Counters::<Shared>::new());
        let other = {
            let counters = Arc::clone(&counters);
            thread::spawn(move || {
                counters.allocated(3);
                counters.deallocated(3);
            })
        };
        counters.allocated(5);
        counters.resized(5, 4);
        let between = counters.snapshot();
        assert!(between.deallocations <= between.allocations, "{between:?}");
        other.join().unwrap();
        let counted = counters.snapshot();
        assert_eq!((counted.in_use, counted.live(), counted.resizes), (4, 1, 1));
        assert!([5, 7, 8].contains(&counted.peak), "{counted:?}");
    });
}
