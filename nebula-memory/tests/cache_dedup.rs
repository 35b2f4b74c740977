//! One load for all who wait: the ways in which it can end, on threads.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

mod support;

use std::any::Any;
use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, OnceLock, Weak};
use std::thread;

use nebula_memory::cache::layers::{ComputeCache, DedupCache};
use nebula_memory::cache::policy::Lru;
use nebula_memory::cache::{CacheBuilder, Cause, DefaultHashBuilder, SharedCache, UnitWeight};
use support::shelf::Shelf;

type Over<K, V> = DedupCache<K, V, ComputeCache<K, V, Shelf<K, V>>>;

fn cache<K: Hash + Eq, V: Clone>(capacity: usize) -> Over<K, V> {
    DedupCache::over(Shelf::new(capacity))
}

/// A gate that somebody waits at until it is opened.
#[derive(Default)]
struct Gate(OnceLock<()>, AtomicUsize);

impl Gate {
    fn open(&self) {
        self.0.set(()).unwrap();
    }

    fn pass(&self) {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.wait();
    }

    /// Waits until so many wait.
    fn waited_for(&self, by: usize) {
        while self.1.load(Ordering::SeqCst) < by {
            thread::yield_now();
        }
    }
}

/// Long enough for threads that are about to wait to wait; that they do is not what a test relies on.
fn settle() {
    // By Miri's clock each step of any thread takes microseconds.
    thread::sleep(std::time::Duration::from_millis(if cfg!(miri) { 500 } else { 20 }));
}

fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("")
}

fn panics<T>(call: impl FnOnce() -> T) -> String {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(_) => panic!("should have panicked"),
        Err(panic) => message(&*panic).to_string(),
    }
}

#[test]
fn one_load_for_64_callers() {
    let cache = cache::<u32, u32>(10);
    let loads = AtomicUsize::new(0);
    let start = Barrier::new(64);
    thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| {
                start.wait();
                let value = cache.get_or_compute(7, || {
                    loads.fetch_add(1, Ordering::Relaxed);
                    settle();
                    49
                });
                assert_eq!(value, 49);
            });
        }
    });
    assert_eq!(loads.into_inner(), 1);
    assert_eq!((cache.get(&7), cache.len(), cache.computing()), (Some(49), 1, 0));
}

/// Whoever comes while a key is loaded waits for it, and nobody waits for other keys.
#[test]
fn other_keys_are_not_waited_for() {
    let cache = cache::<u32, u32>(10);
    let gate = Gate::default();
    thread::scope(|scope| {
        let slow = scope.spawn(|| {
            cache.get_or_compute(0, || {
                gate.pass();
                0
            })
        });
        gate.waited_for(1);
        assert_eq!(cache.computing(), 1);
        for key in 1..100 {
            assert_eq!(cache.get_or_compute(key, || key + 1), key + 1);
        }
        assert_eq!(cache.get(&0), None);
        gate.open();
        assert_eq!(slow.join().unwrap(), 0);
    });
    assert_eq!((cache.len(), cache.computing()), (10, 0));
}

#[test]
fn a_failing_load_is_tried_once_per_round() {
    let cache = cache::<u32, u32>(10);
    let gate = Gate::default();
    let loads = AtomicUsize::new(0);
    let coming = Barrier::new(17);
    let load = || {
        cache.try_get_or_compute(7, || {
            loads.fetch_add(1, Ordering::SeqCst);
            gate.pass();
            Err::<u32, _>("no".to_string())
        })
    };
    let follow = || {
        coming.wait();
        load()
    };
    thread::scope(|scope| {
        let leader = scope.spawn(load);
        gate.waited_for(1);
        let followers: Vec<_> = (0..16).map(|_| scope.spawn(follow)).collect();
        coming.wait();
        settle();
        gate.open();
        assert_eq!(leader.join().unwrap(), Err("no".to_string()));
        for follower in followers {
            assert_eq!(follower.join().unwrap(), Err("no".to_string()));
        }
    });
    // Threads that had not come to wait within the time are another round; each thread its own would be 17.
    assert!(loads.load(Ordering::SeqCst) < 17, "{loads:?}");
    let before = loads.load(Ordering::SeqCst);
    assert_eq!((cache.len(), cache.computing()), (0, 0));
    // The next round tries again, and may succeed.
    let next = cache.try_get_or_compute(7, || {
        loads.fetch_add(1, Ordering::SeqCst);
        Ok::<_, String>(49)
    });
    assert_eq!((next, loads.into_inner() - before), (Ok(49), 1));
}

