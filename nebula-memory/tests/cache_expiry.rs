//! Entries whose time ends: never served when it has, collected by writes, told of once.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use nebula_memory::cache::expiry::{Clock, ManualClock, PerEntryTtl, Tti, Ttl};
use nebula_memory::cache::policy::{Fifo, Lru, NoteOf, Policy, Ranking};
use nebula_memory::cache::{Cache, Cause, DefaultHashBuilder, Listener, Pinnable, UnitWeight};

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The last moment before.
fn before(time: Duration) -> Duration {
    time.saturating_sub(Duration::from_nanos(1))
}

/// What a listener was told.
type Told = RefCell<Vec<(u32, u32, Cause)>>;

fn tell(told: &Told) -> impl Listener<u32, u32> {
    |key: &u32, value: &u32, cause| told.borrow_mut().push((*key, *value, cause))
}

fn cache<P: Policy>(capacity: usize, policy: P) -> Cache<u32, u32, P> {
    Cache::builder().capacity(capacity).policy(policy).build()
}

fn listened<P: Policy, L: Listener<u32, u32>>(
    capacity: usize,
    policy: P,
    listener: L,
) -> Cache<u32, u32, P, DefaultHashBuilder, UnitWeight, L> {
    Cache::builder().capacity(capacity).policy(policy).listener(listener).build()
}

fn get<P: Policy, const N: usize>(cache: &mut Cache<u32, u32, P>, keys: [u32; N]) -> [Option<u32>; N] {
    keys.map(|key| cache.get(&key).copied())
}

type Aged = Cache<u32, u32, Ttl<Lru, ManualClock>>;
/// Whether it is seen.
type Look = fn(&mut Aged) -> bool;

#[test]
fn no_look_up_serves_what_is_over() {
    let clock = ManualClock::new();
    let make = || cache(10, Ttl::new(Lru, secs(10)).with_clock(clock.clone()));
    let looks: [(&str, Look); 11] = [
        ("get", |cache| cache.get(&1).is_some()),
        ("get_mut", |cache| cache.get_mut(&1).is_some()),
        ("get_key_value", |cache| cache.get_key_value(&1).is_some()),
        ("peek", |cache| cache.peek(&1).is_some()),
        ("contains", |cache| cache.contains(&1)),
        ("remove", |cache| cache.remove(&1).is_some()),
        ("insert", |cache| cache.insert(1, 2).is_some()),
        ("iter", |cache| cache.iter().next().is_some()),
        ("iter_mut", |cache| cache.iter_mut().next().is_some()),
        ("retain", |cache| {
            let mut seen = false;
            cache.retain(|_, _| {
                seen = true;
                true
            });
            seen
        }),
        ("drain", |cache| cache.drain().next().is_some()),
    ];
    for (name, look) in looks {
        clock.set(secs(100));
        let mut cache = make();
        cache.insert(1, 1);
        clock.set(before(secs(110)));
        assert!(look(&mut cache), "{name}: its last moment");
        clock.set(secs(100));
        let mut cache = make();
        cache.insert(1, 1);
        clock.set(secs(110));
        assert!(!look(&mut cache), "{name}: its time is over");
    }
}

#[test]
fn a_look_up_that_finds_it_over_puts_it_away() {
    let (clock, told) = (ManualClock::new(), Told::default());
    let mut cache = listened(10, Ttl::new(Lru, secs(10)).with_clock(clock.clone()), tell(&told));
    cache.insert(1, 1);
    clock.set(secs(10));
    assert_eq!(cache.peek(&1), None);
    assert_eq!((cache.len(), told.borrow().len()), (1, 0));
    assert_eq!(cache.get(&1), None);
    assert_eq!(cache.get(&1), None);
    assert_eq!(cache.len(), 0);
    assert_eq!(*told.borrow(), [(1, 1, Cause::Expired)]);
    let stats = cache.stats();
    assert_eq!((stats.hits, stats.misses, stats.evictions), (0, 2, 1));
}

#[test]
fn a_value_for_one_that_is_over_replaces_nothing() {
    let (clock, told) = (ManualClock::new(), Told::default());
    let mut cache = listened(10, Ttl::new(Lru, secs(10)).with_clock(clock.clone()), tell(&told));
    cache.insert(1, 1);
    clock.set(secs(10));
    assert_eq!(cache.insert(1, 2), None);
    assert_eq!(*told.borrow(), [(1, 1, Cause::Expired)]);
    clock.set(secs(19));
    assert_eq!(cache.get(&1), Some(&2));
    assert_eq!(cache.insert(1, 3), Some(2));
    assert_eq!(told.borrow()[1..], [(1, 2, Cause::Replaced)]);
}

