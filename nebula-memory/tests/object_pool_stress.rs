//! Threads that come and go, panic in hooks, leak guards, wait, give up, shrink: the books come out even.
//!
//! For a second; for as many as `NEBULA_STRESS_SECONDS` says.
#![cfg(all(not(loom), not(miri), feature = "std"))]

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use nebula_memory::pool::{CreateError, ObjectHooks, ObjectPool, PoolError, PooledObject, Priority, Recipe};
use support::stress::{Random, until};

/// Nobody else has it: whoever gets it finds what the last one has left.
struct Object {
    uses: u64,
    busy: AtomicBool,
}

/// Not the objects' own: one that is leaked leaks nothing.
static DROPPED: AtomicUsize = AtomicUsize::new(0);

impl Object {
    fn work(&mut self) {
        assert!(!self.busy.swap(true, Ordering::Relaxed), "two owners");
        self.uses += 1;
        self.busy.store(false, Ordering::Relaxed);
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

/// Every so often something goes wrong.
struct Unreliable {
    calls: AtomicUsize,
}

/// How a panic of ours is told from one of an assertion.
const EXPECTED: &str = "as expected";

impl Unreliable {
    fn fails(&self, one_in: usize) -> bool {
        self.calls.fetch_add(1, Ordering::Relaxed) % one_in == one_in - 1
    }

    fn panic_sometimes(&self) {
        if self.fails(97) {
            std::panic::panic_any(EXPECTED);
        }
    }
}

impl ObjectHooks<Object> for Unreliable {
    fn on_create(&self, _: &mut Object) {
        self.panic_sometimes();
    }
    fn on_acquire(&self, object: &mut Object) {
        object.work();
        self.panic_sometimes();
    }
    fn on_release(&self, object: &mut Object) {
        object.work();
        self.panic_sometimes();
    }
    fn on_destroy(&self, _: Object) {
        self.panic_sometimes();
    }
}

impl Recipe<Object> for Unreliable {
    fn create(&self) -> Result<Object, CreateError> {
        self.panic_sometimes();
        if self.fails(61) {
            return Err("refused".into());
        }
        Ok(Object { uses: 0, busy: AtomicBool::new(false) })
    }

    fn is_healthy(&self, object: &mut Object) -> bool {
        object.work();
        self.panic_sometimes();
        !self.fails(503)
    }
}

/// A thread's life: some rounds of all there is to do.
fn live(pool: &ObjectPool<Object, Unreliable>, random: &mut Random, leaked: &AtomicUsize) {
    for _ in 0..random.next(100) {
        let asked = match random.next(8) {
            0 => pool.acquire_timeout(Duration::from_micros(random.next(200))),
            1 => pool.acquire_with(Priority::new(u8::try_from(random.next(256)).unwrap())),
            2 => pool.try_acquire(),
            _ => pool.acquire(),
        };
        let mut object = match asked {
            Ok(object) => object,
            Err(PoolError::Timeout { .. } | PoolError::Exhausted { .. } | PoolError::Create(_)) => continue,
            Err(error) => panic!("{error}"),
        };
        object.work();
        match random.next(1000) {
            0..20 => std::panic::panic_any(EXPECTED),
            20..40 => drop(PooledObject::detach(object)),
            // Each leak takes its share of the pool; there has to be something left.
            40 if leaked.fetch_add(1, Ordering::Relaxed) < 8 => std::mem::forget(object),
            50 => drop(object.on_release(Object::work)),
            51 => pool.shrink_to(9),
            52 => pool.retain(|object| {
                object.work();
                object.uses % 7 != 0
            }),
            53 => pool.resize(usize::try_from(12 + random.next(6)).unwrap()),
            54 => drop(pool.maintain()),
            55..100 => thread::yield_now(),
            _ => drop(object),
        }
    }
}

#[test]
fn the_books_come_out_even() {
    // What is expected is not to be printed.
    std::panic::set_hook(Box::new(|panic| {
        if panic.payload().downcast_ref::<&str>() != Some(&EXPECTED) {
            eprintln!("{panic}");
        }
    }));
    let leaked = AtomicUsize::new(0);
    let recipe = Unreliable { calls: AtomicUsize::new(0) };
    let pool = ObjectPool::with_recipe(14, recipe);
    let end = until();
    let panics = AtomicUsize::new(0);
    let mut generation = 0;
    while Instant::now() < end {
        generation += 1;
        thread::scope(|threads| {
            for number in 0..8_u64 {
                let (pool, leaked, panics) = (&pool, &leaked, &panics);
                threads.spawn(move || {
                    let mut random = Random(0x9E37_79B9_7F4A_7C15 ^ (generation * 8 + number));
                    while random.next(8) != 0 {
                        let life = catch_unwind(AssertUnwindSafe(|| live(pool, &mut random, leaked)));
                        if let Err(panic) = life {
                            assert_eq!(panic.downcast_ref::<&str>(), Some(&EXPECTED));
                            panics.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        let leaks = leaked.load(Ordering::Relaxed).min(8);
        let stats = pool.stats();
        assert_eq!((stats.held, stats.waiting), (leaks, 0), "{stats:?}");
        assert_eq!(stats.size, stats.idle + stats.held, "{stats:?}");
        assert_eq!(stats.created, stats.destroyed + stats.detached + stats.idle + leaks, "{stats:?}");
        assert!(stats.is_balanced(), "{stats:?}");
        let gone = DROPPED.load(Ordering::Relaxed);
        assert_eq!(gone, stats.destroyed + stats.detached, "{stats:?}");
    }
    while catch_unwind(AssertUnwindSafe(|| pool.close())).is_err() {}
    let stats = pool.stats();
    assert_eq!((stats.size, stats.idle), (stats.held, 0), "{stats:?}");
    assert_eq!(DROPPED.load(Ordering::Relaxed), stats.destroyed + stats.detached);
    assert!(panics.load(Ordering::Relaxed) > 0 && stats.failed > 0 && stats.waits > 0, "{stats:?}");
    eprintln!("{generation} generations of threads, {panics:?} panics, {stats:?}");
}