#[test]
fn a_failing_load_evicts_nothing() {
    let cache = cache::<u32, u32>(2);
    cache.insert(1, 1);
    cache.insert(2, 2);
    assert_eq!(cache.try_get_or_compute(3, || Err::<u32, _>("no")), Err("no"));
    assert_eq!((cache.get(&1), cache.get(&2), cache.len()), (Some(1), Some(2), 2));
}

/// An error that is not the one somebody asked with is nothing to them: they try for themselves.
#[test]
fn errors_of_other_types_are_not_shared() {
    let cache = cache::<u32, u32>(10);
    let gate = Gate::default();
    thread::scope(|scope| {
        let leader = scope.spawn(|| {
            cache.try_get_or_compute(7, || {
                gate.pass();
                Err::<u32, _>("text")
            })
        });
        gate.waited_for(1);
        let follower = scope.spawn(|| cache.try_get_or_compute(7, || Err::<u32, _>(404)));
        let sure = scope.spawn(|| cache.get_or_compute(7, || 49));
        settle();
        gate.open();
        assert_eq!(leader.join().unwrap(), Err("text"));
        let follower = follower.join().unwrap();
        assert!(follower == Err(404) || follower == Ok(49), "{follower:?}");
        assert_eq!(sure.join().unwrap(), 49);
    });
}

#[test]
fn a_panicking_load_lets_the_next_try() {
    let cache = cache::<u32, u32>(10);
    let gate = Gate::default();
    let loads = AtomicUsize::new(0);
    thread::scope(|scope| {
        let leader = scope.spawn(|| {
            panics(|| {
                cache.get_or_compute(7, || {
                    gate.pass();
                    panic!("out of luck")
                })
            })
        });
        gate.waited_for(1);
        let followers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    cache.get_or_compute(7, || {
                        loads.fetch_add(1, Ordering::Relaxed);
                        49
                    })
                })
            })
            .collect();
        settle();
        assert_eq!(loads.load(Ordering::Relaxed), 0);
        gate.open();
        assert_eq!(leader.join().unwrap(), "out of luck");
        for follower in followers {
            assert_eq!(follower.join().unwrap(), 49);
        }
    });
    assert_eq!((loads.into_inner(), cache.get(&7), cache.computing()), (1, Some(49), 0));
}

/// Runs `meanwhile` while 1 is loaded for key 7 by one, and waited for by another; what both get.
fn during_a_load(cache: &Over<u32, u32>, meanwhile: impl FnOnce()) -> (u32, u32) {
    let gate = Gate::default();
    thread::scope(|scope| {
        let leader = scope.spawn(|| {
            cache.get_or_compute(7, || {
                gate.pass();
                1
            })
        });
        gate.waited_for(1);
        let follower = scope.spawn(|| cache.get_or_compute(7, || 2));
        settle();
        meanwhile();
        gate.open();
        (leader.join().unwrap(), follower.join().unwrap())
    })
}

#[test]
fn an_insert_during_a_load_wins_over_the_load() {
    let cache = cache(10);
    let (leader, _) = during_a_load(&cache, || {
        cache.insert(7, 99);
        assert_eq!(cache.get_or_compute(7, || 3), 99);
    });
    assert!(leader == 1 || leader == 99);
    assert_eq!(cache.get(&7), Some(99));
}

