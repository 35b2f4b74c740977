//! What a shared cache does when one thread uses it.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use nebula_memory::cache::expiry::{ManualClock, Ttl};
use nebula_memory::cache::policy::{AnyPolicy, Fifo, Lru, Policy, S3Fifo, Sieve};
use nebula_memory::cache::{Cache, Cause, SharedCache};

#[test]
fn what_came_in_is_found() {
    let cache = SharedCache::<u64, String>::new(100);
    for key in 0..100 {
        cache.insert(key, key.to_string());
    }
    for key in 0..100 {
        assert_eq!(cache.get(&key), Some(key.to_string()));
        assert!(cache.contains(&key));
    }
    assert_eq!((cache.len(), cache.weight(), cache.capacity()), (100, 100, 100));
    assert_eq!(cache.get(&100), None);
    cache.insert(100, "more".into());
    assert_eq!(cache.len(), 100);
}

#[test]
fn borrowed_keys_and_hashes() {
    let cache = SharedCache::<String, u32>::new(10);
    cache.insert("one".into(), 1);
    assert_eq!(cache.get("one"), Some(1));
    assert_eq!(cache.peek("one"), Some(1));
    let hash = cache.cache_hash("one");
    assert_eq!(cache.get_by_hash(hash, |key| key == "one"), Some(1));
    assert_eq!(cache.get_by_hash(hash, |_| false), None);
    assert_eq!(cache.read("one", |value| value + 1), Some(2));
    assert_eq!(cache.get_many(&["one", "two"]), [Some(1), None]);
    cache.insert_many([("two".into(), 2), ("three".into(), 3)]);
    assert_eq!(cache.get_many(&["three", "two"]), [Some(3), Some(2)]);
}

#[test]
fn values_are_replaced_and_removed() {
    let cache = SharedCache::<u32, String>::new(10);
    assert_eq!(cache.replace(1, "a".into()), None);
    assert_eq!(cache.replace(1, "b".into()).as_deref(), Some("a"));
    assert_eq!(cache.len(), 1);
    assert_eq!(cache.remove(&1).as_deref(), Some("b"));
    assert_eq!(cache.remove(&1), None);
    assert!(!cache.invalidate(&1));
    cache.insert(1, "c".into());
    assert!(cache.invalidate(&1));
    assert!(cache.is_empty());
    assert_eq!(cache.get_or_insert_with(1, || "d".into()), "d");
    assert_eq!(cache.get_or_insert_with(1, || unreachable!()), "d");
    assert_eq!(cache.try_get_or_insert_with(2, || Err("no")), Err("no"));
    assert_eq!(cache.len(), 1);
    cache.clear();
    assert!(cache.is_empty());
    assert_eq!(cache.get(&1), None);
}

#[test]
fn values_are_computed_from_what_was_there() {
    let cache = SharedCache::<&str, u32>::new(10);
    for _ in 0..3 {
        assert!(cache.compute("count", |count| Some(count.map_or(1, |count| count + 1))));
    }
    assert_eq!(cache.get("count"), Some(3));
    assert!(!cache.compute("count", |_| None));
    assert!(!cache.compute("count", |count| Some(*count? + 1)));
    assert_eq!(cache.get("count"), None);
}

#[test]
fn all_entries_are_seen_kept_or_not() {
    let cache = Cache::builder().capacity(1000).shards(4).build_shared();
    for key in 0..100_u32 {
        cache.insert(key, key);
    }
    let mut seen = cache.snapshot();
    seen.sort_unstable();
    assert!(seen.iter().copied().eq((0..100).map(|key| (key, key))));
    cache.retain(|key, _| key % 2 == 0);
    assert_eq!(cache.len(), 50);
    assert_eq!(cache.invalidate_if(|key, _| key % 4 == 0), 25);
    cache.for_each(|key, _| assert_eq!(key % 4, 2));
    assert_eq!(cache.len(), 25);
}

#[test]
fn another_capacity() {
    let cache = Cache::builder().capacity(100).policy(Fifo).shards(3).build_shared();
    for key in 0..100_u32 {
        cache.insert(key, ());
    }
    cache.resize(10);
    assert_eq!(cache.capacity(), 10);
    assert!(cache.len() <= 10);
    cache.resize(10_000);
    for key in 0..10_000_u32 {
        cache.insert(key, ());
        assert!(cache.contains(&key));
    }
    assert!(cache.len() > 9_000, "{cache:?}");
    cache.resize(0);
    cache.insert(1, ());
    assert!(cache.is_empty());
}

