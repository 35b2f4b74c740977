//! What a cache takes besides keys and values, and that a full one asks for no more.
#![cfg(all(not(loom), feature = "cache", feature = "std", not(miri)))]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use nebula_memory::cache::policy::{
    Adaptive, AnyPolicy, Fifo, Lfu, Lru, Policy, Random, S3Fifo, Sieve, WTinyLfu,
};
use nebula_memory::cache::{Cache, SharedCache};

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
