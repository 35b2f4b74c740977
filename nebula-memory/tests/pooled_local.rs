//! `#[pooled(threading = local)]` at run time: a pool for each thread, and slots that outlive its end.
#![cfg(all(feature = "macros", feature = "std"))]

use std::cell::{Cell, RefCell};
use std::mem::forget;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::thread;

use nebula_memory::pooled::InPool;
use nebula_memory::{AllocErrorCode, LocalOrHeap, LocalPool, PoolBox, PoolSlot, Pooled};
use static_assertions::{assert_impl_all, assert_not_impl_any};

#[derive(Pooled, Debug)]
#[pooled(capacity = 2, threading = local)]
struct Item {
    id: u32,
    shared: Option<Rc<u32>>,
}

type ItemBox = PoolBox<Item, LocalPool<Item>>;

#[derive(Pooled)]
#[pooled(capacity = 2, threading = local)]
struct Plain {
    id: u32,
}

assert_not_impl_any!(PoolBox<Plain, LocalPool<Plain>>: Send);
assert_not_impl_any!(PlainBuilder<InPool<LocalPool<Plain>>>: Send);
assert_not_impl_any!(LocalPool<Plain>: Send, Sync, Clone);
assert_impl_all!(<Plain as Pooled>::Pool: Send, Sync);

fn item(id: u32) -> ItemBox {
    Item::acquire().unwrap().id(id).finish()
}

#[test]
fn each_thread_has_a_pool_of_its_own() {
    assert_eq!((Item::CAPACITY, Item::SLOT_SIZE), (2, size_of::<Item>()));
    const { assert!(Item::POOL_BYTES >= 2 * Item::SLOT_SIZE) };
    assert_eq!((Item::pool().capacity(), Item::pool().available(), Item::pool().in_use()), (2, 2, 0));
    let kept = [item(1), item(2)];
    assert_eq!(Item::acquire().unwrap_err().code(), AllocErrorCode::PoolExhausted);
    thread::scope(|scope| {
        for id in 0..4 {
            scope.spawn(move || {
                assert_eq!(Item::pool().in_use(), 0);
                let shared = Rc::new(id);
                let mine = Item::acquire().unwrap().id(id).shared(shared.clone()).finish();
                let other = item(id + 10);
                assert!(Item::acquire().is_err());
                assert_eq!((mine.id, other.id, Rc::strong_count(&shared)), (id, id + 10, 2));
                drop(mine);
                assert_eq!((Item::pool().available(), Rc::strong_count(&shared)), (1, 1));
            });
        }
    });
    assert_eq!((Item::pool().in_use(), kept[1].id), (2, 2));
    drop(kept);
    assert_eq!(format!("{:?}", Item::pool()), "PerThread { capacity: 2, in_use: 0 }");
}

#[test]
fn slots_are_used_again_and_half_built_values_give_theirs_back() {
    thread::spawn(|| {
        for id in 0..10 {
            let first = item(id);
            drop(Item::acquire().unwrap().shared(Rc::new(1)));
            let (slot, value) = PoolBox::take(first);
            assert_eq!((value.id, Item::pool().in_use()), (id, 1));
            let moved = PoolBox::into_inner(slot.write(value));
            assert_eq!((moved.id, Item::pool().in_use()), (id, 0));
        }
        let pool = LocalPool::<Item>::current().unwrap();
        let slot = PoolSlot::acquire(pool).unwrap();
        let value = Item::build_in(LocalPool::current().unwrap()).unwrap().id(7).finish();
        assert_eq!((value.id, Item::pool().available()), (7, 0));
        drop(slot);
        assert_eq!(Item::pool().available(), 1);
    })
    .join()
    .unwrap();
}

static DROPPED: AtomicUsize = AtomicUsize::new(0);

#[derive(Debug)]
struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

#[derive(Pooled)]
#[pooled(capacity = 4, threading = local)]
struct Guarded {
    guard: Guard,
    more: Option<Guard>,
}

thread_local! {
    static BEFORE: RefCell<Vec<PoolBox<Guarded, LocalPool<Guarded>>>> = const { RefCell::new(Vec::new()) };
    static AFTER: RefCell<Vec<PoolBox<Guarded, LocalPool<Guarded>>>> = const { RefCell::new(Vec::new()) };
}

/// One of the two variables ends before the pool's, and one after it, in whichever order the platform ends them.
#[test]
fn boxes_in_thread_local_variables_are_dropped_with_them() {
    thread::spawn(|| {
        BEFORE.with_borrow_mut(|boxes| boxes.push(Guarded::acquire().unwrap().guard(Guard).finish()));
        AFTER.with_borrow_mut(|boxes| {
            boxes.push(Guarded::acquire().unwrap().guard(Guard).more(Guard).finish());
        });
        assert_eq!(Guarded::pool().in_use(), 2);
    })
    .join()
    .unwrap();
    assert_eq!(DROPPED.load(Ordering::Relaxed), 3);
}

/// What a thread leaks others may refer to when it has ended.
#[test]
fn a_leaked_box_keeps_its_memory() {
    #[derive(Pooled)]
    #[pooled(capacity = 2, threading = local)]
    struct Leaked {
        text: String,
    }
    // Reachable, so that Miri does not tell of a leak.
    static BOXES: [AtomicPtr<PoolBox<Leaked, LocalPool<Leaked>>>; 3] =
        [const { AtomicPtr::new(std::ptr::null_mut()) }; 3];
    static VALUES: Mutex<Vec<&'static Leaked>> = Mutex::new(Vec::new());
    for (id, kept) in BOXES.iter().enumerate() {
        let texts = thread::spawn(move || {
            let value = Leaked::acquire().unwrap().text(format!("text {id}")).finish();
            let value = Box::into_raw(Box::new(value));
            kept.store(value, Ordering::Relaxed);
            // SAFETY: never freed, nor written.
            VALUES.lock().unwrap().push(unsafe { &*value });
            drop(Leaked::acquire().unwrap().text("other".into()).finish());
        });
        texts.join().unwrap();
    }
    let texts: Vec<_> = VALUES.lock().unwrap().iter().map(|leaked| leaked.text.as_str()).collect();
    assert_eq!(texts, ["text 0", "text 1", "text 2"]);
}

