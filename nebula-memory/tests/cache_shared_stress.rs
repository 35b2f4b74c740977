//! Threads on shared caches whose keys, values and listeners panic and use the cache: nothing is lost, nothing hangs.
//!
//! For a second; for as many as `NEBULA_STRESS_SECONDS` says.
#![cfg(all(not(loom), not(miri), feature = "cache", feature = "std"))]

mod support;

use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use nebula_memory::cache::policy::{Lru, S3Fifo};
use nebula_memory::cache::{Cache, Cause, SharedCache};
use support::stress::{Random, until};

/// How a panic of ours is told from one of an assertion.
const EXPECTED: &str = "as expected";

thread_local! {
    static RANDOM: Cell<u64> = const { Cell::new(0) };
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// A number less than that, of those of this thread; 1 if it has none.
fn random(below: u64) -> u64 {
    let mut random = Random(RANDOM.get());
    let next = random.next(below);
    RANDOM.set(random.0);
    if random.0 == 0 { 1 } else { next }
}

/// What every callback does: mostly nothing, sometimes it panics, sometimes it uses the cache.
fn mischief() {
    if RANDOM.get() == 0 || thread::panicking() {
        return;
    }
    match random(600) {
        0 => std::panic::panic_any(EXPECTED),
        1..4 if DEPTH.get() < 3 => {
            struct Deeper;
            impl Drop for Deeper {
                fn drop(&mut self) {
                    DEPTH.set(DEPTH.get() - 1);
                }
            }
            DEPTH.set(DEPTH.get() + 1);
            let _deeper = Deeper;
            work();
        }
        _ => {}
    }
}

struct Key(u32);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        mischief();
        self.0 == other.0
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        mischief();
        // Some share theirs.
        (self.0 / 2).hash(state);
    }
}

/// How many there are.
static ALIVE: AtomicUsize = AtomicUsize::new(0);

struct Value(Box<u32>);

impl Value {
    fn new(value: u32) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Self(Box::new(value))
    }
}

impl Clone for Value {
    fn clone(&self) -> Self {
        mischief();
        Self::new(*self.0)
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
        *self.0 = u32::MAX;
        mischief();
    }
}

fn listen(key: &Key, value: &Value, _: Cause) {
    assert_eq!(key.0, *value.0);
    TOLD.fetch_add(1, Ordering::Relaxed);
    mischief();
}

static TOLD: AtomicUsize = AtomicUsize::new(0);

fn weigh(_: &Key, value: &Value) -> u32 {
    mischief();
    *value.0 % 3 + 1
}

type Hasher64 = nebula_memory::cache::DefaultHashBuilder;
type Listen = fn(&Key, &Value, Cause);
type Weigh = fn(&Key, &Value) -> u32;
static ENTRIES: OnceLock<SharedCache<Key, Value, S3Fifo>> = OnceLock::new();
static WEIGHED: OnceLock<SharedCache<Key, Value, Lru, Hasher64, Weigh, Listen>> = OnceLock::new();

macro_rules! on {
    ($cache:expr) => {{
        let cache = $cache;
        let key = u32::try_from(random(120)).unwrap();
        let check = |value: &Value| assert_eq!(*value.0, key);
        match random(40) {
            0..12 => drop(cache.get(&Key(key)).inspect(check)),
            12..16 => drop(cache.read(&Key(key), |value| {
                mischief();
                check(value);
            })),
            16..26 => cache.insert(Key(key), Value::new(key)),
            26..28 => drop(cache.replace(Key(key), Value::new(key)).inspect(check)),
            28..31 => drop(cache.remove(&Key(key)).inspect(check)),
            31..33 => check(&cache.get_or_insert_with(Key(key), || {
                mischief();
                Value::new(key)
            })),
            33..35 => drop(cache.compute(Key(key), |value| {
                mischief();
                value.inspect(|value| check(value)).is_none().then(|| Value::new(key))
            })),
            35 if random(20) == 0 => cache.retain(|key, value| {
                mischief();
                assert_eq!(key.0, *value.0);
                key.0 % 5 != 0
            }),
            36 if random(50) == 0 => cache.clear(),
            37 if random(50) == 0 => cache.resize(usize::try_from(20 + random(60)).unwrap()),
            38 if random(20) == 0 => cache.reclaim(),
            39 => drop(cache.get_many(&[&Key(key), &Key(key + 1)])),
            _ => assert!(cache.len() <= 80 && cache.weight() <= 80),
        }
    }};
}

fn work() {
    if random(2) == 0 {
        on!(ENTRIES.get().unwrap());
    } else {
        on!(WEIGHED.get().unwrap());
    }
}

#[test]
fn nothing_is_lost_and_nothing_hangs() {
    // What is expected is not to be printed.
    std::panic::set_hook(Box::new(|panic| {
        if panic.payload().downcast_ref::<&str>() != Some(&EXPECTED) {
            eprintln!("{panic}");
        }
    }));
    ENTRIES.get_or_init(|| Cache::builder().capacity(80).policy(S3Fifo).shards(2).build_shared());
    WEIGHED.get_or_init(|| {
        let cache = Cache::builder().capacity(80).policy(Lru).shards(1);
        cache.weigher(weigh as Weigh).listener(listen as Listen).build_shared()
    });
    let (end, panics) = (until(), AtomicUsize::new(0));
    let mut generation = 0_u64;
    while Instant::now() < end {
        generation += 1;
        thread::scope(|threads| {
            for number in 0..4 {
                let panics = &panics;
                threads.spawn(move || {
                    RANDOM.set((generation * 4 + number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
                    for _ in 0..2000 {
                        if let Err(panic) = catch_unwind(AssertUnwindSafe(work)) {
                            assert_eq!(panic.downcast_ref::<&str>(), Some(&EXPECTED));
                            panics.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                    RANDOM.set(0);
                });
            }
        });
    }
    let (entries, weighed) = (ENTRIES.get().unwrap(), WEIGHED.get().unwrap());
    let count = AtomicUsize::new(0);
    entries.for_each(|_, _| _ = count.fetch_add(1, Ordering::Relaxed));
    weighed.for_each(|_, _| _ = count.fetch_add(1, Ordering::Relaxed));
    assert_eq!(count.into_inner(), entries.len() + weighed.len());
    entries.reclaim();
    weighed.reclaim();
    assert_eq!(ALIVE.load(Ordering::Relaxed), entries.len() + weighed.len());
    entries.clear();
    weighed.clear();
    assert_eq!(ALIVE.load(Ordering::Relaxed), 0);
    assert!(panics.load(Ordering::Relaxed) > 0 && TOLD.load(Ordering::Relaxed) > 0);
    eprintln!("{generation} generations of threads, {panics:?} panics, {TOLD:?} that left");
}
