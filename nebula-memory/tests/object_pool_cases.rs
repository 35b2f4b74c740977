//! What broke object pools of others, one by one. The table is in `cases.rs`.
#![cfg(all(not(loom), feature = "std"))]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use nebula_memory::pool::{Make, ObjectPool, PoolError, PooledObject, Priority};

/// A pool whose objects are those of another pool, and whose destructors use both: nothing is locked while one is made,
/// dropped or looked at, so there is no order of locks to get wrong.
#[test]
fn c9_pools_of_pools() {
    type Parent = ObjectPool<Vec<u8>, Make<fn() -> Vec<u8>>>;
    struct Page {
        memory: PooledObject<Vec<u8>, Arc<Parent>>,
        looks: Arc<AtomicUsize>,
        parent: Arc<Parent>,
    }
    impl Drop for Page {
        fn drop(&mut self) {
            self.looks.fetch_add(self.parent.stats().held, Ordering::Relaxed);
            drop(self.parent.try_acquire());
        }
    }

    let parent = Arc::new(Parent::with_recipe(8, Make(Vec::new)));
    let looks = Arc::new(AtomicUsize::new(0));
    let child = |max| {
        let (parent, looks) = (Arc::clone(&parent), Arc::clone(&looks));
        let make = move || {
            let memory = parent.acquire_arc()?;
            Ok::<_, PoolError>(Page { memory, looks: Arc::clone(&looks), parent: Arc::clone(&parent) })
        };
        ObjectPool::builder().try_create(make).max(max).build().unwrap()
    };
    let children = [child(2), child(3)];
    thread::scope(|threads| {
        for number in 0..4 {
            let children = &children;
            threads.spawn(move || {
                for round in 0..if cfg!(miri) { 1 } else { 50 } {
                    let mut page = children[(number + round) % 2].acquire().unwrap();
                    page.memory.push(1);
                    if round % 10 == 0 {
                        drop(PooledObject::detach(page));
                    } else {
                        drop(page);
                    }
                    children[round % 2].shrink_to(1);
                }
            });
        }
    });
    drop(children);
    assert_eq!(parent.stats().held, 0);
    assert!(looks.load(Ordering::Relaxed) > 0);
}

/// What leaves the pool by any way gives its place back.
#[test]
fn c10_no_way_out_of_the_pool_costs_capacity() {
    let healthy = Arc::new(AtomicBool::new(true));
    let asked = Arc::clone(&healthy);
    let pool = ObjectPool::builder()
        .create(String::new)
        .health_check(move |_| asked.load(Ordering::Relaxed))
        .max(2)
        .build()
        .unwrap();
    let all = || [pool.try_acquire().unwrap(), pool.try_acquire().unwrap()];
    for round in 0..20 {
        match round % 5 {
            0 => all().map(PooledObject::detach).iter().for_each(|text| assert!(text.is_empty())),
            1 => pool.retain(|_| false),
            2 => pool.shrink_to(0),
            3 => {
                let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    let _all = all();
                    panic!("rejected");
                }));
                assert!(outcome.is_err());
            }
            _ => {
                healthy.store(false, Ordering::Relaxed);
                pool.maintain().unwrap();
                drop(all());
                healthy.store(true, Ordering::Relaxed);
            }
        }
        drop(all());
        assert_eq!((pool.size(), pool.stats().idle), (2, 2));
    }
}

/// Priorities are those of who waits. Shrinking takes idle objects only, and takes nothing from who waits.
#[test]
fn c11_shrinking_does_not_touch_the_highest_priority() {
    let pool = ObjectPool::new(2, String::new);
    let (first, second) = (pool.acquire().unwrap(), pool.acquire().unwrap());
    let (sender, order) = mpsc::channel();
    thread::scope(|threads| {
        for (number, priority) in [Priority::LOW, Priority::HIGH, Priority::NORMAL].into_iter().enumerate() {
            let (pool, sender) = (&pool, sender.clone());
            threads.spawn(move || {
                let text = pool.acquire_with(priority).unwrap();
                sender.send(priority).unwrap();
                drop(text);
            });
            while pool.stats().waiting != number + 1 {
                thread::yield_now();
            }
        }
        pool.shrink_to(0);
        assert_eq!((pool.size(), pool.stats().waiting), (2, 3));
        drop(first);
    });
    assert_eq!(order.try_iter().collect::<Vec<_>>(), [Priority::HIGH, Priority::NORMAL, Priority::LOW]);
    drop(second);
}