#[test]
fn a_new_value_has_all_its_time() {
    let clock = ManualClock::new();
    let mut cache = cache(2, Ttl::new(Fifo, secs(10)).with_clock(clock.clone()));
    let fresh_at_eight: [fn(&mut Cache<u32, u32, _>); 4] = [
        |cache| assert_eq!(cache.insert(1, 2), Some(1)),
        |cache| {
            cache.remove(&1);
            cache.insert(1, 2);
        },
        |cache| {
            // It is evicted, and comes again.
            cache.extend([(5, 5), (6, 6), (1, 2)]);
        },
        |cache| {
            cache.clear();
            cache.insert(1, 2);
        },
    ];
    for (round, renew) in (0..).zip(fresh_at_eight) {
        let start = secs(round * 1000);
        clock.set(start);
        cache.insert(1, 1);
        clock.set(start + secs(8));
        renew(&mut cache);
        // What the old value had left kills no later one, whatever is collected meanwhile.
        clock.set(start + secs(10));
        cache.insert(7, 7);
        clock.set(before(start + secs(18)));
        assert_eq!(cache.get(&1), Some(&2), "round {round}");
        clock.set(start + secs(18));
        assert_eq!(cache.get(&1), None, "round {round}");
    }
}

#[test]
fn uses_put_the_end_off_and_looks_do_not() {
    let clock = ManualClock::new();
    let mut cache = cache(10, Tti::new(Lru, secs(10)).with_clock(clock.clone()));
    cache.extend([(1, 1), (2, 2), (3, 3)]);
    clock.set(secs(9));
    assert!(cache.get(&1).is_some());
    assert!(cache.peek(&2).is_some() && cache.contains(&2) && cache.iter().count() == 3);
    assert_eq!(cache.insert(3, 4), Some(3));
    clock.set(secs(10));
    assert_eq!(get(&mut cache, [1, 2, 3]), [Some(1), None, Some(4)]);
    // Time and again, and what is collected by the way does not touch it.
    for round in 2..50 {
        clock.set(secs(round * 9));
        assert!(cache.get(&1).is_some());
        cache.insert(1000, 0);
    }
    clock.advance(secs(10));
    assert_eq!(cache.get(&1), None);
}

#[test]
fn both_times_count() {
    let clock = ManualClock::new();
    let policy =
        Ttl::new(Tti::new(Lru, secs(3)).with_clock(clock.clone()), secs(10)).with_clock(clock.clone());
    let mut cache = cache(10, policy);
    cache.extend([(1, 1), (2, 2)]);
    for _ in 0..3 {
        clock.advance(secs(2));
        assert!(cache.get(&1).is_some());
    }
    assert_eq!(cache.get(&2), None, "not used for three seconds");
    clock.set(secs(8));
    assert!(cache.get(&1).is_some());
    clock.set(secs(10));
    assert_eq!(cache.get(&1), None, "ten seconds old");
}

#[test]
fn each_has_a_time_of_its_own() {
    let clock = ManualClock::new();
    let mut cache = cache(10, PerEntryTtl::new(Lru).with_clock(clock.clone()));
    assert_eq!(cache.insert_for(1, 1, secs(1)), None);
    assert_eq!(cache.insert_for(2, 2, secs(2)), None);
    cache.insert(3, 3);
    cache.insert_for(4, 4, Duration::MAX);
    assert_eq!(cache.insert_for(5, 5, Duration::ZERO), None);
    assert_eq!(cache.get(&5), None);
    clock.set(secs(1));
    assert_eq!(get(&mut cache, [1, 2]), [None, Some(2)]);
    // What comes after it does not have what was left.
    assert_eq!(cache.insert_for(2, 20, secs(5)), Some(2));
    clock.set(before(secs(6)));
    assert_eq!(cache.get(&2), Some(&20));
    assert_eq!(cache.insert(2, 21), Some(20));
    clock.set(secs(1_000_000_000));
    assert_eq!(get(&mut cache, [2, 3, 4]), [Some(21), Some(3), Some(4)]);
}