#[test]
fn each_key_can_come_in_however_many_shards_are_asked_for() {
    let cache = Cache::<u32, u32>::builder().capacity(4).shards(16).build_shared();
    assert_eq!((cache.shards(), cache.capacity()), (4, 4));
    assert!((0..100).all(|key| cache.try_insert(key, key).is_ok()));
    assert_eq!(Cache::<u32, u32>::builder().capacity(0).shards(16).build_shared().shards(), 1);
}

#[test]
fn shards_without_a_part_of_the_capacity_refuse_what_is_theirs() {
    let cache = Cache::<u32, u32>::builder().capacity(16).shards(16).build_shared();
    cache.resize(4);
    let came_in = (0..1000).filter(|&key| cache.try_insert(key, key).is_ok()).count();
    assert_eq!((cache.shards(), cache.len(), cache.capacity()), (16, 4, 4));
    assert!(came_in > 100 && came_in < 500, "a quarter, more or less: {came_in}");
}

#[test]
fn of_two_changes_of_the_capacity_the_later_one_counts() {
    type Asked = Box<dyn Fn() + Send + Sync>;
    let asked = Arc::new(OnceLock::<Asked>::new());
    let listener = {
        let asked = Arc::clone(&asked);
        move |_: &u32, (): &(), cause: Cause| {
            if let (Some(ask), Cause::Capacity) = (asked.get(), cause) {
                ask();
            }
        }
    };
    let cache = Cache::builder().capacity(100).policy(Lru).listener(listener).shards(4).build_shared();
    let cache = Arc::new(cache);
    for key in 0..50_u32 {
        cache.insert(key, ());
    }
    let (inner, once) = (Arc::downgrade(&cache), AtomicUsize::new(0));
    let _ = asked.set(Box::new(move || {
        if once.fetch_add(1, Ordering::Relaxed) == 0 {
            inner.upgrade().expect("it is in use").resize(1000);
        }
    }));
    // It is made larger while it is made smaller.
    cache.resize(4);
    assert_eq!(cache.capacity(), 1000);
    for key in 0..4000_u32 {
        cache.insert(key, ());
    }
    assert_eq!(cache.len(), 1000);
}

#[test]
fn weights_never_exceed_the_capacity() {
    let cache = Cache::builder()
        .capacity(100)
        .policy(Lru)
        .shards(1)
        .weigher(|_: &u32, text: &String| u32::try_from(text.len()).unwrap());
    let cache = cache.build_shared();
    for key in 0..1000_u32 {
        cache.insert(key % 37, "x".repeat(key as usize % 60));
        assert!(cache.weight() <= 100);
        let sum: usize = cache.snapshot().iter().map(|(_, text)| text.len().max(1)).sum();
        assert_eq!(cache.weight(), sum);
    }
    cache.insert(1, "old".into());
    let refused = cache.try_insert(1, "x".repeat(101)).unwrap_err();
    assert_eq!((refused.key, refused.value.len()), (1, 101));
    assert!(!cache.contains(&1), "what it had before is not what it has now");
}

#[test]
fn one_threads_hits_are_in_order() {
    let cache = Cache::builder().capacity(100).policy(Lru).shards(1).build_shared();
    let mut model: Vec<u32> = Vec::new();
    let mut state = 1_u32;
    for _ in 0..20_000 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let key = (state >> 16) % 150;
        let at = model.iter().position(|&other| other == key);
        assert_eq!(cache.get(&key).is_some(), at.is_some());
        if let Some(at) = at {
            model.remove(at);
        } else {
            cache.insert(key, ());
            if model.len() == 100 {
                model.remove(0);
            }
        }
        model.push(key);
    }
}