/// `acquire` waits, and a pool that was closed makes nothing.
#[test]
fn c12_acquire_waits_and_makes_nothing_after_close() {
    let made = AtomicUsize::new(0);
    let pool = ObjectPool::new(1, || made.fetch_add(1, Ordering::Relaxed));
    let held = pool.acquire().unwrap();
    thread::scope(|threads| {
        let waits = threads.spawn(|| *pool.acquire().unwrap());
        while pool.stats().waiting == 0 {
            thread::yield_now();
        }
        drop(held);
        assert_eq!(waits.join().unwrap(), 0);
    });
    pool.close();
    for _ in 0..3 {
        assert!(matches!(pool.acquire(), Err(PoolError::Closed)));
        assert!(matches!(pool.acquire_timeout(Duration::from_secs(100)), Err(PoolError::Closed)));
        assert!(matches!(pool.reserve(1), Err(PoolError::Closed)));
        assert_eq!(pool.maintain().unwrap().created, 0);
    }
    assert_eq!((made.load(Ordering::Relaxed), pool.size()), (1, 0));
}

/// A pool that begins with nothing and may have one: what comes back is what the next one gets, and a task that waits is
/// not woken before.
#[test]
#[cfg(feature = "async")]
fn c13_a_pool_of_one_for_tasks() {
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Wake, Waker};

    use nebula_memory::pool::AsyncPool;

    #[derive(Default)]
    struct Count(AtomicUsize);
    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    let made = AtomicUsize::new(0);
    let pool = AsyncPool::builder()
        .create_async(|| std::future::ready(Ok::<_, PoolError>(made.fetch_add(1, Ordering::Relaxed))))
        .max(1)
        .build_async()
        .unwrap();
    let count = Arc::new(Count::default());
    let waker = Waker::from(Arc::clone(&count));
    let mut context = Context::from_waker(&waker);
    let mut number = 0;
    for detaches in [false, false, true, true, false] {
        let Poll::Ready(held) = pin!(pool.acquire()).poll(&mut context) else { panic!("there is one") };
        let held = held.unwrap();
        assert_eq!(*held, number);
        let mut next = pin!(pool.acquire());
        let woken = count.0.load(Ordering::Relaxed);
        for _ in 0..100 {
            assert!(next.as_mut().poll(&mut context).is_pending());
        }
        assert_eq!(count.0.load(Ordering::Relaxed), woken, "it sleeps");
        if detaches {
            PooledObject::detach(held);
            number += 1;
        } else {
            drop(held);
        }
        assert_eq!(count.0.load(Ordering::Relaxed), woken + 1);
        let Poll::Ready(given) = next.poll(&mut context) else { panic!("served") };
        assert_eq!(*given.unwrap(), number);
    }
    // A task that still waits when the pool goes is gone before it: it borrows the pool.
    assert_eq!((pool.stats().waiting, pool.size()), (0, 1));
}

/// As many objects as a word has bits, and one more and less.
#[test]
fn living_all_objects_are_there() {
    for max in [1, 31, 32, 33, 63, 64, 65, 128, 256] {
        let pool = ObjectPool::new(max, || 0_u8);
        assert_eq!(pool.reserve(max).unwrap(), max);
        let all: Vec<_> = (0..max).map(|_| pool.try_acquire().unwrap()).collect();
        assert!(pool.try_acquire().is_err());
        drop(all);
        assert_eq!((pool.stats().idle, pool.stats().created), (max, max));
    }
}

/// Objects that are not `Sync` go from thread to thread, and are never shared.
#[test]
fn living_what_must_not_be_shared_is_not() {
    use std::cell::Cell;
    let pool = Arc::new(ObjectPool::new(2, || Cell::new(0_u32)));
    thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                for _ in 0..100 {
                    let count = pool.acquire_arc().unwrap();
                    count.set(count.get() + 1);
                    thread::scope(|inner| {
                        inner.spawn(move || count.set(count.get() + 1));
                    });
                }
            });
        }
    });
    let mut uses = 0;
    pool.retain(|count| {
        uses += count.get();
        true
    });
    assert_eq!(uses, 800);
}
