//! Whether everybody does what is measured.

use super::contender::{Concurrent, Exclusive, Text, exclusive, expiring, shared, text};
use super::workload::zipf;

const CAPACITY: usize = 1000;

/// Runs every contender through what it should be able to do.
///
/// # Panics
/// If one of them can't.
pub fn check() {
    let requests = zipf(10 * CAPACITY, 50_000, 5);
    macro_rules! check {
        ($($cache:tt)*) => { one::<$($cache)*>(&requests); };
    }
    exclusive!(check);
    expiring!(check);
    macro_rules! check {
        ($($cache:tt)*) => { many::<$($cache)*>(&requests); };
    }
    shared!(check);
    macro_rules! check {
        ($($cache:tt)*) => { texts::<$($cache)*>(); };
    }
    text!(check);
}

/// Half of the requests hit, at least, and find what was put in; and no more is kept than there may be.
fn one<C: Exclusive>(requests: &[u64]) {
    let mut cache = C::new(CAPACITY);
    let mut hits = 0;
    for &key in requests {
        match cache.get(key) {
            Some(value) => {
                assert_eq!(value, !key, "{}", C::NAME);
                hits += 1;
            }
            None => cache.put(key, !key),
        }
    }
    assert!(2 * hits > requests.len(), "{}: {hits} hits", C::NAME);
    assert!(cache.len() <= CAPACITY + C::SLACK, "{}: {} entries", C::NAME, cache.len());
    println!("ok  {} of one thread: {hits} hits", C::NAME);
}

fn many<C: Concurrent>(requests: &[u64]) {
    let cache = C::new(CAPACITY);
    std::thread::scope(|scope| {
        for half in requests.chunks(requests.len() / 2) {
            let cache = &cache;
            scope.spawn(move || {
                for &key in half {
                    match cache.get(key) {
                        Some(value) => assert_eq!(value, !key, "{}", C::NAME),
                        None => cache.put(key, !key),
                    }
                }
            });
        }
    });
    let hits = requests.iter().filter(|&&key| cache.get(key) == Some(!key)).count();
    assert!(2 * hits > requests.len(), "{}: {hits} hits", C::NAME);
    let len = cache.len();
    assert!(len.is_none_or(|len| len <= CAPACITY + C::SLACK), "{}: {len:?} entries", C::NAME);
    println!("ok  {} of two threads: {hits} hits", C::NAME);
}

fn texts<C: Text>() {
    let mut cache = C::new(CAPACITY);
    let keys: Vec<String> = (0..CAPACITY as u64 / 2).map(|number| format!("key {number}")).collect();
    keys.iter().zip(1..).for_each(|(key, value)| cache.put(key.clone(), value));
    for (key, value) in keys.iter().zip(1..) {
        assert_eq!(cache.get(key), Some(value), "{}", C::NAME);
    }
    println!("ok  {} by text", C::NAME);
}
