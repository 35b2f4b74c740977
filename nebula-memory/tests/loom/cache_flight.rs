//! Single flight: threads and tasks that load, fail, panic, give up, and change what is being loaded.
//!
//! Whoever waits for a load that nobody carries on is a deadlock, which loom finds.

use std::collections::HashMap;
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use equivalent::Equivalent;
use loom::sync::atomic::{AtomicU32, Ordering};
use loom::sync::{Arc, Mutex};
use loom::thread;
use nebula_memory::allocator::free_list_model::become_thread;
use nebula_memory::cache::SharedCache;
use nebula_memory::cache::layers::{CircuitBreakerLayer, ComputeCache, DedupCache, Store};

/// The simplest store there is.
struct Shelf(Mutex<HashMap<u32, u32>>);

impl Shelf {
    fn new() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl Store<u32, u32> for Shelf {
    fn get<Q: ?Sized + Hash + Equivalent<u32>>(&self, key: &Q) -> Option<u32> {
        self.peek(key)
    }

    fn peek<Q: ?Sized + Hash + Equivalent<u32>>(&self, key: &Q) -> Option<u32> {
        self.0.lock().unwrap().iter().find(|(other, _)| key.equivalent(other)).map(|(_, value)| *value)
    }

    fn insert(&self, key: u32, value: u32) {
        self.0.lock().unwrap().insert(key, value);
    }

    fn insert_new(&self, key: u32, value: u32, wanted: impl FnOnce() -> bool) -> Option<u32> {
        let mut entries = self.0.lock().unwrap();
        let there = entries.get(&key).copied();
        if there.is_none() && wanted() {
            entries.insert(key, value);
        }
        there
    }

    fn remove<Q: ?Sized + Hash + Equivalent<u32>>(&self, key: &Q) -> Option<u32> {
        let mut entries = self.0.lock().unwrap();
        let key = *entries.keys().find(|other| key.equivalent(other))?;
        entries.remove(&key)
    }

    fn clear(&self) {
        self.0.lock().unwrap().clear();
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    fn capacity(&self) -> usize {
        usize::MAX
    }
}

fn model(run: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(3));
    builder.check(run);
}

/// A cache, and what its values come from.
struct World {
    cache: DedupCache<u32, u32, ComputeCache<u32, u32, Shelf>>,
    source: AtomicU32,
    loads: AtomicU32,
}

impl World {
    fn new() -> Arc<Self> {
        let cache = DedupCache::over(Shelf::new());
        Arc::new(Self { cache, source: AtomicU32::new(1), loads: AtomicU32::new(0) })
    }

    fn load(&self) -> u32 {
        self.loads.fetch_add(1, Ordering::Relaxed);
        self.source.load(Ordering::SeqCst)
    }

    fn get(&self) -> u32 {
        self.cache.get_or_compute(7, || self.load())
    }

    fn loads(&self) -> u32 {
        self.loads.load(Ordering::Relaxed)
    }
}

fn spawn<O: 'static>(world: &Arc<World>, run: impl FnOnce(&World) -> O + 'static) -> thread::JoinHandle<O> {
    let world = Arc::clone(world);
    thread::spawn(move || run(&world))
}

#[test]
fn two_threads_load_once() {
    model(|| {
        let world = World::new();
        let other = spawn(&world, World::get);
        assert_eq!((world.get(), other.join().unwrap()), (1, 1));
        assert_eq!((world.loads(), world.cache.len(), world.cache.computing()), (1, 1, 0));
    });
}

#[test]
fn a_failure_is_that_of_all_who_wait() {
    model(|| {
        let world = World::new();
        let fail = |world: &World| {
            world.cache.try_get_or_compute(7, || {
                world.load();
                Err::<u32, _>("no")
            })
        };
        let other = spawn(&world, fail);
        assert_eq!((fail(&world), other.join().unwrap()), (Err("no"), Err("no")));
        assert!((1..=2).contains(&world.loads()));
        assert_eq!((world.cache.len(), world.cache.computing()), (0, 0));
    });
}

#[test]
fn a_panic_lets_the_next_try() {
    model(|| {
        let world = World::new();
        let other = spawn(&world, World::get);
        let panicking = || world.cache.get_or_compute(7, || resume_unwind(Box::new(())));
        let result = catch_unwind(AssertUnwindSafe(panicking));
        assert!(result.is_err() || result.is_ok_and(|value| value == 1));
        assert_eq!(other.join().unwrap(), 1);
        assert_eq!((world.loads(), world.cache.get(&7), world.cache.computing()), (1, Some(1), 0));
    });
}

