//! Shared caches: a value that is read without a lock stays as it is, whatever comes in and goes meanwhile.
//!
//! In a model a batch is one cell, so that cells are used again at once.

use std::collections::hash_map::DefaultHasher;
use std::hash::BuildHasherDefault;
use std::ops::Range;

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;
use nebula_memory::allocator::free_list_model::become_thread;
use nebula_memory::cache::policy::{Fifo, Lru, Policy};
use nebula_memory::cache::{Cache, SharedCache};

/// A value that loom watches: who reads it must see all of what was written, and who drops it writes.
struct Value(UnsafeCell<u32>);

// SAFETY: it is read by many and written by its last owner, which is what is to be proven.
unsafe impl Send for Value {}
// SAFETY: as above.
unsafe impl Sync for Value {}

impl Value {
    fn new(value: u32) -> Self {
        Self(UnsafeCell::new(value))
    }

    fn read(&self) -> u32 {
        self.0.with(|value| {
            // SAFETY: what loom checks.
            unsafe { *value }
        })
    }
}

impl Clone for Value {
    fn clone(&self) -> Self {
        Self::new(self.read())
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        self.0.with_mut(|value| {
            // SAFETY: what loom checks.
            unsafe { *value = u32::MAX }
        });
    }
}

/// The same hashes each time: loom does again what it has done before.
pub(crate) type Hashes = BuildHasherDefault<DefaultHasher>;
type Shared<P> = SharedCache<u32, Value, P, Hashes>;

/// One in which these keys are.
fn cache<P: Policy>(policy: P, capacity: usize, keys: Range<u32>) -> Shared<P> {
    let cache =
        Cache::builder().capacity(capacity).shards(1).policy(policy).hasher(Hashes::default()).build_shared();
    put(&cache, keys);
    cache
}

/// Keys come in, each with the value that is ten times as much.
fn put<P: Policy>(cache: &Shared<P>, keys: Range<u32>) {
    for key in keys {
        cache.insert(key, Value::new(10 * key));
    }
}

/// Threads in every order, with no more than so many switches where none is needed.
pub(crate) fn explore<T: Send + Sync + 'static>(
    switches: usize,
    begin: impl Fn() -> T + Send + Sync + 'static,
    threads: impl AsRef<[fn(&T)]> + Send + Sync + 'static,
    end: fn(&T),
) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(builder.preemption_bound.unwrap_or(switches));
    builder.max_branches = 20_000;
    builder.check(move || {
        become_thread(1);
        let shared = Arc::new(begin());
        let threads: Vec<_> = (2..)
            .zip(threads.as_ref())
            .map(|(number, &act)| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    // Two have a line of hazards, more have none.
                    become_thread(if number < 4 { number } else { u32::MAX });
                    act(&shared);
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        end(&shared);
    });
}

fn model<P: Policy<Ranking: Send> + Send + Sync + 'static>(
    switches: usize,
    begin: fn() -> Shared<P>,
    threads: &'static [fn(&Shared<P>)],
    end: fn(&Shared<P>),
) {
    explore(switches, begin, threads, end);
}

/// What was there, or nothing; never half of it.
fn look<P: Policy>(cache: &Shared<P>) {
    let value = cache.read(&1, Value::read);
    assert!(matches!(value, None | Some(10 | 11)), "{value:?}");
}

#[test]
fn what_is_read_is_not_used_again() {
    model(
        3,
        || cache(Fifo, 1, 1..2),
        &[look, |cache| put(cache, 2..6)],
        |cache| assert_eq!((cache.len(), cache.read(&5, Value::read)), (1, Some(50))),
    );
}

#[test]
fn a_value_is_there_while_it_is_replaced() {
    model(
        3,
        || cache(Fifo, 2, 1..2),
        &[
            |cache| {
                let first = cache.read(&1, Value::read).unwrap();
                let second = cache.read(&1, Value::read).unwrap();
                assert!((10..=12).contains(&first) && second >= first, "{first}, then {second}");
            },
            |cache| {
                cache.insert(1, Value::new(11));
                cache.insert(1, Value::new(12));
                put(cache, 2..3);
            },
        ],
        |cache| assert_eq!(cache.len(), 2),
    );
}

#[test]
fn a_reader_inside_of_a_reader_keeps_both() {
    model(
        2,
        || cache(Fifo, 2, 1..3),
        &[
            |cache| {
                cache.read(&1, |outer| {
                    // The third has no hazard left.
                    cache.read(&2, |inner| {
                        let innermost = cache.read(&1, Value::read);
                        assert!(matches!(innermost, None | Some(10)));
                        assert_eq!(inner.read(), 20);
                    });
                    assert_eq!(outer.read(), 10);
                });
            },
            |cache| put(cache, 3..7),
        ],
        |cache| assert_eq!(cache.len(), 2),
    );
}

#[test]
fn a_thread_without_a_number_reads_all_the_same() {
    model(
        2,
        || cache(Fifo, 1, 1..2),
        &[|cache| put(cache, 2..5), |_| (), look],
        |cache| assert_eq!(cache.len(), 1),
    );
}

/// Takes 1 out, and puts `then` in if it was there.
fn take(cache: &Shared<Fifo>, then: u32) {
    if cache.remove(&1).is_some_and(|value| value.read() == 10) {
        put(cache, then..then + 1);
    }
}

#[test]
fn one_of_two_removes() {
    model(
        3,
        || cache(Fifo, 2, 1..2),
        &[|cache| take(cache, 3), |cache| take(cache, 4)],
        |cache| assert_eq!((cache.len(), cache.contains(&3) ^ cache.contains(&4)), (1, true)),
    );
}

#[test]
fn hits_are_told_to_the_ranking_or_lost() {
    model(
        2,
        || cache(Lru, 2, 1..3),
        &[
            |cache| {
                for _ in 0..3 {
                    look(cache);
                }
            },
            |cache| {
                put(cache, 3..4);
                look(cache);
            },
        ],
        |cache| assert_eq!(cache.len(), 2),
    );
}

#[test]
fn the_table_grows_while_somebody_looks() {
    model(
        2,
        || cache(Fifo, 40, 1..10),
        &[|cache| assert_eq!(cache.read(&1, Value::read), Some(10)), |cache| put(cache, 10..14)],
        |cache| assert_eq!(cache.len(), 13),
    );
}
