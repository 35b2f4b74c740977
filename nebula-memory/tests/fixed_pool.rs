//! `FixedPool`, its slots and its boxes.
#![cfg(not(loom))]

mod support;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nebula_memory::{AllocErrorCode, FixedPool, Local, LocalFixedPool, PoolBox, Shared};
use proptest::prelude::*;
use static_assertions::{assert_impl_all, assert_not_impl_any};
use support::{Drops, address, cases};

type Rc = std::rc::Rc<u8>;
type Atomic<T> = FixedPool<T, 4, 1, Shared>;

// Sharing between threads follows the mode and the value.
assert_impl_all!(Atomic<u8>: Send, Sync);
assert_impl_all!(LocalFixedPool<u8, 4>: Send);
assert_not_impl_any!(LocalFixedPool<u8, 4>: Sync);
assert_not_impl_any!(Atomic<Rc>: Sync);
assert_impl_all!(PoolBox<u8, &'static Atomic<u8>>: Send, Sync);
assert_not_impl_any!(PoolBox<u8, &'static LocalFixedPool<u8, 4>>: Send, Sync);
assert_not_impl_any!(PoolBox<Rc, &'static Atomic<Rc>>: Send, Sync);
assert_not_impl_any!(PoolBox<std::cell::Cell<u8>, &'static Atomic<std::cell::Cell<u8>>>: Sync);

#[test]
fn lives_in_a_static() {
    static POOL: FixedPool<[u64; 4], 3, 64> = FixedPool::new();
    let boxes: Vec<_> = (0..3).map(|n| POOL.alloc_with(|| [n; 4]).unwrap()).collect();
    for (n, value) in boxes.iter().enumerate() {
        assert_eq!(**value, [n as u64; 4]);
        assert_eq!(address(&**value) % 64, 0);
    }
    let error = POOL.acquire().unwrap_err();
    assert_eq!(error.code(), AllocErrorCode::PoolExhausted);
    assert_eq!((error.capacity(), error.available()), (Some(3), Some(0)));
    assert!(error.is_retryable());
    drop(boxes);
    assert_eq!((POOL.capacity(), POOL.in_use(), POOL.available()), (3, 0, 3));
}

#[test]
fn an_exhausted_pool_does_not_call_the_closure() {
    let pool: LocalFixedPool<u8, 1> = FixedPool::new();
    let _first = pool.alloc_with(|| 1).unwrap();
    assert!(pool.alloc_with(|| unreachable!("no slot to fill")).is_err());
}

#[test]
fn values_are_dropped_once_and_in_any_order() {
    let drops = Drops::default();
    let pool: FixedPool<_, 4, 1, Local> = FixedPool::new();
    let a = pool.alloc_with(|| drops.guard()).unwrap();
    let b = pool.alloc_with(|| drops.guard()).unwrap();
    drop(a);
    let c = pool.alloc_with(|| drops.guard()).unwrap();
    drop((b, c));
    assert_eq!((drops.count(), pool.in_use()), (3, 0));
}

#[test]
fn values_can_be_moved_out_and_slots_kept() {
    let pool: LocalFixedPool<String, 1> = FixedPool::new();
    let mut name = pool.alloc_with(|| String::from("first")).unwrap();
    name.push('!');
    let (slot, first) = PoolBox::take(name);
    assert_eq!((first.as_str(), pool.in_use()), ("first!", 1));
    let second = slot.write(String::from("second"));
    assert_eq!(PoolBox::into_inner(second), "second");
    assert_eq!(pool.in_use(), 0);
}

#[test]
fn living_a_panic_while_filling_gives_the_slot_back() {
    let pool: LocalFixedPool<String, 2> = FixedPool::new();
    let filled = catch_unwind(AssertUnwindSafe(|| pool.alloc_with(|| panic!("no value"))));
    assert!(filled.is_err());
    assert_eq!(pool.in_use(), 0);
}

#[test]
fn living_a_panic_in_a_destructor_gives_the_slot_back() {
    struct Explosive;
    impl Drop for Explosive {
        fn drop(&mut self) {
            panic!("boom");
        }
    }
    let pool: LocalFixedPool<Explosive, 1> = FixedPool::new();
    let value = pool.alloc_with(|| Explosive).unwrap();
    assert!(catch_unwind(AssertUnwindSafe(|| drop(value))).is_err());
    assert_eq!(pool.in_use(), 0);
}

#[test]
fn living_a_leaked_box_or_slot_costs_its_slot_only() {
    let pool: LocalFixedPool<u32, 3> = FixedPool::new();
    std::mem::forget(pool.acquire().unwrap());
    std::mem::forget(pool.alloc_with(|| 1).unwrap());
    // Nothing borrows the pool now: it may be moved, and goes on where it was.
    let moved = pool;
    assert_eq!(moved.available(), 1);
    let last = moved.alloc_with(|| 7).unwrap();
    assert_eq!(*last, 7);
    assert!(moved.acquire().is_err());
}

#[test]
fn a_pool_can_be_moved_while_slots_are_free() {
    let pool: LocalFixedPool<u64, 8> = FixedPool::new();
    let boxes: Vec<_> = (0..5).map(|n| pool.alloc_with(|| n).unwrap()).collect();
    drop(boxes);
    let moved = Box::new(pool);
    let again: Vec<_> = (0..8).map(|n| moved.alloc_with(|| n).unwrap()).collect();
    assert!(again.iter().enumerate().all(|(n, value)| **value == n as u64));
}

#[test]
fn a_destructor_may_use_the_pool() {
    struct Refill<'p>(&'p LocalFixedPool<u8, 2>);
    impl Drop for Refill<'_> {
        fn drop(&mut self) {
            assert_eq!(*self.0.alloc_with(|| 9).unwrap(), 9);
        }
    }
    let bytes: LocalFixedPool<u8, 2> = FixedPool::new();
    let pool: LocalFixedPool<Refill<'_>, 1> = FixedPool::new();
    drop(pool.alloc_with(|| Refill(&bytes)).unwrap());
    assert_eq!((bytes.in_use(), pool.in_use()), (0, 0));
}

#[test]
fn s7_sizes_and_alignments_at_the_edges() {
    #[derive(Debug, PartialEq)]
    #[repr(align(4096))]
    struct Page(u8);

    fn check<
        T: Default + PartialEq + std::fmt::Debug,
        const ALIGN: usize,
        M: nebula_memory::allocator::fixed::PoolMode,
    >(
        align: usize,
    ) where
        nebula_memory::allocator::fixed::Align<ALIGN>: nebula_memory::allocator::fixed::SlotAlign,
    {
        let pool: Box<FixedPool<T, 3, ALIGN, M>> = Box::default();
        let boxes: Vec<_> = (0..3).map(|_| pool.alloc_with(T::default).unwrap()).collect();
        for value in &boxes {
            assert_eq!(**value, T::default());
            assert_eq!(address(&**value) % align, 0);
        }
        assert_ne!(address(&*boxes[0]), address(&*boxes[1]));
        drop(boxes);
        assert_eq!(pool.available(), 3);
    }
    impl Default for Page {
        fn default() -> Self {
            Self(7)
        }
    }

    check::<(), 1, Local>(1);
    check::<(), 4096, Shared>(4096);
    check::<[u64; 0], 1, Shared>(8);
    check::<u8, 1, Local>(1);
    check::<[u8; 3], 1, Shared>(1);
    check::<[u8; 5], 16, Local>(16);
    check::<Page, 1, Local>(4096);
    check::<Page, 8192, Shared>(8192);
    // What is free is written beside the slots.
    assert_eq!(LocalFixedPool::<[u8; 5], 3>::SLOT_SIZE, 5);
    assert_eq!(FixedPool::<[u8; 5], 3>::SLOT_SIZE, 5);
    assert_eq!(LocalFixedPool::<[u8; 5], 3, 16>::SLOT_SIZE, 16);
}

#[test]
fn s6_threads_never_hold_the_same_slot() {
    const THREADS: usize = 4;
    static POOL: FixedPool<[usize; 2], 3> = FixedPool::new();
    let rounds = if cfg!(miri) { 40 } else { 20_000 };

    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                for round in 0..rounds {
                    let mark = thread * rounds + round;
                    let Ok(mut value) = POOL.alloc_with(|| [mark; 2]) else { continue };
                    assert_eq!(*value, [mark; 2]);
                    value[0] = !mark;
                    std::hint::spin_loop();
                    assert_eq!(*value, [!mark, mark]);
                }
            });
        }
    });
    assert_eq!(POOL.available(), 3);
}