/// The source changes and the entry is removed: nothing that was loaded before is there afterwards, or is found.
#[test]
fn a_removal_during_a_load_leaves_nothing_behind() {
    model(|| {
        let world = World::new();
        let other = spawn(&world, World::get);
        world.source.store(2, Ordering::SeqCst);
        world.cache.remove(&7);
        assert!(world.cache.get(&7).is_none_or(|value| value == 2));
        assert_eq!(world.get(), 2);
        other.join().unwrap();
        // What came in while it was being removed may have gone with it.
        assert!(world.cache.get(&7).is_none_or(|value| value == 2));
        assert_eq!(world.cache.computing(), 0);
    });
}

#[test]
fn clearing_during_a_load_leaves_nothing_behind() {
    model(|| {
        let world = World::new();
        let other = spawn(&world, World::get);
        world.source.store(2, Ordering::SeqCst);
        world.cache.clear();
        other.join().unwrap();
        assert!(world.cache.get(&7).is_none_or(|value| value == 2));
        assert_eq!(world.cache.computing(), 0);
    });
}

#[test]
fn an_insert_during_a_load_wins() {
    model(|| {
        let world = World::new();
        let other = spawn(&world, World::get);
        world.cache.insert(7, 99);
        assert_eq!(world.cache.get(&7), Some(99));
        assert!([1, 99].contains(&other.join().unwrap()));
        assert_eq!((world.cache.get(&7), world.cache.computing()), (Some(99), 0));
    });
}

/// Of the cache for many threads: what comes in only if it is wanted is there before it is removed, and goes, or is not wanted any
/// more. What is removed need not have been there.
#[test]
fn a_removal_is_before_or_after_what_comes_in() {
    model(|| {
        become_thread(1);
        let cache = Arc::new(SharedCache::<u32, u32>::new(4));
        let wanted = Arc::new(AtomicU32::new(1));
        let other = {
            let (cache, wanted) = (Arc::clone(&cache), Arc::clone(&wanted));
            thread::spawn(move || {
                become_thread(2);
                cache.insert_new(7, 1, || wanted.load(Ordering::Relaxed) == 1)
            })
        };
        wanted.store(0, Ordering::Relaxed);
        Store::remove(&*cache, &7);
        assert_eq!(other.join().unwrap(), None);
        assert_eq!(cache.get(&7), None);
    });
}

/// Also not from where the last good values are.
#[test]
fn what_was_removed_is_not_the_last_good_value() {
    model(|| {
        let stale = CircuitBreakerLayer::new().stale_from(Shelf::new());
        let cache = Arc::new(ComputeCache::over(Shelf::new()).with_deduplication().layer(stale));
        let source = Arc::new(AtomicU32::new(1));
        let other = {
            let (cache, source) = (Arc::clone(&cache), Arc::clone(&source));
            thread::spawn(move || {
                let _ = cache.try_get_or_compute(7, || Ok::<_, &str>(source.load(Ordering::SeqCst)));
            })
        };
        source.store(2, Ordering::SeqCst);
        cache.remove(&7);
        assert_ne!(cache.try_get_or_compute(7, || Err("no")), Ok(1));
        other.join().unwrap();
        assert_ne!(cache.try_get_or_compute(7, || Err("no")), Ok(1));
    });
}

#[cfg(feature = "async")]
mod tasks {
    use std::future::{Future, poll_fn};
    use std::pin::{Pin, pin};
    use std::sync::Arc as StdArc;
    use std::task::{Context, Poll, Wake, Waker};

    use loom::sync::Condvar;
    use nebula_memory::cache::layers::{AsyncCache, AsyncDedupCache};

    use super::*;

    type Cache = AsyncDedupCache<u32, u32, AsyncCache<u32, u32, Shelf>>;

    /// A thread that waits to be woken.
    struct Bed(Mutex<bool>, Condvar);

    impl Wake for Bed {
        fn wake(self: StdArc<Self>) {
            *self.0.lock().unwrap() = true;
            self.1.notify_one();
        }
    }

