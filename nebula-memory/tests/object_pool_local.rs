//! `LocalObjectPool` and `ThreadLocalPool`: one thread, the same promises.
#![cfg(all(not(loom), feature = "std"))]

mod support;

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::atomic::AtomicPtr;

use nebula_memory::pool::{
    LocalObjectPool, ObjectPool, OfThread, OnPanic, PoolError, PooledObject, ThreadLocalPool,
};
use static_assertions::{assert_impl_all, assert_not_impl_any};
use support::Drops;

assert_impl_all!(LocalObjectPool<String>: Send);
assert_not_impl_any!(LocalObjectPool<String>: Sync);
assert_not_impl_any!(LocalObjectPool<Rc<u8>>: Send, Sync);
assert_not_impl_any!(PooledObject<String, &'static LocalObjectPool<String>>: Send, Sync);
assert_not_impl_any!(PooledObject<String, Rc<LocalObjectPool<String>>>: Send, Sync);
assert_not_impl_any!(PooledObject<String, OfThread<String>>: Send, Sync);
assert_impl_all!(ThreadLocalPool<Rc<u8>>: Send, Sync);

#[test]
fn an_object_is_used_again_where_it_is() {
    let pool = ObjectPool::builder()
        .create(|| String::from("new"))
        .on_release(String::clear)
        .max(2)
        .build_local()
        .unwrap();
    let first = pool.acquire().unwrap();
    let address = support::address(&*first);
    assert_eq!(*first, "new");
    drop(first);
    let again = pool.acquire().unwrap();
    assert_eq!((support::address(&*again), again.as_str()), (address, ""));
    let other = pool.acquire().unwrap();
    assert!(matches!(pool.acquire(), Err(PoolError::Exhausted { capacity: 2 })));
    PooledObject::detach(again);
    drop(pool.acquire().unwrap());
    drop(other);
    assert_eq!((pool.stats().detached, pool.stats().created, pool.size()), (1, 3, 2));
    pool.retain(|text| !text.is_empty());
    assert_eq!((pool.stats().destroyed, pool.stats().idle), (2, 0));
    assert_eq!(pool.reserve(9).unwrap(), 2);
    pool.shrink_to(1);
    assert_eq!((pool.size(), pool.capacity()), (1, 2));
}

#[test]
fn each_object_is_dropped_once_whatever_happens() {
    static LOST: Mutex<Vec<AtomicPtr<()>>> = Mutex::new(Vec::new());
    let drops = Drops::default();
    let armed = Cell::new(false);
    let panics = || assert!(!armed.get(), "armed");
    for policy in [OnPanic::Destroy, OnPanic::Return] {
        let pool = ObjectPool::builder()
            .create(|| {
                panics();
                drops.guard()
            })
            .on_panic(policy)
            .build_local()
            .unwrap();
        let held = [pool.acquire().unwrap(), pool.acquire().unwrap()];
        armed.set(true);
        assert!(catch_unwind(AssertUnwindSafe(|| pool.acquire().map(drop))).is_err());
        armed.set(false);
        assert_eq!((pool.size(), pool.stats().failed), (2, 1));
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let _held = held;
            panic!("half-way");
        }));
        assert!(outcome.is_err());
        assert_eq!(pool.stats().idle, if policy == OnPanic::Return { 2 } else { 0 });
        let outcome = catch_unwind(AssertUnwindSafe(|| pool.retain(|_| panic!("undecided"))));
        assert_eq!(outcome.is_err(), policy == OnPanic::Return);
        // The memory of a leaked object is leaked with it: it stays in reach of tools that look for leaks.
        let lost = pool.acquire().unwrap();
        LOST.lock().unwrap().push(AtomicPtr::new(std::ptr::from_ref(&*lost).cast_mut().cast()));
        std::mem::forget(lost);
    }
    assert_eq!(drops.count(), drops.made() - 2);
}

