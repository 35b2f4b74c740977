//! Whether every pool does what it is measured for: values keep their contents, and slots come back.

use super::contender::{CAPACITY, Contender, Value, Visitor, each};
use super::{objects, shared};
use crate::text::Random;

/// Checks them all.
pub fn check() {
    shared::check();
    objects::check();
    each(&mut Check);
}

struct Check;

impl Visitor for Check {
    fn visit<C: Contender>(&mut self) {
        let mut pool = C::new();
        let mut random = Random::new();
        let mut live: Vec<Option<(u64, C::Full)>> = (0..CAPACITY / 2).map(|_| None).collect();
        for seed in 0..20_000 {
            let place = random.below(live.len());
            match live[place].take() {
                Some((was, full)) => {
                    assert_eq!(*pool.get(&full), Value::new(was), "{}", C::NAME);
                    pool.remove(full);
                }
                None => live[place] = Some((seed, pool.put(|| Value::new(seed)))),
            }
            let slot = pool.acquire();
            pool.release(slot);
        }
        for (was, full) in live.into_iter().flatten() {
            assert_eq!(*pool.get(&full), Value::new(was), "{}", C::NAME);
            assert!(core::ptr::from_ref(pool.get(&full)).is_aligned(), "{}", C::NAME);
            pool.remove(full);
        }
        let slots: Vec<_> = (0..CAPACITY / 2).map(|_| pool.acquire()).collect();
        for slot in slots {
            pool.release(slot);
        }
        println!("ok  {}", C::NAME);
    }
}
