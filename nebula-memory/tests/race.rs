//! Threads at work on all that is shared by atomics alone, for `ThreadSanitizer` to watch.
//!
//! A program of its own, without the test harness and without std's threads: neither of them is instrumented as long as
//! std is not, so that each of their hand-overs would be reported. What the sanitizer knows of is `pthread_create` and
//! `pthread_join`. With the argument `planted` it has a race that must be found.
//!
//! What is behind a lock (`SharedArena`) is left to the models of loom: the contended half of std's lock is in std.

#[cfg(all(unix, not(loom), not(miri), feature = "alloc", target_has_atomic = "64"))]
mod scenarios {
    use std::alloc::Layout;
    use std::cell::UnsafeCell;
    use std::ffi::c_void;
    use std::hint::black_box;
    use std::mem::MaybeUninit;
    use std::ptr;
    use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

    use nebula_memory::allocator::bump::Block;
    use nebula_memory::allocator::{Counters, Tracked};
    #[cfg(feature = "std")]
    use nebula_memory::pool::{ObjectPool, PooledObject};
    use nebula_memory::{
        Allocator, Budget, BudgetUsage, BumpAllocator, FixedPool, PoolBox, Shared, SystemAllocator,
    };

    const THREADS: usize = 4;
    const ROUNDS: usize = 5_000;

    /// Runs `work` on some threads at once and waits for them.
    fn threads<F: Fn(usize) + Sync>(work: F) {
        struct Start<'a, F> {
            work: &'a F,
            index: usize,
        }
        extern "C" fn run<F: Fn(usize) + Sync>(start: *mut c_void) -> *mut c_void {
            // SAFETY: the `Start` that `pthread_create` was given; it lives until this thread has been joined.
            let start = unsafe { &*start.cast::<Start<'_, F>>() };
            (start.work)(start.index);
            ptr::null_mut()
        }

        let mut starts: Vec<_> = (0..THREADS).map(|index| Start { work: &work, index }).collect();
        let threads: Vec<_> = starts
            .iter_mut()
            .map(|start| {
                let mut thread = MaybeUninit::uninit();
                let start = ptr::from_mut(start).cast();
                // SAFETY: `run` is given what it expects, and `starts` is kept until the threads are done.
                let failed =
                    unsafe { libc::pthread_create(thread.as_mut_ptr(), ptr::null(), run::<F>, start) };
                assert_eq!(failed, 0, "a thread could not be started");
                // SAFETY: written by `pthread_create`, which succeeded.
                unsafe { thread.assume_init() }
            })
            .collect();
        for thread in threads {
            // SAFETY: started above, joined once.
            assert_eq!(unsafe { libc::pthread_join(thread, ptr::null_mut()) }, 0);
        }
    }

    fn slots_of_a_pool() {
        static POOL: FixedPool<[usize; 4], 3> = FixedPool::new();
        threads(|index| {
            for round in 0..ROUNDS {
                let Ok(mut value) = POOL.alloc_with(|| [index; 4]) else { continue };
                value[3] += round;
                assert_eq!(*value, [index, index, index, index + round]);
            }
        });
        assert_eq!(POOL.available(), 3);
    }

    /// Enough slots for each thread to have some at hand, and too few for nobody to need those of others; threads end, and others
    /// begin where they left off.
    fn slots_at_hand_of_threads() {
        const CAP: usize = 64;
        static POOL: FixedPool<[usize; 4], CAP> = FixedPool::new();
        for _ in 0..3 {
            threads(|index| {
                let mut held = Vec::new();
                for round in 0..ROUNDS {
                    if held.len() < 1 + round % (CAP / THREADS) {
                        let value = POOL.alloc_with(|| [index, round, index ^ round, 0]);
                        held.push(value.expect("the others have their share at most"));
                    } else {
                        let value = held.swap_remove(round % held.len());
                        assert_eq!((value[0], value[0] ^ value[1]), (index, value[2]));
                    }
                }
            });
            assert_eq!(POOL.available(), CAP);
        }
    }

    /// All objects are made before, and there is one for whoever asks, so that nobody comes to the lock; each is written by one thread
    /// after the other.
    #[cfg(feature = "std")]
    fn objects_of_a_pool() {
        const EACH: usize = 3;
        let pool = ObjectPool::new(THREADS * EACH, || [0_usize; 4]);
        let all: Vec<_> = (0..THREADS * EACH).map(|_| pool.acquire().unwrap()).collect();
        drop(all);
        let pool = &pool;
        for _ in 0..3 {
            threads(|index| {
                let mut held: Vec<PooledObject<[usize; 4], _>> = Vec::new();
                for round in 0..ROUNDS {
                    if held.len() < 1 + round % EACH {
                        let mut object = pool.try_acquire().expect("there is one for each");
                        *object = [index, round, index ^ round, object[3] + 1];
                        held.push(object);
                    } else {
                        let object = held.swap_remove(round % held.len());
                        assert_eq!((object[0], object[0] ^ object[1]), (index, object[2]));
                    }
                }
            });
        }
        let stats = pool.stats();
        assert_eq!((stats.created, stats.idle), (THREADS * EACH, THREADS * EACH));
    }