#[test]
fn a_value_has_its_own_time_though_the_listener_panics() {
    let clock = ManualClock::new();
    let policy = PerEntryTtl::new(Lru).with_clock(clock.clone());
    let weigh = |_: &u32, weight: &u32| *weight;
    let listener = |_: &u32, _: &u32, cause: Cause| assert_ne!(cause, Cause::Replaced);
    let mut cache = Cache::builder().capacity(10).policy(policy).weigher(weigh).listener(listener).build();
    for weight in [3, 2, 3, 4] {
        cache.insert_for(1, 3, secs(1));
        let replace = || cache.insert_for(1, weight, secs(1));
        assert!(catch_unwind(AssertUnwindSafe(replace)).is_err());
        clock.advance(secs(2));
        assert_eq!(cache.peek(&1), None, "a value that weighs {weight} for one that weighs 3");
    }
}

#[test]
fn those_without_have_the_time_of_the_others() {
    let clock = ManualClock::new();
    let policy = PerEntryTtl::new(Lru).or(secs(5)).with_clock(clock.clone());
    let mut cache = cache(10, Tti::new(policy, secs(7)).with_clock(clock.clone()));
    cache.insert(1, 1);
    cache.insert_for(2, 2, secs(20));
    clock.set(secs(5));
    assert_eq!(get(&mut cache, [1, 2]), [None, Some(2)]);
    clock.set(secs(12));
    assert_eq!(cache.get(&2), None, "not used for seven seconds");
}

#[test]
fn what_is_over_leaves_before_what_lives() {
    let (clock, told) = (ManualClock::new(), Told::default());
    let policy = PerEntryTtl::new(Lru).with_clock(clock.clone());
    let mut cache = listened(4, policy, tell(&told));
    cache.extend([(1, 1), (2, 2), (3, 3)]);
    cache.insert_for(4, 4, secs(1));
    assert!(cache.get(&4).is_some());
    clock.set(secs(1) + Duration::from_millis(1));
    cache.insert(5, 5);
    assert_eq!(*told.borrow(), [(4, 4, Cause::Expired)]);
    assert_eq!((1..=5).filter(|key| cache.contains(key)).collect::<Vec<_>>(), [1, 2, 3, 5]);
    cache.insert(6, 6);
    assert_eq!(told.borrow()[1..], [(1, 1, Cause::Capacity)]);
}

#[test]
fn writes_collect_what_nobody_looks_up() {
    let (clock, told) = (ManualClock::new(), Told::default());
    let mut cache = listened(1000, Ttl::new(Lru, secs(1)).with_clock(clock.clone()), tell(&told));
    cache.extend((0..600).map(|key| (key, key)));
    clock.set(secs(2));
    cache.extend((1000..1399).map(|key| (key, key)));
    assert_eq!(cache.len(), 399);
    assert_eq!(told.borrow().len(), 600);
    assert!(told.borrow().iter().all(|(_, _, cause)| *cause == Cause::Expired));
    let mut keys: Vec<_> = told.borrow().iter().map(|(key, ..)| *key).collect();
    keys.sort_unstable();
    assert!(keys.into_iter().eq(0..600), "each once");
}

#[test]
fn all_that_is_over_can_be_put_away_at_once() {
    let (clock, told) = (ManualClock::new(), Told::default());
    let policy = PerEntryTtl::new(Lru).with_clock(clock.clone());
    let mut cache = listened(1000, policy, tell(&told));
    for key in 0..500 {
        cache.insert_for(key, key, secs(u64::from(key) + 1));
    }
    clock.set(secs(100));
    assert_eq!(cache.remove_expired(), 100);
    assert_eq!((cache.len(), told.borrow().len()), (400, 100));
    assert_eq!(cache.remove_expired(), 0);
}

#[test]
fn a_clock_that_goes_back_gives_time_and_breaks_nothing() {
    let clock = ManualClock::new();
    let mut cache = cache(10, Ttl::new(Lru, secs(10)).with_clock(clock.clone()));
    clock.set(secs(1_000_000));
    cache.insert(1, 1);
    clock.set(secs(1_000_009));
    cache.insert(2, 2);
    clock.set(secs(5));
    cache.insert(3, 3);
    assert!(cache.get(&1).is_some() && cache.get(&2).is_some() && cache.get(&3).is_some());
    clock.set(secs(15));
    assert_eq!(cache.get(&3), None, "its deadline is that of the clock");
    clock.set(secs(1_000_010));
    cache.insert(4, 4);
    assert_eq!(get(&mut cache, [1, 2]), [None, Some(2)]);
    clock.set(Duration::MAX);
    assert_eq!(get(&mut cache, [2, 4]), [None, None]);
}

