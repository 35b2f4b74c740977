//! `ObjectPool`: what it hands out, makes, waits for and destroys, and the books after whatever went wrong.
#![cfg(all(not(loom), feature = "std"))]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use nebula_memory::pool::{DynRecipe, Lease, Make, ObjectPool, PoolError, PoolStats, PooledObject, Priority};
use static_assertions::{assert_impl_all, assert_not_impl_any};

type Plain<T> = ObjectPool<T, Make<fn() -> T>>;

fn texts(max: usize) -> Plain<String> {
    ObjectPool::with_recipe(max, Make(String::new))
}

#[test]
fn behind_a_table_only_those_hooks_are_called_that_a_recipe_has() {
    use nebula_memory::pool::{CreateError, Hooks, ObjectHooks, Recipe};

    /// Counts its calls.
    #[derive(Clone)]
    struct Counting(Hooks, Arc<[AtomicUsize; 3]>);
    impl Recipe<()> for Counting {
        fn create(&self) -> Result<(), CreateError> {
            Ok(())
        }
        fn is_healthy(&self, (): &mut ()) -> bool {
            self.1[0].fetch_add(1, Ordering::Relaxed);
            true
        }
    }
    impl ObjectHooks<()> for Counting {
        fn hooks(&self) -> Hooks {
            self.0
        }
        fn on_acquire(&self, (): &mut ()) {
            self.1[1].fetch_add(1, Ordering::Relaxed);
        }
        fn on_release(&self, (): &mut ()) {
            self.1[2].fetch_add(1, Ordering::Relaxed);
        }
    }

    let called = |hooks, boxed: bool| {
        let recipe = Counting(hooks, Arc::default());
        for _ in 0..3 {
            // A new object is used once, and then used again twice.
            if boxed {
                let pool = ObjectPool::with_recipe(1, DynRecipe::new(recipe.clone()));
                (0..3).for_each(|_| drop(pool.acquire().unwrap()));
            } else {
                let pool = ObjectPool::builder().max(1).recipe(recipe.clone()).build().unwrap();
                (0..3).for_each(|_| drop(pool.acquire().unwrap()));
            }
        }
        recipe.1.each_ref().map(|count| count.load(Ordering::Relaxed))
    };
    assert_eq!(called(Hooks::ALL, true), [6, 9, 9]);
    assert_eq!(called(Hooks::NONE, true), [0, 0, 0]);
    assert_eq!(called(Hooks::IS_HEALTHY, true), [6, 0, 0]);
    assert_eq!(called(Hooks::ON_ACQUIRE.with(Hooks::ON_RELEASE), true), [0, 9, 9]);
    assert_eq!(called(Hooks::NONE, false), [6, 9, 9], "where nothing is saved, nothing is left out");

    let calls = Arc::new(AtomicUsize::new(0));
    let (one, other) = (Arc::clone(&calls), Arc::clone(&calls));
    let pool = ObjectPool::builder()
        .max(1)
        .create(|| ())
        .on_acquire(move |()| _ = one.fetch_add(1, Ordering::Relaxed))
        .on_release(move |()| _ = other.fetch_add(16, Ordering::Relaxed))
        .build_boxed()
        .unwrap();
    drop(pool.acquire().unwrap());
    assert_eq!(calls.load(Ordering::Relaxed), 17);
}

/// Created and adopted are destroyed, detached, idle or held.
#[track_caller]
fn assert_balanced(stats: &PoolStats) {
    let there = stats.destroyed + stats.detached + stats.idle + stats.held;
    assert_eq!(stats.created + stats.adopted, there, "{stats:?}");
}

/// Until so many wait.
fn until_waiting<T, R: nebula_memory::pool::ObjectHooks<T>>(pool: &ObjectPool<T, R>, waiting: usize) {
    while pool.stats().waiting != waiting {
        thread::yield_now();
    }
}

