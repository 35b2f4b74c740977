//! Panics of holders, hooks and destructors: the books of an object pool are right afterwards, and the process goes on.
#![cfg(all(not(loom), feature = "std"))]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use nebula_memory::pool::{Make, ObjectPool, OnPanic, PoolStats};

/// Created and adopted are destroyed, detached, idle or held.
#[track_caller]
fn assert_balanced(stats: &PoolStats) {
    let there = stats.destroyed + stats.detached + stats.idle + stats.held;
    assert_eq!(stats.created + stats.adopted, there, "{stats:?}");
}

/// Whatever panics: the object at hand is destroyed and the place is free again.
#[test]
fn a_panic_in_any_hook_leaves_the_books_right() {
    for culprit in ["create", "on_create", "acquire", "health", "release", "destroy", "drop"] {
        struct Object(Arc<AtomicUsize>, bool);
        impl Drop for Object {
            fn drop(&mut self) {
                self.0.fetch_add(1, Ordering::Relaxed);
                assert!(!self.1, "dropped");
            }
        }

        let armed = Arc::new(AtomicBool::new(false));
        let drops = Arc::new(AtomicUsize::new(0));
        let hook = |name: &'static str| {
            let armed = Arc::clone(&armed);
            move || assert!(!armed.load(Ordering::Relaxed) || culprit != name, "{name}")
        };
        let (create, on_create, acquire) = (hook("create"), hook("on_create"), hook("acquire"));
        let (health, release, destroy) = (hook("health"), hook("release"), hook("destroy"));
        let (counter, deadly) = (Arc::clone(&drops), Arc::clone(&armed));
        let pool = ObjectPool::builder()
            .create(move || {
                create();
                Object(Arc::clone(&counter), false)
            })
            .max(1)
            .on_create(move |_| on_create())
            .on_acquire(move |_| acquire())
            .on_release(move |object: &mut Object| {
                object.1 = culprit == "drop" && deadly.load(Ordering::Relaxed);
                release();
            })
            .health_check(move |_| {
                health();
                true
            })
            .on_destroy(move |object| {
                destroy();
                drop(object);
            })
            .build()
            .unwrap();
        armed.store(true, Ordering::Relaxed);
        for _ in 0..3 {
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                let object = pool.acquire().unwrap();
                drop(object);
                drop(pool.acquire().unwrap());
                pool.shrink_to(0);
            }));
            assert!(outcome.is_err(), "{culprit}");
            assert_balanced(&pool.stats());
        }
        armed.store(false, Ordering::Relaxed);
        drop(pool.try_acquire().unwrap());
        let stats = pool.stats();
        assert_balanced(&stats);
        assert_eq!((stats.size, stats.idle), (1, 1), "{culprit}");
        assert_eq!(drops.load(Ordering::Relaxed), stats.created - 1, "{culprit}");
        drop(pool);
        assert_eq!(drops.load(Ordering::Relaxed), stats.created, "{culprit}");
    }
}

#[test]
fn living_a_panic_of_the_holder_destroys_the_object_unless_told_otherwise() {
    for (policy, left) in [(OnPanic::Destroy, 0), (OnPanic::Return, 1)] {
        let pool = ObjectPool::builder()
            .create(String::new)
            .on_release(|text| text.push('r'))
            .on_panic(policy)
            .build()
            .unwrap();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let _text = pool.acquire().unwrap();
            panic!("half-way");
        }));
        assert!(outcome.is_err());
        assert_eq!((pool.stats().idle, pool.stats().destroyed), (left, 1 - left));
        assert_balanced(&pool.stats());
        if left == 1 {
            assert_eq!(*pool.acquire().unwrap(), "r");
        }
    }
}

/// What is acquired and released while another panic is going on is not tainted by it.
#[test]
fn a_panic_that_was_there_before_taints_nothing() {
    struct Cleanup<'p>(&'p ObjectPool<String, Make<fn() -> String>>);
    impl Drop for Cleanup<'_> {
        fn drop(&mut self) {
            self.0.acquire().unwrap().push_str("cleaned up");
        }
    }
    let pool = ObjectPool::with_recipe(1, Make(String::new as fn() -> String));
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let _cleanup = Cleanup(&pool);
        panic!("somewhere");
    }));
    assert!(outcome.is_err());
    assert_eq!(*pool.acquire().unwrap(), "cleaned up");
    assert_eq!(pool.stats().destroyed, 0);
}

/// A second panic, in a hook, while the first one unwinds: neither ends the process.
#[test]
fn a_panic_in_a_hook_after_a_panic_is_contained() {
    let pool = ObjectPool::builder().create(|| 1_u8).on_destroy(|_| panic!("on top of it")).build().unwrap();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let _object = pool.acquire().unwrap();
        panic!("half-way");
    }));
    assert_eq!(*outcome.unwrap_err().downcast_ref::<&str>().unwrap(), "half-way");
    assert_eq!((pool.stats().size, pool.stats().destroyed), (0, 1));
}

/// A hook panics, the object at hand is destroyed for it, and that panics as well: the first panic arrives.
#[test]
fn a_panic_of_what_destroys_after_one_of_another_hook_is_contained() {
    for culprit in ["on_create", "acquire", "health", "release"] {
        let armed = Arc::new(AtomicBool::new(false));
        let hook = |name: &'static str| {
            let armed = Arc::clone(&armed);
            move || {
                if culprit == name && armed.load(Ordering::Relaxed) {
                    std::panic::panic_any(name);
                }
            }
        };
        let (on_create, acquire, release) = (hook("on_create"), hook("acquire"), hook("release"));
        let health = hook("health");
        let pool = ObjectPool::builder()
            .create(|| 1_u8)
            .max(1)
            .on_create(move |_| on_create())
            .on_acquire(move |_| acquire())
            .on_release(move |_| release())
            .health_check(move |_| {
                health();
                true
            })
            .on_destroy(|_| panic!("on top of it"))
            .build()
            .unwrap();
        if culprit == "health" {
            drop(pool.acquire().unwrap());
        }
        armed.store(true, Ordering::Relaxed);
        let outcome = catch_unwind(AssertUnwindSafe(|| drop(pool.acquire().unwrap())));
        assert_eq!(outcome.unwrap_err().downcast_ref(), Some(&culprit));
        let stats = pool.stats();
        assert_balanced(&stats);
        assert_eq!((stats.size, stats.created, stats.destroyed), (0, 1, 1), "{culprit}");
    }
}

/// What somebody panics with is dropped too, and panics in turn: in the middle of the holder's panic.
#[test]
fn a_panic_with_what_panics_when_dropped_is_contained() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("once more");
        }
    }

    let pool = ObjectPool::builder()
        .create(String::new)
        .max(1)
        .on_panic(OnPanic::Return)
        .on_release(|_| std::panic::panic_any(Bomb))
        .build()
        .unwrap();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _held = pool.acquire().unwrap();
        panic!("the holder");
    }));
    assert_eq!(panicked.unwrap_err().downcast_ref(), Some(&"the holder"));
    assert_balanced(&pool.stats());
    assert_eq!(pool.size(), 0);
}
