//! What a cache takes besides keys and values, and that a full one asks for no more.
#![cfg(all(not(loom), feature = "cache", feature = "std", not(miri)))]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use nebula_memory::cache::expiry::Ttl;
use nebula_memory::cache::policy::{
    Adaptive, AnyPolicy, Elastic, Fifo, Lfu, Lru, Policy, Random, S3Fifo, Sieve, WTinyLfu,
};
use nebula_memory::cache::{Cache, CacheBuilder, Listener, NoListener, SharedCache};

/// The system's, counting for each thread what it has, and its calls.
struct Counting;

thread_local! {
    static HAS: Cell<(isize, u64)> = const { Cell::new((0, 0)) };
}

fn count(bytes: isize) {
    HAS.with(|has| has.set((has.get().0 + bytes, has.get().1 + 1)));
}

// SAFETY: all is passed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size().cast_signed());
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-layout.size().cast_signed());
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size.cast_signed() - layout.size().cast_signed());
        // SAFETY: as the caller promises.
        unsafe { System.realloc(block, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

const ENTRIES: usize = 100_000;

fn scatter(number: u64) -> u64 {
    let number = (number ^ number >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    number ^ number >> 27
}

/// Bytes an entry over key and value, once the cache is full and has been for a while. After that the allocator is called no more often
/// than policies need to have as many ghosts, or groups, as they will.
#[expect(clippy::cast_precision_loss, reason = "small numbers")]
fn overhead<P: Policy>(policy: P, calls_allowed: u64) -> f64 {
    let before = HAS.with(Cell::get).0;
    let mut cache = Cache::builder().capacity(ENTRIES).policy(policy).build();
    for number in 0..3 * ENTRIES as u64 {
        let key = scatter(number);
        if cache.get(&key).is_none() {
            cache.insert(key, number);
        }
    }
    assert_eq!(cache.len(), ENTRIES);
    let (has, calls) = HAS.with(Cell::get);
    for number in 2 * ENTRIES as u64..4 * ENTRIES as u64 {
        let key = scatter(number);
        if cache.get(&key).is_none() {
            cache.insert(key, number);
        }
    }
    let after = HAS.with(Cell::get);
    assert!(after.1 - calls <= calls_allowed, "{} calls", after.1 - calls);
    (has - before) as f64 / ENTRIES as f64 - 16.0
}

#[test]
fn an_entry_takes_little_more_than_its_key_and_value() {
    let bytes = [
        ("Lru", overhead(Lru, 0), 30.0),
        ("Fifo", overhead(Fifo, 0), 30.0),
        ("Sieve", overhead(Sieve, 0), 30.0),
        ("Random", overhead(Random::default(), 0), 30.0),
        ("Lfu", overhead(Lfu, 8), 40.0),
        ("S3Fifo", overhead(S3Fifo, 4), 48.0),
        ("Elastic", overhead(Elastic, 4), 44.0),
        ("WTinyLfu", overhead(WTinyLfu::default(), 4), 48.0),
        // It may become another policy meanwhile, whose ghosts begin with none and double: some 120 calls each time.
        ("Adaptive", overhead(Adaptive, 500), 1.1 * overhead(WTinyLfu::default(), 4)),
        ("AnyPolicy", overhead(AnyPolicy::from(Lru), 0), 48.0),
    ];
    println!("{bytes:.1?}");
    for (policy, bytes, most) in bytes {
        assert!(bytes <= most, "{policy}: {bytes:.1} bytes");
    }
}

#[test]
fn what_has_no_entries_has_next_to_no_memory() {
    let before = HAS.with(Cell::get).0;
    let cache: Cache<u64, u64, Lru> = Cache::builder().capacity(1_000_000).policy(Lru).build();
    assert!(HAS.with(Cell::get).0 - before < 256);
    drop(cache);
    assert_eq!(HAS.with(Cell::get).0, before);
}

/// Tables that a shared cache has outgrown stay until its end: so there must be few.
#[test]
fn a_shared_cache_that_grows_in_small_steps_takes_no_more() {
    let mut capacity = 1000;
    let before = HAS.with(Cell::get).0;
    let cache: SharedCache<u64, u64> = SharedCache::new(capacity);
    while capacity < ENTRIES / 4 {
        capacity += capacity / 50;
        cache.resize(capacity);
        cache.insert_many((0..capacity as u64).map(|key| (scatter(key), key)));
    }
    let has = (HAS.with(Cell::get).0 - before).cast_unsigned();
    assert!(has < 100 * capacity, "{has} bytes for {capacity} entries");
}

/// How often a full shared cache has called the allocator while entries came in and went, and were looked up.
fn calls_of_a_full_one<P: Policy, L: Listener<u64, u64>>(
    builder: CacheBuilder<u64, u64, P>,
    listener: L,
) -> u64 {
    const ENTRIES: u64 = 2000;
    let cache = builder.capacity(2000).listener(listener).build_shared();
    for number in 0..8 * ENTRIES {
        cache.insert(scatter(number), number);
        cache.get(&scatter(number / 2));
    }
    let before = HAS.with(Cell::get).1;
    for number in 8 * ENTRIES..16 * ENTRIES {
        cache.insert(scatter(number), number);
        assert_eq!(cache.get(&scatter(number)), Some(number));
        cache.get(&scatter(number / 2));
    }
    HAS.with(Cell::get).1 - before
}

#[test]
fn a_full_shared_cache_asks_for_no_more() {
    let new = Cache::builder;
    let told = AtomicUsize::new(0);
    let calls = [
        ("Lru", calls_of_a_full_one(new().policy(Lru), NoListener)),
        ("Fifo", calls_of_a_full_one(new().policy(Fifo), NoListener)),
        ("Lfu", calls_of_a_full_one(new().policy(Lfu), NoListener)),
        ("Random", calls_of_a_full_one(new().policy(Random::default()), NoListener)),
        ("Sieve", calls_of_a_full_one(new().policy(Sieve), NoListener)),
        ("S3Fifo", calls_of_a_full_one(new().policy(S3Fifo), NoListener)),
        ("WTinyLfu", calls_of_a_full_one(new().policy(WTinyLfu::default()), NoListener)),
        ("Ttl", calls_of_a_full_one(new().policy(Ttl::new(S3Fifo, Duration::from_secs(9999))), NoListener)),
        (
            "a listener",
            calls_of_a_full_one(new(), |_: &u64, _: &u64, _| {
                told.fetch_add(1, Ordering::Relaxed);
            }),
        ),
    ];
    // One, if another test's thread is first met while it reads something.
    assert!(calls.iter().all(|&(_, calls)| calls <= 1), "{calls:?}");
    assert!(told.into_inner() >= 14 * 2000, "the listener was told");
}

/// Who wants to use places again has to know who reads: that takes memory once, not each time.
#[test]
fn nor_does_one_that_others_read() {
    let cache: SharedCache<u64, u64> = SharedCache::new(2000);
    let (reads, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|threads| {
        // Always inside of a look-up, or nearly so.
        threads.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                cache.insert(0, 0);
                cache.read(&0, |_| {
                    reads.fetch_add(1, Ordering::Relaxed);
                    thread::sleep(Duration::from_micros(200));
                });
            }
        });
        while reads.load(Ordering::Relaxed) < 3 {
            thread::yield_now();
        }
        let fill = |from: u64| (from..from + 50_000).for_each(|number| cache.insert(scatter(number), number));
        fill(1);
        let before = HAS.with(Cell::get).1;
        fill(100_000);
        fill(200_000);
        let calls = HAS.with(Cell::get).1 - before;
        done.store(true, Ordering::Relaxed);
        assert!(calls <= 1, "{calls}");
    });
}
