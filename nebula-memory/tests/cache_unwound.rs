//! Panics that are held back one after the other while a cache is cleared, and anything may panic in any call: optimised, too, when
//! all of that becomes one loop.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

use std::cell::Cell;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};

use nebula_memory::cache::Cache;

thread_local! {
    /// The call that panics, counted from here; none if it is negative.
    static UNTIL: Cell<i64> = const { Cell::new(-1) };
    static ALIVE: Cell<usize> = const { Cell::new(0) };
}

fn call() {
    let until = UNTIL.get();
    if until >= 0 {
        UNTIL.set(until - 1);
    }
    assert!(until != 0, "the call that panics");
}

/// A key or a value of which everything is a call.
struct Part(u32, u64);

impl Part {
    fn new(number: u32) -> Self {
        ALIVE.set(ALIVE.get() + 1);
        Self(number, 0)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        ALIVE.set(ALIVE.get() - 1);
        if !std::thread::panicking() {
            call();
        }
    }
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        call();
        self.0 == other.0
    }
}

impl Eq for Part {}

impl Hash for Part {
    fn hash<H: Hasher>(&self, state: &mut H) {
        call();
        state.write_u32(self.0);
    }
}

fn random(mut state: u64) -> impl FnMut(u32) -> u32 {
    move |most| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u32::try_from((state >> 11) % u64::from(most)).expect("less than `most`")
    }
}

#[test]
fn whatever_panics_the_cache_is_in_order() {
    std::panic::set_hook(Box::new(|_| ()));
    for seed in 0..if cfg!(miri) { 2 } else { 60 } {
        let mut random = random((0x9E37_79B9 * (seed + 5)) | 1);
        let mut cache = Cache::builder()
            .capacity(1 + random(9) as usize)
            .hasher(BuildHasherDefault::<DefaultHasher>::default())
            .on_leave(|_: &Part, _: &Part, _| call())
            .build();
        let mut panics = 0;
        for _ in 0..400 {
            let (operation, number, some) = (random(16), random(14), random(100));
            let until = if random(3) == 0 { i64::from(random(12)) } else { -1 };
            let outcome = catch_unwind(AssertUnwindSafe(|| {
                UNTIL.set(until);
                match operation {
                    0..=4 => drop(cache.insert(Part::new(number), Part::new(number))),
                    5 => drop(cache.push(Part::new(number), Part::new(number))),
                    6 | 7 => drop(cache.get(&Part::new(number)).is_some()),
                    8 => drop(cache.remove(&Part::new(number))),
                    9 => cache.retain(|key, _| {
                        call();
                        key.0 % 5 != 0 || some > 30
                    }),
                    10 if some < 20 => cache.clear(),
                    11 => drop(cache.pop()),
                    12 => cache.extend((0..3).map(|next| (Part::new(number + next), Part::new(number)))),
                    _ => cache.iter_mut().for_each(|(_, value)| value.1 += 1),
                }
            }));
            UNTIL.set(-1);
            panics += u32::from(outcome.is_err());
            let entries = cache.iter().count();
            assert_eq!(entries, cache.len());
            assert_eq!(ALIVE.get(), 2 * entries, "after {operation}");
        }
        assert!(panics > 3, "{panics}");
        drop(cache);
        assert_eq!(ALIVE.get(), 0);
    }
}
