//! `#[pooled(stats)]` at run time: what is counted, and that nothing is where it is not asked for.
#![cfg(feature = "macros")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use nebula_memory::{FixedPool, FixedPoolStats, PoolBox, Pooled};

/// The numbers in order: in use, high water, acquired, released, exhausted.
fn numbers(stats: FixedPoolStats) -> [usize; 5] {
    [stats.in_use, stats.high_water, stats.acquired, stats.released, stats.exhausted]
}

#[derive(Pooled)]
#[pooled(capacity = 3, stats, on_release = Self::released)]
struct Record {
    id: u64,
    text: String,
    panics: bool,
}

impl Record {
    fn released(&mut self) {
        assert!(!self.panics, "hook");
    }
}

#[test]
fn each_slot_is_counted_when_it_goes_and_when_it_comes() {
    let stats = || numbers(Record::pool().stats());
    let make = |panics| -> PoolBox<Record> {
        Record::acquire().unwrap().id(1).text("text".into()).panics(panics).finish()
    };
    assert_eq!((Record::pool().stats().capacity, stats()), (3, [0; 5]));
    let first = make(false);
    drop(Record::acquire().unwrap().text("half".into()));
    assert_eq!(stats(), [1, 2, 2, 1, 0]);
    let all = (first, make(true), make(false));
    assert!(Record::acquire().is_err());
    assert!(Record::acquire().is_err());
    assert_eq!(stats(), [3, 3, 4, 1, 2]);
    let (first, panicking, last) = all;
    assert!(catch_unwind(AssertUnwindSafe(|| drop(panicking))).is_err());
    let (slot, value) = PoolBox::take(last);
    assert_eq!((stats(), value.id), ([2, 3, 4, 2, 2], 1));
    drop((slot, first));
    assert_eq!(stats(), [0, 3, 4, 4, 2]);
    assert_eq!((Record::pool().capacity(), Record::pool().available(), Record::pool().in_use()), (3, 3, 0));
    // A pool of one's own is another one.
    let own = FixedPool::<Record, 1>::new();
    drop(Record::build_in(&own).unwrap());
    assert_eq!(stats()[2], 4);
}

#[derive(Pooled)]
#[pooled(capacity = 8, stats)]
struct Shared {
    owner: usize,
}

#[test]
fn threads_lose_no_count() {
    let rounds = if cfg!(miri) { 20 } else { 5_000 };
    std::thread::scope(|scope| {
        for owner in 0..4 {
            scope.spawn(move || {
                for _ in 0..rounds {
                    let both = [owner, owner].map(|owner| Shared::acquire().unwrap().owner(owner).finish());
                    assert!(both.iter().all(|value| value.owner == owner));
                }
            });
        }
    });
    let stats = Shared::pool().stats();
    assert_eq!((stats.acquired, stats.released, stats.exhausted), (8 * rounds, 8 * rounds, 0));
    assert!((2..=8).contains(&stats.high_water));
}

#[test]
fn values_without_size_count_too() {
    #[derive(Pooled)]
    #[pooled(capacity = 2, stats, align = 4096)]
    struct Token;
    let both = [(), ()].map(|()| Token::acquire().unwrap().finish());
    assert_eq!((&raw const *both[1]).addr() % 4096, 0);
    drop(both);
    assert_eq!(numbers(Token::pool().stats()), [0, 2, 2, 2, 0]);
}

#[cfg(feature = "alloc")]
#[test]
fn what_goes_to_the_heap_found_no_slot() {
    #[derive(Pooled)]
    #[pooled(capacity = 1, stats, on_exhausted = heap)]
    struct Item {
        id: u8,
    }
    let all: Vec<_> = (0..4).map(|id| Item::acquire().unwrap().id(id).finish()).collect();
    assert_eq!((numbers(Item::pool().stats()), all[3].id), ([1, 1, 1, 0, 3], 3));
    drop(all);
    assert_eq!(numbers(Item::pool().stats()), [0, 1, 1, 1, 3]);
}

#[cfg(feature = "std")]
#[test]
fn each_thread_counts_its_own() {
    #[derive(Pooled)]
    #[pooled(capacity = 2, stats, threading = local)]
    struct Item {
        id: std::rc::Rc<u8>,
    }
    let stats = || numbers(Item::pool().stats());
    assert_eq!((Item::pool().stats().capacity, stats()), (2, [0; 5]));
    let kept = Item::acquire().unwrap().id(1.into()).finish();
    std::thread::spawn(move || {
        assert_eq!(stats(), [0; 5]);
        let both = [1, 2].map(|id| Item::acquire().unwrap().id(id.into()).finish());
        assert_eq!((Item::acquire().is_err(), *both[1].id), (true, 2));
        drop(both);
        assert_eq!(stats(), [0, 2, 2, 2, 1]);
    })
    .join()
    .unwrap();
    assert_eq!((stats(), *kept.id), ([1, 1, 1, 0, 0], 1));
}

#[test]
fn a_pool_that_does_not_count_is_no_larger() {
    #[derive(Pooled)]
    #[pooled(capacity = 4)]
    struct Plain {
        id: u64,
    }
    #[derive(Pooled)]
    #[pooled(capacity = 4, stats)]
    struct Counting {
        id: u64,
    }
    assert_eq!(Plain::POOL_BYTES, size_of::<FixedPool<u64, 4>>());
    assert_eq!(Counting::POOL_BYTES - Plain::POOL_BYTES, 6 * size_of::<usize>());
    let sum = Plain::acquire().unwrap().id(1).finish().id + Counting::acquire().unwrap().id(2).finish().id;
    assert_eq!((sum, size_of::<PoolBox<Counting>>()), (3, size_of::<usize>()));
}