/// What is there after some were used, and got other values.
fn kept(policy: impl Policy) -> Vec<u32> {
    let cache = Cache::builder().capacity(10).policy(policy).shards(1).build_shared();
    cache.insert_many((0..10).map(|key| (key, 0)));
    for _ in 0..3 {
        assert_eq!((cache.get(&0), cache.get(&5)), (Some(0), Some(0)));
    }
    cache.insert_many([(0, 1), (5, 1), (10, 0), (11, 0), (12, 0), (13, 0)]);
    let mut keys: Vec<u32> = cache.snapshot().into_iter().map(|(key, _)| key).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn another_value_has_the_hits_of_the_one_before() {
    assert_eq!(kept(AnyPolicy::from(S3Fifo)), kept(S3Fifo));
    assert_eq!(kept(AnyPolicy::from(Sieve)), kept(Sieve));
}

#[test]
fn the_listener_is_told_of_each_once_and_why() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = {
        let told = Arc::clone(&told);
        move |key: &u32, value: &u32, cause: Cause| told.lock().unwrap().push((*key, *value, cause))
    };
    let cache = Cache::builder().capacity(2).policy(Fifo).listener(listener).build_shared();
    cache.insert(1, 10);
    cache.insert(1, 11);
    cache.insert(2, 20);
    cache.insert(3, 30);
    cache.remove(&2);
    cache.clear();
    cache.insert(4, 40);
    cache.resize(0);
    let expected = [
        (1, 10, Cause::Replaced),
        (1, 11, Cause::Capacity),
        (2, 20, Cause::Removed),
        (3, 30, Cause::Removed),
        (4, 40, Cause::Capacity),
    ];
    assert_eq!(*told.lock().unwrap(), expected);
}

#[test]
fn what_has_expired_is_not_served() {
    let clock = ManualClock::new();
    let told = Arc::new(Mutex::new(Vec::new()));
    let listener = {
        let told = Arc::clone(&told);
        move |key: &u32, _: &u32, cause: Cause| told.lock().unwrap().push((*key, cause))
    };
    let policy = Ttl::new(S3Fifo, Duration::from_secs(10)).with_clock(clock.clone());
    let cache = Cache::builder().capacity(10).policy(policy).listener(listener).build_shared();
    cache.insert(1, 1);
    clock.advance(Duration::from_secs(9));
    cache.insert(2, 2);
    assert_eq!(cache.get(&1), Some(1));
    clock.advance(Duration::from_secs(1));
    assert_eq!((cache.get(&1), cache.peek(&1), cache.contains(&1)), (None, None, false));
    assert_eq!(cache.get(&2), Some(2));
    assert_eq!(cache.remove(&1), None);
    assert_eq!(cache.replace(2, 3), Some(2));
    clock.advance(Duration::from_secs(9));
    assert_eq!(cache.get(&2), Some(3), "a value has its own time");
    clock.advance(Duration::from_secs(1));
    assert_eq!(cache.get_or_insert_with(2, || 4), 4);
    assert!(cache.compute(2, |value| value.map(|value| value + 1)));
    assert_eq!(cache.get(&2), Some(5));
    let told = told.lock().unwrap();
    assert_eq!(*told, [(1, Cause::Expired), (2, Cause::Replaced), (2, Cause::Expired), (2, Cause::Replaced)]);
}

#[test]
fn look_ups_are_counted_if_asked_for() {
    let cache = Cache::builder().capacity(2).policy(Fifo).counted().build_shared();
    for key in 0..3 {
        cache.insert(key, key);
    }
    for key in 0..3 {
        cache.get(&key);
    }
    let stats = cache.stats();
    assert_eq!((stats.hits, stats.misses, stats.insertions, stats.evictions), (2, 1, 3, 1));
    assert_eq!((stats.size, stats.capacity), (2, 2));
    let silent = SharedCache::<u32, u32>::new(2);
    silent.get(&1);
    assert_eq!(silent.stats().misses, 0);
}

/// Every key has the same hash.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Same(u32);

impl Hash for Same {
    fn hash<H: Hasher>(&self, state: &mut H) {
        0_u8.hash(state);
    }
}

#[test]
fn keys_of_one_hash_are_told_apart() {
    const ROOM: u32 = if cfg!(miri) { 30 } else { 300 };
    let cache = Cache::builder().capacity(ROOM as usize).policy(Fifo).build_shared();
    for round in 0..3 {
        for key in 0..ROOM + 100 {
            cache.insert(Same(key), key + round);
            assert_eq!(cache.get(&Same(key)), Some(key + round));
            assert!(cache.len() <= ROOM as usize);
        }
    }
    for key in 100..ROOM + 100 {
        assert_eq!(cache.remove(&Same(key)), Some(key + 2));
    }
    assert!(cache.is_empty());
}