#[test]
fn a_removal_during_a_load_leaves_nothing_behind() {
    let cache = cache(10);
    let (leader, follower) = during_a_load(&cache, || assert_eq!(cache.remove(&7), None));
    assert_eq!(leader, 1);
    // The follower came before the removal, or else after it.
    assert_eq!(cache.get(&7), (follower == 2).then_some(2));
}

#[test]
fn clearing_during_a_load_leaves_nothing_behind() {
    let cache = cache(10);
    let (_, follower) = during_a_load(&cache, || cache.clear());
    assert_eq!(cache.get(&7), (follower == 2).then_some(2));
    assert_eq!(cache.computing(), 0);
}

/// Whoever asks after a removal does not get what was loaded before it.
#[test]
fn nobody_gets_what_was_removed_before_they_came() {
    let cache = cache(10);
    let (leader, _) = during_a_load(&cache, || {
        cache.remove(&7);
        assert_eq!(cache.get_or_compute(7, || 3), 3);
    });
    // Whoever loaded before may as well answer with what is there by now.
    assert!(leader == 1 || leader == 3);
    assert_eq!(cache.get(&7), Some(3));
}

#[test]
fn an_insert_that_was_removed_again_is_gone() {
    let cache = cache(10);
    during_a_load(&cache, || {
        cache.insert(7, 99);
        assert_eq!(cache.remove(&7), Some(99));
    });
    assert_ne!(cache.get(&7), Some(1));
}

#[test]
fn a_load_may_ask_for_other_keys() {
    fn fibonacci(cache: &Over<u64, u64>, n: u64) -> u64 {
        cache.get_or_compute(n, || if n < 2 { n } else { fibonacci(cache, n - 1) + fibonacci(cache, n - 2) })
    }
    let cache = cache::<u64, u64>(100);
    assert_eq!(fibonacci(&cache, 50), 12_586_269_025);
    assert_eq!(cache.len(), 51);
}

#[test]
fn a_load_that_asks_for_its_own_key_does_not_hang() {
    let cache = cache::<u32, u32>(10);
    let message = panics(|| cache.get_or_compute(7, || cache.get_or_compute(7, || 1)));
    assert!(message.contains("would wait for itself"), "{message}");
    // Also by way of another one.
    let message =
        panics(|| cache.get_or_compute(7, || cache.get_or_compute(8, || cache.get_or_compute(7, || 1))));
    assert!(message.contains("would wait for itself"), "{message}");
    assert_eq!((cache.get_or_compute(7, || 2), cache.computing()), (2, 0));
}

/// The weigher of a store panics: who waits has the value all the same.
#[test]
fn who_waits_gets_what_a_store_refuses_with_a_panic() {
    let cache = DedupCache::over(Shelf::<u32, u32>::weighed(10, |&value| assert!(value != 1, "too heavy")));
    let gate = Gate::default();
    let loads = AtomicUsize::new(0);
    let load = || {
        cache.get_or_compute(7, || {
            loads.fetch_add(1, Ordering::Relaxed);
            gate.pass();
            1
        })
    };
    let coming = Barrier::new(5);
    let follow = || {
        coming.wait();
        catch_unwind(AssertUnwindSafe(load))
    };
    thread::scope(|scope| {
        let leader = scope.spawn(|| panics(load));
        gate.waited_for(1);
        let followers: Vec<_> = (0..4).map(|_| scope.spawn(follow)).collect();
        coming.wait();
        settle();
        gate.open();
        assert_eq!(leader.join().unwrap(), "too heavy");
        let served = followers.into_iter().map(|one| one.join().unwrap());
        assert!(served.filter(|outcome| matches!(outcome, Ok(1))).count() > 0);
    });
    assert_eq!((cache.len(), cache.computing()), (0, 0));
}

thread_local! {
    /// What of a [`Touchy`] panics.
    static MOOD: Cell<&'static str> = const { Cell::new("") };
}

fn feel(what: &str) {
    if MOOD.get() == what {
        MOOD.set("");
        panic!("touchy {what}");
    }
}