    /// One thread writes, so that nobody waits for a lock; all others read what comes, is replaced and goes.
    #[cfg(all(feature = "cache", feature = "std"))]
    fn values_of_a_cache() {
        use nebula_memory::cache::{Cache, policy::S3Fifo};

        let cache = Cache::builder().capacity(50).policy(S3Fifo).shards(1).build_shared();
        let cache = &cache;
        threads(|index| {
            for round in 0..ROUNDS * 4 {
                let key = round * (index + 1) % 97;
                if index == 0 {
                    cache.insert(key, vec![key, round, key ^ round]);
                } else {
                    cache.read(&key, |value| assert_eq!((value[0], value[0] ^ value[1]), (key, value[2])));
                }
            }
        });
        assert_eq!(cache.len(), 50);
    }

    /// A value goes into a mailbox, and whoever puts the next one there drops it.
    fn boxes_that_change_hands() {
        type Handle = PoolBox<String, &'static FixedPool<String, 40>>;
        static POOL: FixedPool<String, 40> = FixedPool::new();
        static MAILBOX: AtomicPtr<Handle> = AtomicPtr::new(ptr::null_mut());
        let swap = |new: Option<Handle>| {
            let new = new.map_or(ptr::null_mut(), |new| Box::into_raw(Box::new(new)));
            let old = MAILBOX.swap(new, Ordering::AcqRel);
            // SAFETY: made by `into_raw` above, and taken out of the mailbox by this thread alone.
            (!old.is_null()).then(|| unsafe { Box::from_raw(old) })
        };
        threads(|index| {
            for round in 0..ROUNDS {
                let Ok(value) = POOL.alloc_with(|| format!("{index} {round}")) else { continue };
                let old = swap(Some(value));
                assert!(old.is_none_or(|old| old.contains(' ')));
            }
        });
        drop(swap(None));
        assert_eq!(POOL.available(), 40);
    }

    fn blocks_of_a_bump_allocator() {
        let memory = BumpAllocator::<Block<SystemAllocator>, 1, Shared>::new_shared(THREADS * ROUNDS * 24);
        let memory = &memory;
        threads(|index| {
            for round in 0..ROUNDS {
                let value = memory.alloc([index, round]);
                assert_eq!(*value, [index, round]);
                // The last block is given back, and another thread may get the same bytes.
                let block = memory.allocate(Layout::new::<u32>()).unwrap().cast::<u32>();
                // SAFETY: allocated for this type.
                unsafe { block.write(7) };
                // SAFETY: the block from above, once.
                unsafe { memory.deallocate(block.cast(), Layout::new::<u32>()) };
            }
        });
    }

    fn charges_of_a_budget() {
        static CROSSED: AtomicUsize = AtomicUsize::new(0);
        let notify = |_: BudgetUsage| {
            CROSSED.fetch_add(1, Ordering::Relaxed);
        };
        let root = Budget::new_shared(THREADS * 64).with_soft_limit(64, &notify);
        let child = root.child(3 * 64);
        threads(|_| {
            for round in 0..ROUNDS {
                let reserved = child.reserve(1 + round % 64);
                drop(black_box(reserved));
            }
        });
        assert_eq!((child.used(), root.used()), (0, 0));
        assert!(child.peak() <= 3 * 64);
    }

    fn counters_of_an_allocator() {
        let memory = Tracked::with_tracker(SystemAllocator, Counters::<Shared>::new());
        threads(|_| {
            for round in 0..ROUNDS {
                let layout = Layout::from_size_align(1 + round % 64, 1).unwrap();
                let block = memory.allocate(layout).unwrap().cast();
                // SAFETY: allocated above, once.
                unsafe { memory.deallocate(block, layout) };
            }
        });
        let counted = memory.tracker().snapshot();
        assert_eq!((counted.in_use, counted.allocations), (0, THREADS * ROUNDS));
    }

    /// The control: two threads write a plain number, and the sanitizer has to say so.
    fn planted() {
        struct Unguarded(UnsafeCell<usize>);
        // SAFETY: there is none; that is the point of it.
        unsafe impl Sync for Unguarded {}
        let number = Unguarded(UnsafeCell::new(0));
        let number = &number;
        // SAFETY: a race, on purpose, of plain words.
        threads(|index| unsafe { number.0.get().write(index) });
    }

    pub(super) fn run() {
        if std::env::args().any(|argument| argument == "planted") {
            return planted();
        }
        slots_of_a_pool();
        slots_at_hand_of_threads();
        #[cfg(feature = "std")]
        objects_of_a_pool();
        #[cfg(all(feature = "cache", feature = "std"))]
        values_of_a_cache();
        boxes_that_change_hands();
        blocks_of_a_bump_allocator();
        charges_of_a_budget();
        counters_of_an_allocator();
        println!("all that is shared was used by {THREADS} threads");
    }
}

fn main() {
    #[cfg(all(unix, not(loom), not(miri), feature = "alloc", target_has_atomic = "64"))]
    scenarios::run();
}