    fn block_on<F: Future>(future: F) -> F::Output {
        let mut future = pin!(future);
        let bed = StdArc::new(Bed(Mutex::new(false), Condvar::new()));
        let waker = Waker::from(StdArc::clone(&bed));
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
                return output;
            }
            let mut woken = bed.0.lock().unwrap();
            while !*woken {
                woken = bed.1.wait(woken).unwrap();
            }
            *woken = false;
        }
    }

    fn poll_once<F: Future>(future: &mut Pin<Box<F>>) -> Poll<F::Output> {
        future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }

    /// A load that has to be polled twice, and is woken in between.
    fn twice(loads: &Arc<AtomicU32>) -> impl FnOnce() -> Pin<Box<dyn Future<Output = u32> + Send>> + use<> {
        let loads = Arc::clone(loads);
        move || {
            loads.fetch_add(1, Ordering::Relaxed);
            let mut first = true;
            Box::pin(poll_fn(move |context| {
                if std::mem::take(&mut first) {
                    context.waker().wake_by_ref();
                    Poll::Pending
                } else {
                    Poll::Ready(1)
                }
            }))
        }
    }

    fn world() -> (Arc<Cache>, Arc<AtomicU32>) {
        (Arc::new(AsyncDedupCache::over(Shelf::new())), Arc::new(AtomicU32::new(0)))
    }

    #[test]
    fn two_tasks_load_once() {
        model(|| {
            let (cache, loads) = world();
            let other = {
                let (cache, loads) = (Arc::clone(&cache), Arc::clone(&loads));
                thread::spawn(move || block_on(cache.get_or_compute(7, twice(&loads))))
            };
            assert_eq!(block_on(cache.get_or_compute(7, twice(&loads))), 1);
            assert_eq!(other.join().unwrap(), 1);
            assert_eq!((loads.load(Ordering::Relaxed), cache.computing()), (1, 0));
        });
    }

    /// One is polled once, and then kept: the other one is not left waiting.
    #[test]
    fn a_task_that_is_not_polled_again_hangs_nobody() {
        model(|| {
            let (cache, loads) = world();
            let other = {
                let (cache, loads) = (Arc::clone(&cache), Arc::clone(&loads));
                thread::spawn(move || block_on(cache.get_or_compute(7, twice(&loads))))
            };
            let mut stalled = Box::pin(cache.get_or_compute(7, twice(&loads)));
            let _ = poll_once(&mut stalled);
            assert_eq!(other.join().unwrap(), 1);
            drop(stalled);
            assert_eq!((loads.load(Ordering::Relaxed), cache.computing()), (1, 0));
        });
    }

    /// One is polled once, and then dropped: the other one carries on, or begins anew if nobody waited in between.
    #[test]
    fn a_task_that_is_dropped_hands_over() {
        model(|| {
            let (cache, loads) = world();
            let other = {
                let (cache, loads) = (Arc::clone(&cache), Arc::clone(&loads));
                thread::spawn(move || block_on(cache.get_or_compute(7, twice(&loads))))
            };
            {
                let mut dropped = Box::pin(cache.get_or_compute(7, twice(&loads)));
                let _ = poll_once(&mut dropped);
            }
            assert_eq!(other.join().unwrap(), 1);
            assert!((1..=2).contains(&loads.load(Ordering::Relaxed)));
            assert_eq!((cache.get(&7), cache.computing()), (Some(1), 0));
        });
    }

    #[test]
    fn a_removal_during_a_load_leaves_nothing_behind() {
        model(|| {
            let (cache, loads) = world();
            let source = Arc::new(AtomicU32::new(1));
            let other = {
                let (cache, source) = (Arc::clone(&cache), Arc::clone(&source));
                let load = move || {
                    let value = source.load(Ordering::SeqCst);
                    std::future::ready(value)
                };
                thread::spawn(move || block_on(cache.get_or_compute(7, load)))
            };
            source.store(2, Ordering::SeqCst);
            cache.remove(&7);
            assert!(cache.get(&7).is_none_or(|value| value == 2));
            other.join().unwrap();
            assert!(cache.get(&7).is_none_or(|value| value == 2));
            drop(loads);
        });
    }

    #[test]
    fn a_panic_lets_the_next_try() {
        model(|| {
            let (cache, loads) = world();
            let other = {
                let (cache, loads) = (Arc::clone(&cache), Arc::clone(&loads));
                thread::spawn(move || block_on(cache.get_or_compute(7, twice(&loads))))
            };
            let panicking = || -> std::future::Ready<u32> { resume_unwind(Box::new(())) };
            let result = catch_unwind(AssertUnwindSafe(|| block_on(cache.get_or_compute(7, panicking))));
            assert!(result.is_err() || result.is_ok_and(|value| value == 1));
            assert_eq!(other.join().unwrap(), 1);
            assert_eq!((loads.load(Ordering::Relaxed), cache.computing()), (1, 0));
        });
    }
}
