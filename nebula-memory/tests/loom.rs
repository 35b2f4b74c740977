//! Every interleaving of a few threads on a shared pool. Run with
//! `RUSTFLAGS="--cfg loom" cargo test -p nebula-memory --release --test loom`.
#![cfg(loom)]

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;
use nebula_memory::{FixedPool, PoolBox, Shared};

type Pool<const CAP: usize> = FixedPool<u32, CAP, 1, Shared>;

/// A pool, and for each slot a cell that loom watches: two owners of one slot, or an owner that does not see what
/// the one before did, are an error of the model.
struct Watched<const CAP: usize> {
    pool: Pool<CAP>,
    cells: [UnsafeCell<u32>; CAP],
}

// SAFETY: the cells are what is to be proven safe by the pool; loom fails if they are raced for.
unsafe impl<const CAP: usize> Sync for Watched<CAP> {}
// SAFETY: owns all it has.
unsafe impl<const CAP: usize> Send for Watched<CAP> {}

impl<const CAP: usize> Watched<CAP> {
    fn new() -> Arc<Self> {
        Arc::new(Self { pool: Pool::new(), cells: std::array::from_fn(|_| UnsafeCell::new(0)) })
    }

    /// Takes a slot, works in it, gives it back; whether there was one.
    fn visit(&self) -> bool {
        let Ok(value) = self.pool.alloc_with(|| 1) else { return false };
        self.touch(&value);
        true
    }

    fn touch(&self, value: &PoolBox<u32, &Pool<CAP>>) {
        let first = std::ptr::from_ref(&self.pool).addr();
        // Which cell goes with which slot does not matter, as long as it is always the same.
        let cell = (std::ptr::from_ref(&**value).addr() - first) / size_of::<u32>() % CAP;
        self.cells[cell].with_mut(|watched| {
            // SAFETY: what loom checks.
            unsafe { *watched += **value }
        });
    }
}

#[test]
fn two_threads_one_slot() {
    loom::model(|| {
        let watched = Watched::<1>::new();
        let other = {
            let watched = Arc::clone(&watched);
            thread::spawn(move || watched.visit())
        };
        let here = watched.visit();
        let there = other.join().unwrap();
        assert!(here || there, "one of them must get the slot");
        assert_eq!(watched.pool.available(), 1);
    });
}

#[test]
fn two_threads_two_slots_twice() {
    loom::model(|| {
        let watched = Watched::<2>::new();
        let other = {
            let watched = Arc::clone(&watched);
            thread::spawn(move || watched.visit() && watched.visit())
        };
        assert!(watched.visit() && watched.visit(), "there is a slot for each");
        assert!(other.join().unwrap());
        assert_eq!(watched.pool.available(), 2);
    });
}

/// The shape of ABA: one thread is about to pop the first slot while another pops two and gives back the first.
#[test]
fn a_head_that_comes_back_is_noticed() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(|| {
        let watched = Watched::<3>::new();
        let other = {
            let watched = Arc::clone(&watched);
            thread::spawn(move || {
                let first = watched.pool.alloc_with(|| 1).unwrap();
                let second = watched.pool.alloc_with(|| 1).unwrap();
                watched.touch(&first);
                drop(first);
                watched.touch(&second);
            })
        };
        let mine = watched.pool.alloc_with(|| 1).unwrap();
        watched.touch(&mine);
        let free = watched.pool.available();
        assert!(free <= 2, "{free}");
        other.join().unwrap();
        drop(mine);
        assert_eq!(watched.pool.available(), 3);
    });
}

#[test]
fn a_box_is_given_back_by_another_thread() {
    loom::model(|| {
        let watched = Watched::<1>::new();
        // Loom's threads want 'static; the pool is kept alive by the `Arc`s and joined before it goes.
        let pool: &'static Pool<1> = Box::leak(Box::new(Pool::new()));
        let value = pool.alloc_with(|| 5).unwrap();
        let other = thread::spawn(move || drop(value));
        let got = pool.alloc_with(|| 6).is_ok();
        other.join().unwrap();
        assert_eq!(pool.available(), 1);
        let _ = (got, watched);
    });
}

type Block = nebula_memory::allocator::bump::Block<nebula_memory::SystemAllocator>;

/// Two threads cut blocks from one bump allocator, write to them, and give the last one back: no byte has two owners,
/// and whoever gets a block that was given back sees that its last owner is done.
#[test]
fn a_shared_bump_allocator_cuts_each_block_once() {
    use nebula_memory::{Allocator, BumpAllocator};
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

/// Two threads take their parts of one arena and give them back: never the same part at once.
#[test]
fn a_shared_arena_gives_each_thread_a_part_of_its_own() {
    use nebula_memory::SharedArena;

    loom::model(|| {
        let arena = Arc::new(SharedArena::new());
        let other = {
            let arena = Arc::clone(&arena);
            thread::spawn(move || {
                let part = arena.local();
                let value = part.alloc(1_u64);
                *value += 1;
                assert_eq!(*value, 2);
            })
        };
        let part = arena.local();
        let value = part.alloc(10_u64);
        *value += 1;
        drop(part);
        let again = arena.local().alloc(20_u64);
        other.join().unwrap();
        assert_eq!((*value, *again), (11, 20));
    });
}

/// Two threads charge children of one budget: the limit holds at every moment, a charge that is refused leaves nothing
/// behind, and in the end all is given back.
#[test]
fn a_shared_budget_is_never_exceeded() {
    use nebula_memory::Budget;

    loom::model(|| {
        // Loom's threads want 'static; leaked, and joined.
        let root: &'static Budget<'static, Shared> = Box::leak(Box::new(Budget::new(10)));
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
            Box::leak(Box::new(Budget::new(10).with_soft_limit(5, notify)));
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