/// A hook panics, the object at hand is destroyed for it, and that panics as well, in a hook or in a destructor: the first panic
/// arrives.
#[test]
fn a_panic_of_what_destroys_after_one_of_another_hook_is_contained() {
    struct Deadly;
    impl Drop for Deadly {
        fn drop(&mut self) {
            panic!("on top of it");
        }
    }

    for culprit in ["on_create", "acquire", "health", "release"] {
        for in_hook in [true, false] {
            let armed = Cell::new(culprit != "health");
            let hook = |name: &'static str| {
                let armed = &armed;
                move || {
                    if culprit == name && armed.get() {
                        std::panic::panic_any(name);
                    }
                }
            };
            let (on_create, acquire, release) = (hook("on_create"), hook("acquire"), hook("release"));
            let health = hook("health");
            let pool = ObjectPool::builder()
                .create(|| Deadly)
                .on_create(move |_| on_create())
                .on_acquire(move |_| acquire())
                .on_release(move |_| release())
                .health_check(move |_| {
                    health();
                    true
                })
                .on_destroy(move |object| {
                    if in_hook {
                        std::mem::forget(object);
                        panic!("on top of it");
                    }
                })
                .build_local()
                .unwrap();
            if culprit == "health" {
                drop(pool.acquire().unwrap());
                armed.set(true);
            }
            let outcome = catch_unwind(AssertUnwindSafe(|| drop(pool.acquire().unwrap())));
            assert_eq!(outcome.unwrap_err().downcast_ref(), Some(&culprit));
            assert_eq!((pool.size(), pool.stats().destroyed), (0, 1), "{culprit}");
        }
    }
}

#[test]
fn nothing_is_borrowed_while_hooks_run() {
    type Pool = LocalObjectPool<u8, nebula_memory::pool::DynRecipe<u8>>;

    thread_local! {
        static POOL: RefCell<Option<Rc<Pool>>> = const { RefCell::new(None) };
    }
    thread_local!(static DEPTH: Cell<u32> = const { Cell::new(0) });
    fn again() {
        let depth = DEPTH.replace(DEPTH.get() + 1);
        let pool = POOL.with(|pool| pool.borrow().clone());
        if let Some(pool) = pool
            && depth < 2
        {
            drop(pool.acquire());
            pool.shrink_to(3);
            pool.retain(|_| pool.size() < 3);
        }
        DEPTH.set(depth);
    }
    struct Recipe;
    impl nebula_memory::pool::ObjectHooks<u8> for Recipe {
        fn on_acquire(&self, _: &mut u8) {
            again();
        }
        fn on_release(&self, _: &mut u8) {
            again();
        }
        fn on_destroy(&self, _: u8) {
            again();
        }
    }
    impl nebula_memory::pool::Recipe<u8> for Recipe {
        fn create(&self) -> Result<u8, nebula_memory::pool::CreateError> {
            again();
            Ok(0)
        }
    }
    let pool = Rc::new(LocalObjectPool::with_recipe(8, nebula_memory::pool::DynRecipe::new(Recipe)));
    POOL.set(Some(Rc::clone(&pool)));
    let kept = pool.acquire_rc().unwrap();
    drop(pool.acquire().unwrap());
    pool.shrink_to(0);
    drop(kept);
    POOL.set(None);
    assert_eq!(pool.stats().held, 0);
}

#[test]
fn nothing_and_large_alignments_are_objects_too() {
    #[derive(Default)]
    #[repr(align(4096))]
    struct Page(u8);
    let pages = LocalObjectPool::new(2, Page::default);
    let page = pages.acquire().unwrap();
    assert_eq!((support::address(&*page) % 4096, page.0), (0, 0));
    let shared = ObjectPool::new(2, Page::default);
    assert_eq!(support::address(&*shared.acquire().unwrap()) % 4096, 0);
    let nothing = LocalObjectPool::new(2, || ());
    let (_first, second) = (nothing.acquire().unwrap(), nothing.acquire().unwrap());
    assert!(nothing.acquire().is_err());
    drop(second);
    let shared = ObjectPool::new(2, || ());
    let (_first, _second) = (shared.acquire().unwrap(), shared.acquire().unwrap());
    assert!(shared.try_acquire().is_err() && nothing.acquire().is_ok());
}

/// A guard that is dropped after the pool of its thread has ended.
#[test]
fn a_guard_that_outlives_its_threads_pool_drops_its_object() {
    type Guard = PooledObject<Rc<()>, OfThread<Rc<()>>>;

    thread_local! {
        static KEPT: RefCell<Vec<Guard>> = const { RefCell::new(Vec::new()) };
        static HERE: LocalObjectPool<Rc<()>> = const { LocalObjectPool::new(4, Rc::default) };
    }
    static POOL: ThreadLocalPool<Rc<()>> = ThreadLocalPool::new(&HERE);
    // In either order.
    for first in [true, false] {
        std::thread::spawn(move || {
            if first {
                KEPT.with(|_| {});
            }
            let (one, two) = (POOL.acquire().unwrap(), POOL.acquire().unwrap());
            KEPT.with(|kept| kept.borrow_mut().extend([one, two]));
            assert_eq!(POOL.stats().held, 2);
            let out = PooledObject::detach(POOL.acquire().unwrap());
            assert_eq!((Rc::strong_count(&out), POOL.stats().detached), (1, 1));
        })
        .join()
        .unwrap();
    }
}