#[test]
fn goes_where_its_objects_may() {
    use std::cell::Cell;
    use std::rc::Rc;
    struct OfThread(#[expect(dead_code, reason = "what keeps it here")] Rc<u8>);
    impl nebula_memory::pool::ObjectHooks<String> for OfThread {}
    impl nebula_memory::pool::Recipe<String> for OfThread {
        fn create(&self) -> Result<String, nebula_memory::pool::CreateError> {
            Err("never".into())
        }
    }
    type Guard<'p, T> = PooledObject<T, &'p Plain<T>>;
    type Owned<T> = PooledObject<T, Arc<Plain<T>>>;
    assert_impl_all!(ObjectPool<String>: Send, Sync);
    assert_impl_all!(Plain<Cell<u8>>: Send, Sync);
    assert_not_impl_any!(Plain<Rc<u8>>: Send, Sync);
    assert_not_impl_any!(Plain<std::sync::MutexGuard<'static, u8>>: Send, Sync);
    assert_impl_all!(Guard<'static, String>: Send, Sync);
    assert_impl_all!(Owned<String>: Send, Sync);
    // To be moved, but not to be shared.
    assert_impl_all!(Guard<'static, Cell<u8>>: Send);
    assert_not_impl_any!(Guard<'static, Cell<u8>>: Sync);
    assert_not_impl_any!(Owned<Cell<u8>>: Sync);
    assert_not_impl_any!(Guard<'static, Rc<u8>>: Send, Sync);
    assert_not_impl_any!(Owned<Rc<u8>>: Send, Sync);
    assert_not_impl_any!(ObjectPool<String, OfThread>: Send, Sync);
    assert_eq!(size_of::<Guard<'static, String>>(), 3 * size_of::<usize>());
    assert_eq!(size_of::<Option<Owned<[u8; 256]>>>(), 3 * size_of::<usize>());
}

#[test]
fn an_object_is_used_again_where_it_is() {
    let pool = texts(4);
    let mut text = pool.acquire().unwrap();
    text.push_str("kept");
    let address = std::ptr::from_ref(&*text).addr();
    drop(text);
    let text = pool.acquire().unwrap();
    assert_eq!((std::ptr::from_ref(&*text).addr(), text.as_str()), (address, "kept"));
    let stats = pool.stats();
    assert_eq!((stats.created, stats.held, stats.idle), (1, 1, 0));
    assert_balanced(&stats);
}

#[test]
fn hooks_are_called_in_order() {
    let log = Arc::new(Mutex::new(Vec::new()));
    let note = |what: &'static str| {
        let log = Arc::clone(&log);
        move |object: &mut u32| log.lock().unwrap().push((what, *object))
    };
    let next = AtomicUsize::new(0);
    let healthy = Arc::new(AtomicBool::new(true));
    let (ended, health) = (Arc::clone(&log), Arc::clone(&healthy));
    let pool = ObjectPool::builder()
        .on_acquire(note("acquire"))
        .on_release(note("release"))
        .on_release(note("release too"))
        .on_create(note("create"))
        .on_destroy(move |object| ended.lock().unwrap().push(("destroy", object)))
        .health_check(move |_| health.load(Ordering::Relaxed))
        .create(move || u32::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap())
        .max(2)
        .build_boxed()
        .unwrap();
    let pool: ObjectPool<u32> = pool;
    drop(pool.acquire().unwrap());
    assert_eq!(
        log.lock().unwrap().split_off(0),
        [("create", 0), ("acquire", 0), ("release", 0), ("release too", 0)]
    );
    healthy.store(false, Ordering::Relaxed);
    let object = pool.acquire().unwrap();
    assert_eq!(*object, 1);
    assert_eq!(log.lock().unwrap().split_off(0), [("destroy", 0), ("create", 1), ("acquire", 1)]);
    assert_eq!(PooledObject::detach(object), 1);
    assert_eq!(log.lock().unwrap().len(), 0);
    let stats = pool.stats();
    assert_eq!((stats.created, stats.destroyed, stats.detached, stats.size), (2, 1, 1, 0));
    drop(pool);
}

#[test]
fn what_is_exhausted_says_so_and_detach_gives_the_capacity_back() {
    let pool = texts(2);
    let first = pool.acquire().unwrap();
    let _second = pool.acquire().unwrap();
    assert!(matches!(pool.try_acquire(), Err(PoolError::Exhausted { capacity: 2 })));
    let error = pool.acquire_timeout(Duration::from_millis(1)).unwrap_err();
    assert!(matches!(error, PoolError::Timeout { capacity: 2 }));
    let error = nebula_memory::MemoryError::from(error);
    assert_eq!(error.code().as_str(), "ALLOC_POOL_TIMEOUT");
    assert!(error.to_string().contains("object pool (2 objects, 0 available)"), "{error}");
    PooledObject::detach(first);
    drop(pool.try_acquire().unwrap());
    let stats = pool.stats();
    assert_eq!((stats.timeouts, stats.waits, stats.created), (1, 1, 3));
    assert_balanced(&stats);
}

#[test]
fn those_who_wait_are_served_in_order_and_by_priority() {
    let pool = Arc::new(texts(1));
    let held = pool.acquire_arc().unwrap();
    let (sender, order) = mpsc::channel();
    let mut threads = Vec::new();
    let asks = [(0, Priority::NORMAL), (1, Priority::LOW), (2, Priority::NORMAL), (3, Priority::HIGH)];
    for (number, (name, priority)) in asks.into_iter().enumerate() {
        let (pool_, sender) = (Arc::clone(&pool), sender.clone());
        threads.push(thread::spawn(move || {
            let object = pool_.acquire_with(priority).unwrap();
            sender.send(name).unwrap();
            drop(object);
        }));
        until_waiting(&*pool, number + 1);
    }
    assert!(matches!(pool.try_acquire(), Err(PoolError::Exhausted { .. })));
    drop(held);
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(order.try_iter().collect::<Vec<_>>(), [3, 0, 2, 1]);
    assert_eq!((pool.stats().created, pool.stats().waits), (1, 4));
}

#[test]
fn a_failed_creation_lets_the_next_one_try() {
    let fail = Arc::new(AtomicBool::new(true));
    let asked = Arc::clone(&fail);
    let pool = ObjectPool::builder()
        .max(1)
        .try_create(move || if asked.load(Ordering::Relaxed) { Err("refused") } else { Ok(7) })
        .build()
        .unwrap();
    let error = pool.acquire().unwrap_err();
    assert_eq!(error.to_string(), "ALLOC_POOL_CREATE: the pool could not make an object (refused)");
    let error = nebula_memory::MemoryError::from(error);
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "refused");
    fail.store(false, Ordering::Relaxed);
    assert_eq!(*pool.acquire().unwrap(), 7);
    let stats = pool.stats();
    assert_eq!((stats.failed, stats.created, stats.size), (1, 1, 1));
    assert_balanced(&stats);
}

#[test]
fn closing_wakes_all_and_destroys_what_comes_back() {
    let drops = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&drops);
    let pool = ObjectPool::builder()
        .max(2)
        .create(|| ())
        .on_destroy(move |()| {
            counter.fetch_add(1, Ordering::Relaxed);
        })
        .build()
        .unwrap();
    let (first, second) = (pool.acquire().unwrap(), pool.acquire().unwrap());
    thread::scope(|threads| {
        let waiting: Vec<_> = (0..3).map(|_| threads.spawn(|| pool.acquire().map(drop))).collect();
        until_waiting(&pool, 3);
        drop(first);
        for thread in waiting {
            thread.join().unwrap().unwrap();
        }
        let waiting = threads.spawn(|| pool.acquire().map(drop));
        drop(pool.acquire());
        let _ = waiting.join().unwrap();
        let third = pool.acquire().unwrap();
        let waiting: Vec<_> = (0..3).map(|_| threads.spawn(|| pool.acquire().map(drop))).collect();
        until_waiting(&pool, 3);
        assert!(pool.close() && !pool.close() && pool.is_closed());
        for thread in waiting {
            assert!(matches!(thread.join().unwrap(), Err(PoolError::Closed)));
        }
        drop(third);
    });
    assert_eq!((drops.load(Ordering::Relaxed), pool.stats().held), (1, 1));
    drop(second);
    assert_eq!((drops.load(Ordering::Relaxed), pool.stats().size), (2, 0));
    assert!(matches!(pool.acquire(), Err(PoolError::Closed)));
    assert!(matches!(pool.try_acquire(), Err(PoolError::Closed)));
    assert!(matches!(pool.reserve(1), Err(PoolError::Closed)));
    assert_eq!(pool.adopt(()), Err(()));
    assert_balanced(&pool.stats());
}

#[test]
fn grows_shrinks_and_is_resized() {
    let pool = ObjectPool::builder().create(String::new).min(2).max(8).build().unwrap();
    assert_eq!((pool.size(), pool.stats().idle, pool.capacity()), (2, 2, 8));
    assert_eq!(pool.reserve(5).unwrap(), 3);
    pool.shrink_to(3);
    assert_eq!((pool.size(), pool.stats().destroyed), (3, 2));
    let held: Vec<_> = (0..3).map(|_| pool.acquire().unwrap()).collect();
    pool.resize(1);
    assert_eq!((pool.size(), pool.capacity()), (3, 1));
    drop(held);
    assert_eq!((pool.size(), pool.stats().idle), (1, 1));
    pool.resize(2);
    let (_first, _second) = (pool.acquire().unwrap(), pool.acquire().unwrap());
    assert!(pool.try_acquire().is_err());
    thread::scope(|threads| {
        let third = threads.spawn(|| pool.acquire().map(drop));
        until_waiting(&pool, 1);
        pool.resize(3);
        third.join().unwrap().unwrap();
    });
    assert_eq!(pool.adopt(String::from("mine")), Err(String::from("mine")));
    pool.resize(4);
    assert_eq!(pool.adopt(String::from("mine")), Ok(()));
    assert_eq!(*pool.acquire().unwrap(), "mine");
    assert_balanced(&pool.stats());
    let error = ObjectPool::builder().create(|| 1).min(3).max(2).build().unwrap_err();
    assert_eq!(error.code().as_str(), "ALLOC_INVALID_OPTIONS");
    assert!(ObjectPool::builder().create(|| 1).max(0).build().is_err());
}

#[test]
fn old_objects_are_not_used_any_more() {
    let made = AtomicUsize::new(0);
    let pool = ObjectPool::builder()
        .create(|| made.fetch_add(1, Ordering::Relaxed))
        .idle_timeout(Duration::from_nanos(1))
        .max_lifetime(Duration::from_secs(1000))
        .min(1)
        .build()
        .unwrap();
    let first = pool.acquire().unwrap();
    assert_eq!(*first, 1, "the first one was idle for too long");
    drop(first);
    let done = pool.maintain().unwrap();
    assert_eq!((done.destroyed, done.created, pool.size()), (1, 1, 1));
    let young = ObjectPool::builder().create(|| ()).max_lifetime(Duration::from_secs(1000)).build().unwrap();
    drop(young.acquire().unwrap());
    assert_eq!(young.maintain().unwrap().destroyed, 0);
    assert_eq!((young.stats().idle, young.stats().created), (1, 1));
}

#[test]
fn a_thread_maintains_the_pool_and_ends_with_it() {
    let sick = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&sick);
    let pool = ObjectPool::builder()
        .create(String::new)
        .health_check(move |_| !asked.load(Ordering::Relaxed))
        .min(2)
        .build()
        .unwrap();
    let pool = Arc::new(pool);
    let maintenance = pool.spawn_maintenance(Duration::from_millis(1));
    sick.store(true, Ordering::Relaxed);
    while pool.stats().destroyed < 4 {
        thread::yield_now();
    }
    sick.store(false, Ordering::Relaxed);
    while pool.stats().idle != 2 {
        thread::yield_now();
    }
    let weak = Arc::downgrade(&pool);
    drop(pool);
    while weak.upgrade().is_some() {
        thread::yield_now();
    }
    drop(maintenance);
}

#[test]
fn leaks_are_told_with_the_line_that_acquired() {
    let told = Arc::new(Mutex::new(Vec::<Lease>::new()));
    let report = Arc::clone(&told);
    let pool = ObjectPool::builder()
        .create(|| [0_u8; 16])
        .track_leaks_with(move |leases| report.lock().unwrap().extend(leases))
        .count_uses()
        .build()
        .unwrap();
    drop(pool.acquire().unwrap());
    assert!(pool.leases().is_empty());
    let (line, lost) = (line!(), pool.acquire().unwrap());
    let kept = pool.acquire_timeout(Duration::from_secs(9)).unwrap();
    let leases = pool.leases();
    assert_eq!(leases.len(), 2);
    assert_eq!((leases[0].location.line(), leases[0].location.file()), (line, file!()));
    assert_eq!(leases[1].location.line(), line + 1);
    assert!(pool.leak_report(Duration::ZERO).unwrap().contains(&format!("{}:{line}:", file!())));
    assert_eq!(pool.leak_report(Duration::from_secs(1000)), None);
    std::mem::forget(lost);
    PooledObject::detach(kept);
    let stats = pool.stats();
    assert_eq!((stats.acquired, stats.created), (Some(3), 2));
    assert!(stats.reuse_percent().unwrap() > 33.0);
    drop(pool);
    let told = told.lock().unwrap();
    assert_eq!((told.len(), told[0].location.line()), (1, line));
}

#[test]
fn an_owned_guard_keeps_the_pool() {
    let drops = Arc::new(());
    let counter = Arc::clone(&drops);
    let pool = Arc::new(ObjectPool::new(2, move || Arc::clone(&counter)));
    let object = pool.acquire_arc().unwrap();
    let other = pool.try_acquire_arc().unwrap();
    assert!(pool.try_acquire_arc().is_err());
    drop(pool);
    drop(other);
    thread::spawn(move || drop(object)).join().unwrap();
    assert_eq!(Arc::strong_count(&drops), 1);
}

#[test]
fn a_call_on_release_is_for_one_object_once() {
    let pool = texts(1);
    let boxed: Box<dyn FnOnce(&mut String)> = Box::new(|text| text.push_str("out"));
    let mut text = pool.acquire().unwrap().on_release(boxed);
    text.push_str("in and ");
    drop(text);
    assert_eq!(*pool.acquire().unwrap(), "in and out");
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        drop(pool.acquire().unwrap().on_release(|_| panic!("no")));
    }));
    assert!(outcome.is_err());
    assert_eq!((pool.stats().destroyed, pool.stats().size), (1, 0));
}