#[test]
fn sizes_and_alignments_of_all_kinds() {
    #[derive(Clone, Copy, PartialEq, Debug)]
    #[repr(align(4096))]
    struct Page(u8);
    let pages = SharedCache::<u8, Page>::new(3);
    let nothing = SharedCache::<u8, ()>::new(3);
    let unit = SharedCache::<(), ()>::new(3);
    for key in 0..=255 {
        pages.insert(key, Page(key));
        assert_eq!(pages.read(&key, |page| (page.0, std::ptr::from_ref(page).addr() % 4096)), Some((key, 0)));
        nothing.insert(key, ());
        assert_eq!(nothing.get(&key), Some(()));
    }
    unit.insert((), ());
    assert_eq!((pages.len(), nothing.len(), unit.get(&())), (3, 3, Some(())));
}

/// Counts how many there are.
struct Counted<'a>(&'a AtomicUsize, u32);

impl<'a> Counted<'a> {
    fn new(count: &'a AtomicUsize, value: u32) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count, value)
    }
}

impl Clone for Counted<'_> {
    fn clone(&self) -> Self {
        Self::new(self.0, self.1)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[test]
fn nothing_is_dropped_twice_or_kept_for_ever() {
    let count = AtomicUsize::new(0);
    let cache = SharedCache::<u32, Counted<'_>>::new(100);
    for key in 0..5000 {
        cache.insert(key % 317, Counted::new(&count, key));
        assert!(count.load(Ordering::Relaxed) <= 100 + 64 + 1);
    }
    cache.reclaim();
    assert_eq!(count.load(Ordering::Relaxed), cache.len());
    cache.read(&(4999 % 317), |value| {
        cache.clear();
        assert_eq!(count.load(Ordering::Relaxed), 1, "it is read");
        assert_eq!(value.1, 4999);
    });
    cache.reclaim();
    assert_eq!(count.load(Ordering::Relaxed), 0);
    cache.insert(1, Counted::new(&count, 1));
    drop(cache);
    assert_eq!(count.load(Ordering::Relaxed), 0);
}

#[test]
fn heavy_values_do_not_pile_up() {
    let count = AtomicUsize::new(0);
    let cache =
        Cache::builder().capacity(1000).weigher(|_: &u32, _: &Counted<'_>| 100).shards(1).build_shared();
    for key in 0..1000 {
        cache.insert(key, Counted::new(&count, key));
        assert!(count.load(Ordering::Relaxed) <= 12);
    }
}

#[test]
fn a_reader_inside_of_a_reader() {
    fn nest(cache: &SharedCache<u32, u32>, depth: u32) -> u32 {
        if depth == 0 {
            return 0;
        }
        cache.read(&depth, |value| value + nest(cache, depth - 1)).unwrap()
    }
    let cache = SharedCache::new(100);
    for key in 1..=40 {
        cache.insert(key, 1);
    }
    assert_eq!(nest(&cache, 40), 40);
    cache.read(&1, |value| {
        for key in 0..10_000 {
            cache.insert(key, 7);
        }
        assert_eq!(*value, 1, "what is read stays");
    });
}

/// A key that does what it likes when it is hashed or compared.
struct Hooked {
    id: u32,
    hook: fn(u32),
}

impl PartialEq for Hooked {
    fn eq(&self, other: &Self) -> bool {
        (self.hook)(self.id);
        (other.hook)(other.id);
        self.id == other.id
    }
}
impl Eq for Hooked {}
impl Hash for Hooked {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.hook)(self.id);
        self.id.hash(state);
    }
}

struct HookedValue {
    value: u32,
    clone: fn(u32),
    drop: fn(u32),
}

impl Clone for HookedValue {
    fn clone(&self) -> Self {
        (self.clone)(self.value);
        Self { value: self.value, clone: |_| (), drop: |_| () }
    }
}

impl Drop for HookedValue {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            (self.drop)(self.value);
        }
    }
}

static REENTERED: OnceLock<SharedCache<Hooked, HookedValue>> = OnceLock::new();
thread_local!(static DEPTH: Cell<u32> = const { Cell::new(0) });
thread_local!(static CALLS: Cell<u32> = const { Cell::new(0) });