#[test]
fn jitter_takes_time_off_and_differs() {
    let clock = ManualClock::new();
    let policy = Ttl::new(Lru, secs(100)).with_jitter(secs(20)).with_clock(clock.clone());
    let mut cache = cache(1000, policy);
    cache.extend((0..1000).map(|key| (key, key)));
    let alive = |cache: &Cache<_, _, _>, at| {
        clock.set(at);
        cache.iter().count()
    };
    assert_eq!(alive(&cache, before(secs(80))), 1000);
    let half = alive(&cache, secs(90));
    assert!((400..600).contains(&half), "{half} of 1000");
    let last = alive(&cache, secs(99));
    assert!((10..100).contains(&last), "{last} of 1000");
    assert_eq!(alive(&cache, secs(100)), 0);

    // More jitter than time is as much.
    let mut cache =
        self::cache(10, Ttl::new(Lru, secs(1)).with_jitter(Duration::MAX).with_clock(clock.clone()));
    cache.insert(1, 1);
    clock.advance(secs(1));
    assert_eq!(cache.get(&1), None);
}

#[test]
fn it_tells_how_long_each_has() {
    let clock = ManualClock::new();
    let policy = PerEntryTtl::new(Lru).with_clock(clock.clone());
    let mut cache = cache(10, Tti::new(policy, secs(7)).with_clock(clock.clone()));
    cache.insert_for(1, 1, secs(5));
    cache.insert_for(2, 2, secs(50));
    cache.insert(3, 3);
    clock.set(secs(4));
    assert_eq!(
        [1, 2, 3, 4].map(|key| cache.time_left(&key)),
        [Some(secs(1)), Some(secs(3)), Some(secs(3)), None]
    );
    assert!(cache.get(&2).is_some());
    clock.set(secs(5));
    assert_eq!([1, 2, 3].map(|key| cache.time_left(&key)), [None, Some(secs(6)), Some(secs(2))]);
    let mut for_ever = self::cache(10, PerEntryTtl::new(Lru).with_clock(clock));
    for_ever.insert(1, 1);
    assert_eq!(for_ever.time_left(&1), Some(Duration::MAX));
}

#[test]
fn no_time_and_all_time() {
    let clock = ManualClock::new();
    let mut none = cache(10, Ttl::new(Lru, Duration::ZERO).with_clock(clock.clone()));
    none.insert(1, 1);
    assert_eq!(none.get(&1), None);
    let mut idle = cache(10, Tti::new(Lru, Duration::ZERO).with_clock(clock.clone()));
    idle.insert(1, 1);
    assert_eq!(idle.get(&1), None);
    let mut all = cache(10, Ttl::new(Lru, Duration::MAX).with_clock(clock.clone()));
    all.insert(1, 1);
    clock.set(secs(1 << 33));
    all.insert(2, 2);
    assert_eq!(get(&mut all, [1, 2]), [Some(1), Some(2)]);
}

#[test]
fn a_copy_has_the_same_deadlines() {
    let clock = ManualClock::new();
    let mut cache = cache(10, Tti::new(Lru, secs(10)).with_clock(clock.clone()));
    cache.insert(1, 1);
    clock.set(secs(9));
    let mut copy = cache.clone();
    assert!(cache.get(&1).is_some());
    clock.set(secs(10));
    assert_eq!((get(&mut cache, [1]), get(&mut copy, [1])), ([Some(1)], [None]));
}

#[test]
fn the_builder_adds_times_to_any_policy() {
    let mut cache = Cache::builder().capacity(10).policy(Fifo).tti(secs(3600)).ttl(secs(7200)).build();
    cache.insert(1, "one");
    assert_eq!(cache.get(&1), Some(&"one"));
    let mut over = Cache::builder().capacity(10).ttl(Duration::ZERO).build();
    over.insert(1, "one");
    assert_eq!(over.get(&1), None);
}

#[test]
#[cfg(feature = "std")]
fn the_clock_of_the_machine_goes_on() {
    use nebula_memory::cache::expiry::Monotonic;

    let before = Monotonic.now();
    std::thread::sleep(Duration::from_millis(2));
    assert!(Monotonic.now() >= before + Duration::from_millis(2));
    assert_eq!(size_of::<Monotonic>(), 0);

    let mut cache = cache(10, Tti::new(Lru, Duration::from_millis(5)));
    cache.insert(1, 1);
    std::thread::sleep(Duration::from_millis(6));
    assert_eq!(cache.get(&1), None);
}

/// A clock that does not always work.
#[derive(Clone, Debug)]
struct Broken<'c>(&'c Cell<u32>);

// SAFETY: the tests that use it have one thread.
unsafe impl Sync for Broken<'_> {}
// SAFETY: as above.
unsafe impl Send for Broken<'_> {}