/// Also in the middle of what other threads do, no count is below zero or above what there is.
#[test]
fn c31_what_is_available_is_never_more_than_there_is() {
    static POOL: FixedPool<u64, 5> = FixedPool::new();
    let rounds = if cfg!(miri) { 40 } else { 20_000 };

    std::thread::scope(|scope| {
        for thread in 0..3 {
            scope.spawn(move || {
                for round in 0..rounds {
                    let held = [POOL.acquire().ok(), POOL.acquire().ok()];
                    let (available, in_use) = (POOL.available(), POOL.in_use());
                    assert!(
                        available <= 5 && in_use <= 5,
                        "{available} {in_use} in round {round} of {thread}"
                    );
                    drop(held);
                }
            });
        }
    });
    assert_eq!((POOL.available(), POOL.in_use()), (5, 0));
}

#[test]
fn boxes_may_be_dropped_on_another_thread() {
    static POOL: FixedPool<String, 2> = FixedPool::new();
    let name = POOL.alloc_with(|| String::from("traveller")).unwrap();
    std::thread::spawn(move || assert_eq!(*name, "traveller")).join().unwrap();
    assert_eq!(POOL.in_use(), 0);
}

/// What a random program does with a pool.
#[derive(Clone, Debug)]
enum Step {
    Acquire(u64),
    Release(usize),
    Leave(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        any::<u64>().prop_map(Step::Acquire),
        (0..8_usize).prop_map(Step::Release),
        (0..8_usize).prop_map(Step::Leave),
    ];
    prop::collection::vec(step, 0..60)
}

