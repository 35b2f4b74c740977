//! Threads that take and give back slots of one pool.

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
fn s6_a_head_that_comes_back_is_noticed() {
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

/// As above, and the number of free slots comes back too, over slots in another order: only the tag tells.
#[test]
fn s6_a_head_that_comes_back_over_another_slot_is_noticed() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(|| {
        let watched = Watched::<3>::new();
        let other = {
            let watched = Arc::clone(&watched);
            thread::spawn(move || {
                let visit = || watched.pool.alloc_with(|| 1).ok();
                let [first, second, third] = [visit(), visit(), visit()];
                drop(second);
                drop(third);
                drop(first);
            })
        };
        let mine = watched.pool.alloc_with(|| 1).ok();
        other.join().unwrap();
        drop(mine);
        let all = [(); 3].map(|()| watched.pool.alloc_with(|| 1).ok());
        assert!(all.iter().all(Option::is_some), "a slot is lost");
        for value in all.iter().flatten() {
            watched.touch(value);
        }
        assert_eq!(watched.pool.available(), 0);
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
