//! Shared caches whose entries expire: what is over is served to nobody, and takes nothing with it that is not.

use std::time::Duration;

use nebula_memory::cache::expiry::{Clock, ManualClock, PerEntryTtl, Tti, Ttl};
use nebula_memory::cache::policy::{Fifo, Policy};
use nebula_memory::cache::{Cache, SharedCache};

use super::cache::{Hashes, explore};

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn cache<P: Policy>(policy: P) -> SharedCache<u32, u32, P, Hashes> {
    let builder = Cache::builder().capacity(2).shards(1).policy(policy);
    builder.hasher(Hashes::default()).build_shared()
}

/// Two threads in every order, with no more than three switches where none is needed: what races there are show with fewer.
fn model<T: Send + Sync + 'static>(
    begin: impl Fn() -> T + Send + Sync + 'static,
    write: fn(&T),
    read: fn(&T),
    end: fn(&T),
) {
    explore(3, begin, [write, read], end);
}

/// One reads while another turns the clock, and collects what is over.
#[test]
fn what_is_over_is_served_to_nobody() {
    model(
        || {
            let clock = ManualClock::new();
            let cache = cache(Ttl::new(Fifo, millis(10)).with_clock(clock.clone()));
            cache.insert(1, 10);
            (cache, clock)
        },
        |(cache, clock)| {
            clock.set(millis(10));
            cache.insert(2, 20);
        },
        |(cache, clock)| {
            let before = clock.now();
            if let Some(value) = cache.get(&1) {
                assert!(value == 10 && before < millis(10));
            }
        },
        |(cache, _)| assert_eq!((cache.get(&1), cache.get(&2), cache.len()), (None, Some(20), 1)),
    );
}

/// One uses a value while another puts a new one in its place, the old one being over.
#[test]
fn a_use_of_the_old_value_is_none_of_the_new_one() {
    model(
        || {
            let clock = ManualClock::new();
            let cache = cache(Tti::new(Fifo, millis(10)).with_clock(clock.clone()));
            cache.insert(1, 10);
            (cache, clock)
        },
        |(cache, clock)| {
            clock.set(millis(10));
            cache.insert(1, 11);
            clock.set(millis(19));
        },
        |(cache, clock)| {
            let before = clock.now();
            match cache.get(&1) {
                Some(10) => assert!(before < millis(10)),
                seen => assert!(matches!(seen, None | Some(11))),
            }
        },
        |(cache, _)| assert_eq!(cache.get(&1), Some(11)),
    );
}

/// What a time of its own does to an entry is done before anybody sees it.
#[test]
fn what_lives_for_no_time_is_never_seen() {
    model(
        || {
            let cache = cache(PerEntryTtl::new(Fifo).with_clock(ManualClock::new()));
            cache.insert(7, 7);
            cache
        },
        |cache| cache.insert_for(1, 10, Duration::ZERO),
        |cache| assert_eq!(cache.get(&1), None),
        |cache| assert_eq!(cache.get(&1), None),
    );
}