fn reenter(id: u32) {
    let Some(cache) = REENTERED.get() else { return };
    let (depth, calls) = (DEPTH.get(), CALLS.get());
    CALLS.set(calls.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    if depth >= 3 || calls >> 28 != 0 {
        return;
    }
    DEPTH.set(depth + 1);
    let value = || HookedValue { value: 1, clone: reenter, drop: reenter };
    cache.get(&Hooked { id, hook: reenter });
    cache.insert(Hooked { id: id % 7, hook: reenter }, value());
    cache.remove(&Hooked { id: id % 5, hook: reenter });
    cache.compute(Hooked { id: id % 3, hook: reenter }, |_| Some(value()));
    DEPTH.set(depth);
}

#[test]
fn whatever_is_called_may_use_the_cache() {
    let cache = REENTERED.get_or_init(|| SharedCache::new(5));
    for id in 0..100 {
        let value = HookedValue { value: id, clone: reenter, drop: reenter };
        cache.insert(Hooked { id: id % 11, hook: reenter }, value);
        cache.get(&Hooked { id: id % 7, hook: reenter });
        assert!(cache.len() <= 5);
    }
    cache.retain(|key, _| {
        reenter(key.id);
        key.id % 2 == 0
    });
    cache.clear();
}

#[test]
fn a_comparison_that_never_lets_the_cache_be_panics() {
    static CACHE: OnceLock<SharedCache<Hooked, u32>> = OnceLock::new();
    thread_local!(static BUSY: Cell<bool> = const { Cell::new(false) });
    fn change(id: u32) {
        let Some(cache) = CACHE.get().filter(|_| !BUSY.replace(true)) else { return };
        cache.insert(Hooked { id, hook: |_| () }, 1);
        BUSY.set(false);
    }
    let cache = CACHE.get_or_init(|| SharedCache::new(5));
    BUSY.set(true);
    cache.insert(Hooked { id: 1, hook: |_| () }, 1);
    BUSY.set(false);
    panics(|| cache.insert(Hooked { id: 1, hook: change }, 2));
    assert_eq!(cache.get(&Hooked { id: 1, hook: |_| () }), Some(1));
}

#[test]
fn a_change_that_always_changes_what_it_is_given_panics() {
    let cache = SharedCache::<u32, u32>::new(10);
    panics(|| {
        cache.compute(1, |_| {
            cache.compute(2, |_| {
                cache.insert(1, 0);
                Some(2)
            });
            Some(1)
        });
    });
    assert_eq!((cache.get(&1), cache.get(&2)), (Some(0), Some(2)));
    // Now and then is all right, and others are always.
    let mut calls = 0;
    cache.compute(1, |old| {
        calls += 1;
        cache.insert(3, calls);
        if calls < 4 {
            cache.insert(1, calls);
        }
        old.map(|old| old + 10)
    });
    assert_eq!((cache.get(&1), cache.get(&3)), (Some(13), Some(4)));
}

#[test]
fn a_listener_may_use_the_cache() {
    type Listening = SharedCache<
        u32,
        u32,
        Fifo,
        nebula_memory::cache::DefaultHashBuilder,
        nebula_memory::cache::UnitWeight,
        fn(&u32, &u32, Cause),
    >;
    static CACHE: OnceLock<Listening> = OnceLock::new();
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "as listeners are")]
    fn listen(key: &u32, value: &u32, cause: Cause) {
        let cache = CACHE.get().unwrap();
        if cause == Cause::Capacity && *value > 0 {
            assert_eq!(cache.get(key), None, "it has left");
            cache.insert(*key, value - 1);
        }
    }
    let build =
        || Cache::builder().capacity(3).policy(Fifo).listener(listen as fn(&u32, &u32, Cause)).build_shared();
    let cache = CACHE.get_or_init(build);
    for key in 0..10 {
        cache.insert(key, 3);
        assert!(cache.len() <= 3);
    }
}

fn panics(call: impl FnOnce()) {
    assert!(catch_unwind(AssertUnwindSafe(call)).is_err());
}