impl Clock for Broken<'_> {
    fn now(&self) -> Duration {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        assert_ne!(left, 1, "it stands still");
        secs(1)
    }
}

#[test]
fn a_clock_that_panics_ends_the_call_and_no_more() {
    for asked in 1..5 {
        let left = Cell::new(0);
        let policy = Pinnable::new(PerEntryTtl::new(Lru).or(secs(5)).with_clock(Broken(&left)));
        let mut cache = cache(4, policy);
        cache.extend([(1, 1), (2, 2), (3, 3), (4, 4)]);
        cache.pin(&1);
        let calls: [fn(&mut Cache<u32, u32, _>); 4] = [
            |cache| {
                cache.insert(5, 5);
            },
            |cache| {
                cache.insert(1, 10);
            },
            |cache| {
                cache.insert_for(1, 10, secs(1));
            },
            |cache| {
                cache.get(&3);
            },
        ];
        for (which, call) in (0..).zip(calls) {
            left.set(asked);
            let panicked = catch_unwind(AssertUnwindSafe(|| call(&mut cache))).is_err();
            assert_eq!(panicked, left.get() == 0);
            left.set(0);
            // All that is there can leave, once.
            cache.extend((10..30).map(|key| (key, key)));
            assert_eq!(cache.len(), 4);
            assert!((27..30).all(|key| cache.contains(&key)), "{asked} {which} {cache:?}");
        }
    }
}

#[test]
fn a_weight_is_that_of_the_value_though_the_clock_panics() {
    for asked in 1..6 {
        let left = Cell::new(0);
        let policy = Ttl::new(Lru, secs(5)).with_clock(Broken(&left));
        let weigh = |_: &u32, weight: &u32| *weight;
        let mut cache = Cache::builder().capacity(10).policy(policy).weigher(weigh).build();
        cache.insert(1, 5);
        left.set(asked);
        let _ = catch_unwind(AssertUnwindSafe(|| cache.insert(1, 3)));
        left.set(0);
        let mut there = 0;
        cache.retain(|_, weight| {
            there += *weight as usize;
            true
        });
        assert_eq!(cache.weight(), there, "asked {asked} times");
    }
}

/// Each value that came in is there or was told of, once.
#[test]
fn the_listener_is_told_though_the_clock_panics() {
    type Timed<'c, L> = Cache<u32, u32, Ttl<Lru, Broken<'c>>, DefaultHashBuilder, UnitWeight, L>;
    fn calls<'c, L: Listener<u32, u32>>() -> [fn(&mut Timed<'c, L>); 4] {
        [
            |cache| {
                cache.insert(4, 40);
            },
            |cache| {
                cache.insert(1, 10);
            },
            |cache| cache.resize(1),
            |cache| {
                cache.pop();
            },
        ]
    }
    for (asked, which) in (1..8).flat_map(|asked| (0..4).map(move |which| (asked, which))) {
        let left = Cell::new(0);
        let told = Told::default();
        let mut cache = listened(3, Ttl::new(Lru, secs(5)).with_clock(Broken(&left)), tell(&told));
        cache.extend([(1, 1), (2, 2), (3, 3)]);
        left.set(asked);
        let _ = catch_unwind(AssertUnwindSafe(|| calls()[which](&mut cache)));
        left.set(0);
        cache.clear();
        let mut values: Vec<u32> = told.borrow().iter().map(|(_, value, _)| *value).collect();
        values.retain(|value| *value < 10);
        values.sort_unstable();
        assert_eq!(values, [1, 2, 3], "{which}, asked {asked} times");
    }
}

#[test]
fn what_lives_for_ever_asks_no_clock() {
    let left = Cell::new(1);
    let mut cache = cache(2, PerEntryTtl::new(Lru).with_clock(Broken(&left)));
    cache.extend((0..10).map(|key| (key, key)));
    assert_eq!(get(&mut cache, [8, 9]), [Some(8), Some(9)]);
    assert!(cache.contains(&9) && cache.time_left(&9) == Some(Duration::MAX));
    assert_eq!(left.get(), 1);
}

#[test]
fn it_costs_sixteen_bytes() {
    type Node<P> = <<P as Policy>::Ranking as Ranking>::Node;
    type Note<P> = NoteOf<<P as Policy>::Ranking>;
    assert_eq!(size_of::<Note<Ttl<Lru>>>(), 8);
    assert_eq!(size_of::<Node<Ttl<Lru>>>(), size_of::<Node<Lru>>() + 8);
    assert_eq!(size_of::<Note<Ttl<Tti<Lru>>>>(), 16);
}