#[test]
fn no_lock_is_held_while_code_of_the_user_runs() {
    static POOL: std::sync::LazyLock<ObjectPool<u8>> = std::sync::LazyLock::new(|| {
        let look = |_: &mut u8| {
            let _ = POOL.stats();
            POOL.shrink_to(100);
            drop(POOL.try_acquire());
        };
        let busy = AtomicBool::new(false);
        ObjectPool::builder()
            .create(|| u8::try_from(POOL.stats().created).unwrap())
            .on_acquire(move |object| {
                if !busy.swap(true, Ordering::Relaxed) {
                    look(object);
                    busy.store(false, Ordering::Relaxed);
                }
            })
            .on_destroy(|_| POOL.resize(5))
            .max(3)
            .build_boxed()
            .unwrap()
    });
    let _: &ObjectPool<u8, DynRecipe<u8>> = &POOL;
    drop((POOL.acquire().unwrap(), POOL.acquire().unwrap()));
    POOL.retain(|_| {
        drop(POOL.acquire());
        false
    });
    POOL.close();
    assert_eq!(POOL.size(), 0);
    assert_balanced(&POOL.stats());
}

/// Whoever has an object may end it: its hook is called, its place is given to who waits, and a panic of the hook loses
/// neither.
#[test]
fn a_holder_may_destroy_what_it_has() {
    let destroyed = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&destroyed);
    let pool = ObjectPool::builder()
        .max(1)
        .create(|| 7_u32)
        .on_destroy(move |number| {
            count.fetch_add(1, Ordering::Relaxed);
            assert_eq!(number, 7, "not as it was made");
        })
        .build()
        .unwrap();
    PooledObject::destroy(pool.acquire().unwrap());
    let mut wrong = pool.acquire().unwrap();
    *wrong = 8;
    assert!(catch_unwind(AssertUnwindSafe(|| PooledObject::destroy(wrong))).is_err());
    let held = pool.acquire().unwrap();
    let waiter = thread::scope(|threads| {
        let waiter = threads.spawn(|| pool.acquire().map(|number| *number));
        while pool.stats().waiting == 0 {
            thread::yield_now();
        }
        PooledObject::destroy(held);
        waiter.join().unwrap()
    });
    assert_eq!(waiter.unwrap(), 7);
    let stats = pool.stats();
    assert_eq!((stats.created, stats.destroyed, stats.idle), (4, 3, 1), "{stats:?}");
    assert_eq!(destroyed.load(Ordering::Relaxed), 3);
}
