//! `#[pooled(on_exhausted = heap)]` at run time: each slot goes back to where it is from.
#![cfg(all(feature = "macros", feature = "alloc"))]

use std::cell::Cell;
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};

use nebula_memory::{PoolBox, PoolSlot, Pooled, StaticOrHeap, StaticPool};

fn fails<T>() -> T {
    panic!("a value")
}

#[derive(Pooled)]
#[pooled(capacity = 2, on_exhausted = heap, align = 256)]
struct Record {
    id: usize,
    text: String,
    #[pooled(default)]
    list: Vec<u8>,
}

fn record(id: usize) -> PoolBox<Record, StaticOrHeap<Record>> {
    Record::acquire().unwrap().id(id).text(id.to_string()).finish()
}

/// Every test of `Record` in one, for there is one pool.
#[test]
fn slots_go_back_to_where_they_are_from_in_any_order() {
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]] {
        let mut records: Vec<_> = (0..4).map(|id| Some(record(id))).collect();
        assert_eq!(Record::pool().available(), 0);
        for record in records.iter().flatten() {
            assert_eq!((record.text.as_str(), record.list.len()), (record.id.to_string().as_str(), 0));
            assert_eq!((&raw const **record).addr() % 256, 0, "slots are aligned, also on the heap");
        }
        for (dropped, index) in (1..).zip(order) {
            records[index] = None;
            let in_pool = records[..2].iter().flatten().count();
            assert_eq!(Record::pool().in_use(), in_pool, "after {dropped}");
        }
    }
    // Half-built ones, and those whose values panic.
    let kept = [record(1), record(2)];
    drop(Record::acquire().unwrap().text("half".into()));
    assert!(catch_unwind(|| drop(Record::acquire().unwrap().text("half".into()).id(fails()))).is_err());
    let moved = PoolBox::into_inner(record(3));
    let (slot, other) = PoolBox::take(record(4));
    let back = slot.write(moved);
    assert_eq!((back.id, other.id, Record::pool().in_use()), (3, 4, 2));
    drop(kept);
    assert_eq!(Record::pool().in_use(), 0);
    // A slot from the heap does not become one of the pool.
    drop(back);
    assert_eq!((Record::pool().available(), size_of_val(&record(1))), (2, size_of::<usize>()));
}

#[test]
fn values_without_size_are_told_apart() {
    #[derive(Pooled)]
    #[pooled(capacity = 2, on_exhausted = heap)]
    struct Token;
    let tokens: Vec<_> = (0..5).map(|_| Token::acquire().unwrap().finish()).collect();
    assert_eq!(Token::pool().available(), 0);
    let mut places: Vec<_> = tokens.iter().map(|token| (&raw const **token).addr()).collect();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), 5);
    drop(tokens);
    assert_eq!(Token::pool().available(), 2);
}

static HOOKS: AtomicUsize = AtomicUsize::new(0);

#[derive(Pooled)]
#[pooled(capacity = 4, on_exhausted = heap)]
#[pooled(on_acquire = |_| { HOOKS.fetch_add(1, Ordering::Relaxed); }, on_release = |_| { HOOKS.fetch_sub(1, Ordering::Relaxed); })]
struct Shared {
    owner: usize,
    text: String,
}

#[test]
fn threads_share_the_pool_and_the_heap() {
    let rounds = if cfg!(miri) { 10 } else { 3_000 };
    std::thread::scope(|scope| {
        for owner in 0..4 {
            scope.spawn(move || {
                let mut held = Vec::new();
                for round in 0..rounds {
                    held.push(Shared::acquire().unwrap().owner(owner).text(round.to_string()).finish());
                    if round % 3 == 0 {
                        held.swap_remove(round / 2 % held.len());
                    }
                    if held.len() > 5 {
                        held.clear();
                    }
                    assert!(held.iter().all(|value| value.owner == owner && !value.text.is_empty()));
                }
                // Freed on another thread.
                scope.spawn(move || drop(held));
            });
        }
    });
    assert_eq!((HOOKS.load(Ordering::Relaxed), Shared::pool().in_use()), (0, 0));
}

#[test]
fn the_pool_can_still_be_asked_alone() {
    #[derive(Pooled, Debug)]
    #[pooled(capacity = 1, on_exhausted = heap)]
    struct Item {
        a: u8,
    }
    let slot = PoolSlot::acquire(StaticPool::<Item>::new()).unwrap();
    assert!(Item::build_in(StaticPool::new()).is_err());
    assert!(Item::acquire().is_ok());
    let on_heap = Item::build_in(StaticOrHeap::new()).unwrap().a(1).finish();
    drop(slot);
    assert_eq!((on_heap.a, Item::pool().in_use()), (1, 0));
}

thread_local!(static DROPPED: Cell<usize> = const { Cell::new(0) });

struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        DROPPED.set(DROPPED.get() + 1);
    }
}

#[test]
fn values_on_the_heap_are_dropped_once() {
    #[derive(Pooled)]
    #[pooled(capacity = 1, on_exhausted = heap)]
    struct Guards {
        guard: Guard,
        more: Option<Guard>,
    }
    let all: Vec<_> = (0..3).map(|_| Guards::acquire().unwrap().guard(Guard).more(Guard).finish()).collect();
    drop(Guards::acquire().unwrap().guard(Guard));
    assert_eq!(DROPPED.get(), 1);
    assert!(all.iter().all(|guards| guards.more.is_some()));
    drop(all);
    assert_eq!(DROPPED.get(), 7);
    let kept = Guards::acquire().unwrap().guard(Guard).finish();
    assert!(catch_unwind(|| drop(Guards::acquire().unwrap().guard(Guard).more(fails()))).is_err());
    let Guards { guard, more } = PoolBox::into_inner(kept);
    assert_eq!((DROPPED.get(), more.is_none(), Guards::pool().in_use()), (8, true, 0));
    drop(guard);
}
