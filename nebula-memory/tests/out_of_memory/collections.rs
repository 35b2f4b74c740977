//! Collections of other crates, by the methods of theirs that do not end the process.
#![cfg(feature = "allocator-api2")]

use allocator_api2::alloc::Allocator;
use allocator_api2::boxed::Box as BoxIn;
use allocator_api2::vec::Vec as VecIn;
use hashbrown::{DefaultHashBuilder, HashMap as MapIn};
use nebula_memory::allocator::{Budgeted, Tracked};
use nebula_memory::{AllocError, AllocatorKind, Arena, Budget, BumpAllocator, Poisoned, StackAllocator};

use crate::every_call::{Outcome, allow, every_call};
use crate::support::Drops;
use crate::support::heap::Counting;

/// Their errors tell no more than that.
fn refused<E>(_: E) -> AllocError {
    AllocError::out_of_memory(AllocatorKind::Custom, std::alloc::Layout::new::<()>())
}

/// Two vectors, a map and boxes take turns; what cannot grow keeps what it has.
fn collections<A: Allocator + Copy>(memory: A, drops: &Drops) -> Outcome {
    let mut guards = VecIn::new_in(memory);
    let mut numbers = VecIn::new_in(memory);
    let mut map = MapIn::with_hasher_in(DefaultHashBuilder::default(), memory);
    let outcome = (|| {
        for number in 0..100_u64 {
            guards.try_reserve(1).map_err(refused)?;
            guards.push(drops.guard());
            numbers.try_reserve(1).map_err(refused)?;
            numbers.push(number);
            map.try_reserve(1).map_err(|_| refused(()))?;
            map.insert(number, drops.guard());
            drop(BoxIn::try_new_in(drops.guard(), memory).map_err(refused)?);
        }
        Ok(())
    })();
    assert!(numbers.iter().zip(0..).all(|(value, number)| *value == number));
    assert!((0..map.len() as u64).all(|number| map.contains_key(&number)));
    assert!(guards.len() >= map.len() && guards.len() <= map.len() + 1);
    outcome
}

fn twice<A: Allocator + Copy>(memory: A, heap: &Counting, drops: &Drops) -> Outcome {
    let outcome = collections(memory, drops);
    allow(heap);
    collections(memory, drops).unwrap();
    outcome
}

#[test]
fn in_arenas() {
    every_call(|heap, drops| twice(&Arena::<_, 1>::new_in(heap), heap, drops));
    every_call(|heap, drops| twice(&Arena::<_, 16>::new_in(heap).scope(), heap, drops));
    every_call(|heap, drops| twice(&nebula_memory::SharedArena::<_, 8>::new_in(heap).local(), heap, drops));
}

#[test]
fn in_compositions() {
    every_call(|heap, drops| twice(Budgeted::new(heap, &Budget::new(1 << 20)), heap, drops));
    every_call(|heap, drops| twice(&<Tracked<_>>::new(heap), heap, drops));
    every_call(|heap, drops| twice(&Poisoned::with_quarantine(heap, 500), heap, drops));
}

/// A block that does not grow refuses at every size there is.
#[test]
fn in_blocks_of_every_capacity() {
    let mut enough = (false, false);
    for capacity in (0..40_000).step_by(if cfg!(miri) { 9001 } else { 61 }) {
        let drops = Drops::default();
        let bump = BumpAllocator::new(capacity);
        enough.0 |= collections(&bump, &drops).is_ok();
        let stack = StackAllocator::new(capacity);
        enough.1 |= collections(&stack, &drops).is_ok();
        assert_eq!((drops.made(), stack.used()), (drops.count(), 0));
    }
    assert_eq!(enough, (true, true));
}