#[derive(Debug)]
struct Touchy(u32);

impl Clone for Touchy {
    fn clone(&self) -> Self {
        feel("clone");
        Self(self.0)
    }
}

impl Hash for Touchy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        feel("hash");
        self.0.hash(state);
    }
}

impl PartialEq for Touchy {
    fn eq(&self, other: &Self) -> bool {
        feel("eq");
        self.0 == other.0
    }
}

impl Eq for Touchy {}

impl Drop for Touchy {
    fn drop(&mut self) {
        if !thread::panicking() {
            feel("drop");
        }
    }
}

/// Whatever panics, the cache is as usable as before, and nobody waits for ever.
#[test]
fn whatever_of_others_panics_the_cache_stays_usable() {
    let cache = cache::<Touchy, Touchy>(10);
    for what in ["clone", "hash", "eq", "drop"] {
        cache.insert(Touchy(1), Touchy(1));
        for call in 0..4 {
            MOOD.set(what);
            let _ = catch_unwind(AssertUnwindSafe(|| match call {
                0 => drop(cache.get_or_compute(Touchy(2), || Touchy(20))),
                1 => cache.insert(Touchy(1), Touchy(10)),
                2 => drop(cache.remove(&Touchy(1))),
                _ => {
                    drop(cache.try_get_or_compute(Touchy(3), || Err::<Touchy, _>("no")));
                }
            }));
            MOOD.set("");
            assert_eq!(cache.computing(), 0, "{what} in {call}");
        }
        thread::scope(|scope| {
            scope.spawn(|| assert_eq!(cache.get_or_compute(Touchy(5), || Touchy(5)).0, 5));
            scope.spawn(|| assert_eq!(cache.get_or_compute(Touchy(2), || Touchy(20)).0, 20));
        });
        cache.clear();
    }
}

type Tangle = DedupCache<Knot, Entangled>;

thread_local! {
    /// Whether a key or a value is using the cache right now: what that calls does not again.
    static BUSY: Cell<bool> = const { Cell::new(false) };
}

/// Uses the cache in whatever way there is. Whoever held a lock meanwhile would wait for itself.
fn use_it(cache: &Weak<Tangle>, how: impl Fn(&Tangle)) {
    if let Some(cache) = cache.upgrade()
        && !BUSY.replace(true)
    {
        how(&cache);
        BUSY.set(false);
    }
}

fn look(cache: &Tangle) {
    cache.contains(&Knot(1000, Weak::new()));
    drop(cache.get(&Knot(3, Weak::new())));
    cache.computing();
}

fn change(cache: &Tangle) {
    let unused = Knot(1000, Weak::new());
    cache.insert(unused.clone(), Entangled(1, Weak::new()));
    drop(cache.get_or_compute(Knot(1001, Weak::new()), || Entangled(2, Weak::new())));
    cache.remove(&unused);
}

/// A key that uses the cache when it is hashed, compared, cloned or dropped. Some have the same hash.
struct Knot(u32, Weak<Tangle>);

impl Clone for Knot {
    fn clone(&self) -> Self {
        use_it(&self.1, change);
        Self(self.0, self.1.clone())
    }
}

impl Hash for Knot {
    fn hash<H: Hasher>(&self, state: &mut H) {
        use_it(&self.1, look);
        (self.0 / 4).hash(state);
    }
}

impl PartialEq for Knot {
    fn eq(&self, other: &Self) -> bool {
        use_it(&self.1, look);
        self.0 == other.0
    }
}

impl Eq for Knot {}

impl Drop for Knot {
    fn drop(&mut self) {
        use_it(&self.1, change);
    }
}

/// A value that uses the cache when it is cloned or dropped.
struct Entangled(u32, Weak<Tangle>);

impl Clone for Entangled {
    fn clone(&self) -> Self {
        use_it(&self.1, change);
        Self(self.0, self.1.clone())
    }
}

impl Drop for Entangled {
    fn drop(&mut self) {
        use_it(&self.1, change);
    }
}