thread_local!(static LAST: RefCell<Option<Last>> = const { RefCell::new(None) });

struct Last(Option<AllocErrorCode>);

static LATE: AtomicUsize = AtomicUsize::new(0);

impl Drop for Last {
    fn drop(&mut self) {
        match Plain::acquire() {
            // The variable of the pool ends later.
            Ok(builder) => assert_eq!(builder.id(1).finish().id, 1),
            Err(error) => {
                self.0 = Some(error.code());
                assert_eq!(self.0, Some(AllocErrorCode::PoolClosed));
            }
        }
        assert_eq!(Plain::pool().in_use(), 0);
        LATE.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn a_thread_that_ends_gets_an_error_and_no_more() {
    for first in [true, false] {
        thread::spawn(move || {
            if first {
                LAST.set(Some(Last(None)));
            }
            let value = Plain::acquire().unwrap().id(3).finish();
            if !first {
                LAST.set(Some(Last(None)));
            }
            assert_eq!(value.id, 3);
        })
        .join()
        .unwrap();
    }
    assert_eq!(LATE.load(Ordering::Relaxed), 2);
}

thread_local!(static HOOKS: Cell<i32> = const { Cell::new(0) });

#[derive(Pooled, Debug)]
#[pooled(capacity = 1, threading = local, on_exhausted = heap, align = 4096)]
#[pooled(on_acquire = |_| HOOKS.set(HOOKS.get() + 1), on_release = Self::released)]
struct Hooked {
    id: u64,
    panics: bool,
}

impl Hooked {
    fn released(&mut self) {
        HOOKS.set(HOOKS.get() - 1);
        assert!(!self.panics, "hook");
    }
}

#[test]
fn hooks_and_the_heap_go_with_it() {
    let make = |id, panics| -> PoolBox<Hooked, LocalOrHeap<Hooked>> {
        Hooked::acquire().unwrap().id(id).panics(panics).finish()
    };
    let all = [make(1, false), make(2, false), make(3, false)];
    assert_eq!((HOOKS.get(), Hooked::pool().available()), (3, 0));
    assert!(all.iter().all(|value| (&raw const **value).addr() % 4096 == 0));
    let [pooled, heap, other] = all;
    drop((heap, pooled));
    assert_eq!((HOOKS.get(), Hooked::pool().available()), (1, 1));
    for _ in 0..2 {
        let value = make(4, true);
        assert!(catch_unwind(AssertUnwindSafe(|| drop(value))).is_err());
        let (in_pool, on_heap) = (make(5, false), make(6, true));
        assert!(catch_unwind(AssertUnwindSafe(|| PoolBox::into_inner(on_heap))).is_err());
        assert_eq!((HOOKS.get(), Hooked::pool().in_use(), in_pool.id), (2, 1, 5));
    }
    drop(other);
    assert_eq!(HOOKS.get(), 0);
    let through: PoolBox<_, _> =
        Hooked::build_in(LocalPool::current().unwrap()).unwrap().id(7).panics(false).finish();
    assert_eq!((HOOKS.get(), through.id), (1, 7));
}

#[test]
fn values_without_size_are_told_apart() {
    #[derive(Pooled)]
    #[pooled(capacity = 3, threading = local, on_exhausted = heap)]
    struct Token;
    let tokens: Vec<_> = (0..5).map(|_| Token::acquire().unwrap().finish()).collect();
    let mut places: Vec<_> = tokens.iter().map(|token| (&raw const **token).addr()).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!((places.len(), Token::pool().available()), (5, 0));
    drop(tokens);
    assert_eq!(Token::pool().available(), 3);
}

#[test]
fn a_pool_larger_than_the_stack_of_its_thread() {
    /// More than the thread's stack.
    const BYTES: usize = if cfg!(miri) { 64 } else { 64 * 1024 };
    #[derive(Pooled)]
    #[pooled(capacity = 8, threading = local, max_bytes = 1 MiB)]
    struct Large {
        bytes: [u8; BYTES],
    }
    let build = || {
        let build = |byte| Large::acquire().unwrap().bytes_with(|bytes| bytes.fill_with(|_| byte)).finish();
        let all: Vec<_> = (0..8).map(build).collect();
        all.iter().all(|large| large.bytes[1] == large.bytes[BYTES - 1])
    };
    assert!(thread::Builder::new().stack_size(96 * 1024).spawn(build).unwrap().join().unwrap());
}

#[test]
fn forgotten_builders_and_handles_keep_a_pool_and_nothing_else() {
    // The memory of the pool is leaked with them; it stays in reach of tools that look for leaks.
    static LOST: AtomicPtr<Plain> = AtomicPtr::new(std::ptr::null_mut());
    thread::spawn(|| {
        forget(LocalPool::<Plain>::current().unwrap());
        forget(Plain::acquire().unwrap());
        assert_eq!(Plain::pool().available(), 1);
        let mut last = Plain::acquire().unwrap().id(2).finish();
        LOST.store(&raw mut *last, Ordering::Relaxed);
    })
    .join()
    .unwrap();
}
