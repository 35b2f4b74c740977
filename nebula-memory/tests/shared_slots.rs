//! Pools that threads share: each has free slots of its own at hand, and yet none is lost to the others.
#![cfg(all(not(loom), feature = "std", target_has_atomic = "64"))]

use std::sync::mpsc;
use std::thread;

use nebula_memory::{AllocErrorCode, FixedPool, PoolBox, Shared};

type Pool<const CAP: usize> = FixedPool<Marked, CAP, 1, Shared>;

/// Whose it is: two owners of one slot would overwrite each other's mark.
struct Marked([u64; 3]);

impl Marked {
    fn new(owner: u64, round: u64) -> Self {
        Self([owner, round, owner ^ round])
    }

    fn assert(&self, owner: u64) {
        assert_eq!((self.0[0], self.0[0] ^ self.0[1]), (owner, self.0[2]));
    }
}

const ROUNDS: u64 = if cfg!(miri) { 30 } else { 20_000 };

/// `THREADS` threads that hold up to their part of the slots, all together all of them: nobody may be told that there is none.
fn everybody_gets_a_share<const CAP: usize, const THREADS: usize>() {
    let pool = Pool::<CAP>::new();
    let (pool, share) = (&pool, CAP / THREADS);
    thread::scope(|scope| {
        for owner in 0..THREADS as u64 {
            scope.spawn(move || {
                let mut held: Vec<PoolBox<Marked, &Pool<CAP>>> = Vec::new();
                let mut random = owner + 1;
                for round in 0..ROUNDS {
                    random = random
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    if held.len() < share && (held.is_empty() || random >> 62 != 0) {
                        let slot = pool.alloc_with(|| Marked::new(owner, round));
                        held.push(slot.expect("all others have their share at most"));
                    } else {
                        let one = usize::try_from(random >> 33).unwrap() % held.len();
                        held.swap_remove(one).assert(owner);
                    }
                }
                for one in &held {
                    one.assert(owner);
                }
            });
        }
    });
    assert_eq!((pool.available(), pool.in_use()), (CAP, 0));
}

#[test]
fn no_slot_is_out_of_reach_of_another_thread() {
    everybody_gets_a_share::<4, 2>();
    everybody_gets_a_share::<32, 2>();
    everybody_gets_a_share::<64, 2>();
    everybody_gets_a_share::<64, 4>();
    everybody_gets_a_share::<130, 5>();
    everybody_gets_a_share::<512, 4>();
}

#[test]
fn what_a_thread_gave_back_is_there_for_the_next_one() {
    let pool = Pool::<1000>::new();
    for owner in 0..if cfg!(miri) { 2 } else { 20 } {
        thread::scope(|scope| {
            scope.spawn(|| {
                let all: Vec<_> =
                    (0..1000).map(|round| pool.alloc_with(|| Marked::new(owner, round)).unwrap()).collect();
                let error = pool.acquire().unwrap_err();
                assert_eq!(error.code(), AllocErrorCode::PoolExhausted);
                assert_eq!((pool.available(), pool.in_use()), (0, 1000));
                for one in &all {
                    one.assert(owner);
                }
            });
        });
        assert_eq!(pool.available(), 1000);
    }
}

#[test]
fn slots_of_many_short_threads_come_together_again() {
    let pool = Pool::<200>::new();
    for generation in 0..if cfg!(miri) { 2 } else { 40 } {
        thread::scope(|scope| {
            for owner in 0..8 {
                let pool = &pool;
                scope.spawn(move || {
                    for round in 0..if cfg!(miri) { 3 } else { 50 } {
                        let held: Vec<_> = (0..(generation + owner + round) % 26)
                            .filter_map(|_| pool.alloc_with(|| Marked::new(owner, round)).ok())
                            .collect();
                        for one in &held {
                            one.assert(owner);
                        }
                    }
                });
            }
        });
        assert_eq!(pool.available(), 200);
        let all: Vec<_> = (0..200).map(|_| pool.acquire().expect("all are free")).collect();
        assert!(pool.acquire().is_err());
        drop(all);
    }
}

#[test]
fn what_is_taken_here_and_given_back_there_does_not_run_dry() {
    static POOL: Pool<256> = Pool::new();
    let (sender, receiver) = mpsc::sync_channel::<PoolBox<Marked, &'static Pool<256>>>(100);
    let consumer = thread::spawn(move || {
        for one in receiver {
            one.assert(7);
        }
    });
    for round in 0..ROUNDS {
        // The channel, the consumer and we have 102 at most.
        sender.send(POOL.alloc_with(|| Marked::new(7, round)).expect("most are free")).unwrap();
    }
    drop(sender);
    consumer.join().unwrap();
    assert_eq!(POOL.available(), 256);
}

#[test]
fn a_slot_can_be_had_in_destructors_of_a_thread() {
    static POOL: Pool<64> = Pool::new();
    struct Late;
    impl Drop for Late {
        fn drop(&mut self) {
            let one = POOL.alloc_with(|| Marked::new(1, 2)).unwrap();
            one.assert(1);
        }
    }
    thread_local!(static EARLY: Late = const { Late }; static LATE: Late = const { Late });
    for _ in 0..3 {
        thread::spawn(|| {
            EARLY.with(|_| ());
            drop(POOL.alloc_with(|| Marked::new(1, 2)).unwrap());
            LATE.with(|_| ());
        })
        .join()
        .unwrap();
        assert_eq!(POOL.available(), 64);
    }
}

#[test]
fn a_pool_may_be_moved_while_its_slots_are_free() {
    let pool = Pool::<100>::new();
    let held: Vec<_> = (0..60).map(|round| pool.alloc_with(|| Marked::new(3, round)).unwrap()).collect();
    drop(held);
    let pool = Box::new(pool);
    let held: Vec<_> = (0..100).map(|round| pool.alloc_with(|| Marked::new(3, round)).unwrap()).collect();
    for one in &held {
        one.assert(3);
    }
    assert_eq!(pool.available(), 0);
}

/// What a pool has beside its slots: no more than two words of four bytes for each, and two for all.
#[test]
fn a_pool_is_hardly_larger_than_its_slots() {
    fn check<const CAP: usize>() {
        assert!(size_of::<FixedPool<u64, CAP>>() <= 16 + CAP * (8 + 8));
    }
    check::<1>();
    check::<8>();
    check::<31>();
    check::<64>();
    check::<1024>();
    check::<100_000>();
}

#[test]
#[cfg_attr(miri, expect(unused, reason = "there is no executable"))]
fn a_pool_in_a_static_takes_nothing_in_the_executable() {
    static LARGE: FixedPool<[u8; 65_536], 4096> = FixedPool::new();
    #[cfg(not(miri))]
    {
        assert_eq!(LARGE.available(), 4096);
        let executable = std::env::current_exe().unwrap().metadata().unwrap().len();
        let pool = size_of_val(&LARGE) as u64;
        assert!(pool > 1 << 28 && executable < pool / 2, "{executable} bytes with a pool of {pool}");
    }
}