#[test]
fn what_panics_leaves_the_cache_usable() {
    let fail: fn(u32) = |_| panic!();
    let fine: fn(u32) = |_| ();
    let key = |id| Hooked { id, hook: fine };
    let value = |value| HookedValue { value, clone: fine, drop: fine };
    let cache = Cache::<Hooked, HookedValue>::builder().capacity(3).policy(Fifo).build_shared();
    let check = || {
        cache.insert(key(100), value(100));
        assert_eq!(cache.get(&key(100)).unwrap().value, 100);
        assert!(cache.remove(&key(100)).is_some());
        assert_eq!(cache.len(), cache.snapshot_len());
    };
    cache.insert(key(1), HookedValue { value: 1, clone: fail, drop: fine });
    // Hash.
    panics(|| drop(cache.get(&Hooked { id: 1, hook: fail })));
    panics(|| cache.insert(Hooked { id: 1, hook: fail }, value(2)));
    check();
    // Clone.
    panics(|| drop(cache.get(&key(1))));
    panics(|| drop(cache.replace(key(1), HookedValue { value: 2, clone: fail, drop: fine })));
    panics(|| drop(cache.remove(&key(1))));
    assert!(!cache.contains(&key(1)), "it was removed before it was cloned");
    check();
    // Eq, of the key that is there.
    thread_local!(static ARMED: Cell<bool> = const { Cell::new(false) });
    let armed: fn(u32) = |_| assert!(!ARMED.get());
    cache.insert(Hooked { id: 2, hook: armed }, value(2));
    ARMED.set(true);
    panics(|| drop(cache.get(&key(2))));
    panics(|| cache.insert(key(2), value(3)));
    panics(|| drop(cache.remove(&key(2))));
    ARMED.set(false);
    assert_eq!(cache.get(&key(2)).unwrap().value, 2);
    check();
    // Drop.
    for _ in 0..10 {
        cache.insert(key(3), HookedValue { value: 3, clone: fine, drop: fail });
    }
    panics(|| cache.clear());
    panics(|| {
        (0..200).for_each(|id| cache.insert(key(3), HookedValue { value: id, clone: fine, drop: fail }));
    });
    panics(|| cache.reclaim());
    cache.clear_quietly();
    check();
    // Computations.
    panics(|| drop(cache.get_or_insert_with(key(4), || panic!())));
    panics(|| assert!(!cache.compute(key(4), |_| panic!())));
    panics(|| cache.read(&key(2), |_| panic!()).unwrap());
    panics(|| {
        cache.insert(key(5), value(5));
        cache.retain(|_, _| panic!());
    });
    check();
    drop(catch_unwind(AssertUnwindSafe(|| drop(cache))));

    // Weigher and listener.
    let weighed = Cache::builder()
        .capacity(3)
        .weigher(|key: &u32, _: &u32| if *key == 7 { panic!() } else { 1 })
        .listener(|key: &u32, _: &u32, _| assert_ne!(*key, 8))
        .build_shared();
    for key in 0..50 {
        let done = catch_unwind(AssertUnwindSafe(|| weighed.insert(key % 10, key)));
        assert!(done.is_ok() || key % 10 == 7 || weighed.len() == 3);
        assert!(weighed.len() <= 3);
        assert_eq!(weighed.get(&(key % 10)).is_some(), key % 10 != 7);
    }
}

/// A key whose drop panics when it is said so, once.
#[derive(PartialEq, Eq)]
struct Bomb<'a>(u32, &'a Cell<u32>);

impl Hash for Bomb<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl Drop for Bomb<'_> {
    fn drop(&mut self) {
        let left = self.1.replace(self.1.get().saturating_sub(1));
        assert_ne!(left, 1);
    }
}

#[test]
fn what_is_returned_is_not_lost_if_a_drop_panics() {
    let fuse = Cell::new(0);
    let key = |number| Bomb(number, &fuse);
    let weigh = |_: &Bomb<'_>, value: &Arc<u32>| **value;
    let cache = Cache::builder().capacity(4).policy(Fifo).weigher(weigh).build_shared();
    let (small, large) = (Arc::new(1), Arc::new(9));
    for nth in 1..4 {
        // More often than one thread can read at once.
        for _ in 0..20 {
            cache.insert(key(1), Arc::clone(&small));
            fuse.set(nth);
            let _ =
                catch_unwind(AssertUnwindSafe(|| cache.get_or_insert_with(key(1), || Arc::clone(&large))));
            fuse.set(nth);
            let _ = catch_unwind(AssertUnwindSafe(|| cache.replace(key(1), Arc::clone(&large))));
            fuse.set(0);
        }
        cache.clear();
        cache.reclaim();
        assert_eq!((Arc::strong_count(&small), Arc::strong_count(&large)), (1, 1));
    }
}

trait Quietly {
    fn clear_quietly(&self);
    fn snapshot_len(&self) -> usize;
}

impl Quietly for SharedCache<Hooked, HookedValue, Fifo> {
    fn clear_quietly(&self) {
        while catch_unwind(AssertUnwindSafe(|| self.clear())).is_err() {}
    }
    fn snapshot_len(&self) -> usize {
        let mut count = 0;
        self.for_each(|_, _| count += 1);
        count
    }
}