fn agrees_with_a_model<M: nebula_memory::allocator::fixed::PoolMode>(steps: &[Step]) {
    const CAPACITY: usize = 5;
    let pool: FixedPool<u64, CAPACITY, 1, M> = FixedPool::new();
    let mut live = Vec::new();
    let mut leaked = 0;
    for step in steps {
        match *step {
            Step::Acquire(mark) => match pool.alloc_with(|| mark) {
                Ok(value) => live.push((mark, value)),
                Err(_) => assert_eq!(live.len() + leaked, CAPACITY),
            },
            Step::Release(index) if index < live.len() => drop(live.swap_remove(index)),
            Step::Leave(index) if index < live.len() => {
                std::mem::forget(live.swap_remove(index));
                leaked += 1;
            }
            _ => {}
        }
        assert_eq!(pool.in_use(), live.len() + leaked);
        let places: HashMap<usize, u64> =
            live.iter().map(|(mark, value)| (address(&**value), *mark)).collect();
        assert_eq!(places.len(), live.len(), "two values in one slot");
        assert!(live.iter().all(|(mark, value)| **value == *mark));
    }
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn a_local_pool_agrees_with_a_model(steps in steps()) {
        agrees_with_a_model::<Local>(&steps);
    }

    #[test]
    fn a_shared_pool_agrees_with_a_model(steps in steps()) {
        agrees_with_a_model::<Shared>(&steps);
    }
}