#[test]
fn keys_and_values_may_use_the_cache() {
    let cache = Arc::new(Tangle::new(8));
    let rounds = if cfg!(miri) { 5 } else { 100 };
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for number in 0..rounds {
                    let knot = || Knot(number % 20, Arc::downgrade(&cache));
                    let value = || Entangled(number % 20, Arc::downgrade(&cache));
                    assert_eq!(cache.get_or_compute(knot(), value).0, number % 20);
                    match number % 5 {
                        0 => drop(cache.remove(&knot())),
                        1 => cache.insert(knot(), value()),
                        2 => drop(cache.try_get_or_compute(knot(), || Err::<Entangled, _>("no"))),
                        3 if number % 3 == 0 => cache.clear(),
                        _ => {}
                    }
                }
            });
        }
    });
    assert_eq!(cache.computing(), 0);
}

/// The listener of a store hears of what leaves under no lock, and may ask for what is being loaded.
#[test]
fn a_listener_may_use_the_cache() {
    static CACHE: OnceLock<Listened> = OnceLock::new();
    type Told = fn(&u32, &u32, Cause);
    type Listened = DedupCache<
        u32,
        u32,
        ComputeCache<u32, u32, SharedCache<u32, u32, Lru, DefaultHashBuilder, UnitWeight, Told>>,
    >;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as listeners are told")]
    fn told(key: &u32, _: &u32, _: Cause) {
        let cache = CACHE.get().unwrap();
        // What has left, and what has just come in for it.
        if *key < 100 {
            assert_eq!(cache.get_or_compute(key + 100, || key + 100), key + 100);
            assert_eq!(cache.get_or_compute(key + 2, || key + 2), key + 2);
        }
    }

    let store = CacheBuilder::new().capacity(2).policy(Lru).listener(told as Told).build_shared();
    let cache = CACHE.get_or_init(|| DedupCache::over(store));
    for key in 0..20 {
        assert_eq!(cache.get_or_compute(key, || key), key);
    }
    assert_eq!(cache.computing(), 0);
}

/// Threads that load, insert, remove, fail and panic: everybody gets an answer, and no record is left.
#[test]
fn nothing_is_left_of_loads_that_are_done() {
    let cache = cache::<u32, u32>(8);
    thread::scope(|scope| {
        for thread in 0..4_u32 {
            let cache = &cache;
            scope.spawn(move || {
                let mut state = thread.wrapping_mul(0x9E37_79B9) | 1;
                for _ in 0..2_000 {
                    state ^= state << 13;
                    state ^= state >> 17;
                    state ^= state << 5;
                    let key = state % 5;
                    match state / 8 % 8 {
                        0 => cache.insert(key, key),
                        1 => {
                            cache.remove(&key);
                        }
                        2 => drop(catch_unwind(AssertUnwindSafe(|| {
                            cache.get_or_compute(key, || std::panic::resume_unwind(Box::new(())))
                        }))),
                        3 => {
                            let _ = cache.try_get_or_compute(key, || Err::<u32, _>("no"));
                        }
                        4 => cache.clear(),
                        _ => assert_eq!(cache.get_or_compute(key, || key), key),
                    }
                }
            });
        }
    });
    assert_eq!(cache.computing(), 0);
    assert!(cache.len() <= 5);
}

#[test]
fn it_can_be_shared_and_says_what_it_is() {
    static_assertions::assert_impl_all!(Over<String, Arc<str>>: Send, Sync);
    let cache = cache::<String, Arc<str>>(3);
    // Looked up without an allocation.
    assert_eq!(cache.get("a"), None);
    cache.insert("a".into(), "x".into());
    assert!(cache.contains("a") && !cache.is_empty());
    assert_eq!(
        (cache.peek("a").as_deref(), cache.capacity(), cache.remove("a").is_some()),
        (Some("x"), 3, true)
    );
    assert_eq!((cache.inner().store().gets(), cache.inner().store().inserts()), (1, 1));
}
