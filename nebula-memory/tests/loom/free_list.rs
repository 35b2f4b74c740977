//! Threads with free slots of their own, in front of a stack that they share.
//!
//! Slots are watched: two owners of one, or an owner that does not see what the one before did, are an error of the model.

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread::{self, JoinHandle};
use nebula_memory::allocator::free_list_model::{
    Growing, Slots, become_thread, cheap_light_fence, heavy_fence, light_fence, number_of_thread,
    wait_for_end_of,
};

/// Threads that have the same shard, and one that has the other: there are two.
const OWNER: u32 = 2;
const SAME_SHARD: u32 = 4;
const OTHER: u32 = 1;

struct Watched<const CAP: usize, const ROOM: usize> {
    slots: Slots<CAP, ROOM>,
    cells: [UnsafeCell<u32>; CAP],
}

// SAFETY: the cells are what is to be proven safe by the slots; loom fails if they are raced for.
unsafe impl<const CAP: usize, const ROOM: usize> Sync for Watched<CAP, ROOM> {}
// SAFETY: owns all it has.
unsafe impl<const CAP: usize, const ROOM: usize> Send for Watched<CAP, ROOM> {}

impl<const CAP: usize, const ROOM: usize> Watched<CAP, ROOM> {
    fn new() -> Arc<Self> {
        Arc::new(Self { slots: Slots::new(), cells: std::array::from_fn(|_| UnsafeCell::new(0)) })
    }

    fn touch(&self, slot: u32) {
        self.cells[slot as usize].with_mut(|watched| {
            // SAFETY: what loom checks.
            unsafe { *watched += 1 }
        });
    }

    fn take(&self) -> Option<u32> {
        let slot = self.slots.take()?;
        self.touch(slot);
        Some(slot)
    }

    fn put_back(&self, slot: u32) {
        self.touch(slot);
        // SAFETY: from `take`, and given back once.
        unsafe { self.slots.put_back(slot) };
    }

    fn put_all(&self, slots: impl IntoIterator<Item = u32>) {
        for slot in slots {
            self.put_back(slot);
        }
    }

    /// Takes a slot and gives it back; whether there was one.
    fn visit(&self) -> bool {
        self.take().map(|slot| self.put_back(slot)).is_some()
    }

    /// Takes all slots and gives them back, so that they are in the shard of this thread as far as they fit.
    fn gather(&self) {
        let all: Vec<_> = std::iter::from_fn(|| self.take()).collect();
        assert_eq!((all.len(), self.slots.available()), (CAP, 0));
        for slot in all {
            self.put_back(slot);
        }
        assert_eq!(self.slots.available(), CAP);
    }

    /// Nobody has a slot any more: all can be had.
    fn assert_quiet(&self) {
        assert_eq!(self.slots.available(), CAP);
        let all: Vec<_> = std::iter::from_fn(|| self.take()).collect();
        assert_eq!((all.len(), self.slots.available()), (CAP, 0));
    }
}

/// A thread of this number that does this.
fn spawn<R: 'static, const CAP: usize, const ROOM: usize>(
    watched: &Arc<Watched<CAP, ROOM>>,
    number: u32,
    work: impl FnOnce(&Watched<CAP, ROOM>) -> R + 'static,
) -> JoinHandle<R> {
    let watched = Arc::clone(watched);
    thread::spawn(move || {
        become_thread(number);
        work(&watched)
    })
}

/// Every interleaving with up to `preemptions` of them where a thread could have gone on.
fn check(preemptions: usize, model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.max_branches = 20_000;
    builder.check(model);
}

#[test]
fn light_and_heavy_fence_do_not_both_miss() {
    for cheap in [false, true] {
        check(4, move || {
            let words = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
            let other = {
                let words = Arc::clone(&words);
                thread::spawn(move || {
                    words[0].store(1, Ordering::Relaxed);
                    if cheap {
                        cheap_light_fence();
                    } else {
                        light_fence();
                    }
                    words[1].load(Ordering::Relaxed)
                })
            };
            words[1].store(1, Ordering::Relaxed);
            heavy_fence();
            let here = words[0].load(Ordering::Relaxed);
            assert!(here + other.join().unwrap() > 0, "both missed what the other stored");
        });
    }
}

/// The owner takes its spare item while a thief is after it.
#[test]
fn a_spare_item_is_its_owners_or_a_thiefs() {
    check(4, || {
        become_thread(OWNER);
        let watched = Watched::<1, 1>::new();
        watched.gather();
        let thief = spawn(&watched, OTHER, Watched::take);
        let here = watched.take();
        let there = thief.join().unwrap();
        assert!(here.is_some() != there.is_some(), "{here:?} {there:?}");
        assert_eq!(watched.slots.available(), 0);
        watched.put_back(here.or(there).unwrap());
        watched.assert_quiet();
    });
}

/// As above, and the item comes and goes: the same one may be the spare one again.
#[test]
fn a_spare_item_that_comes_back_is_not_mistaken() {
    check(3, || {
        become_thread(OWNER);
        let watched = Watched::<1, 1>::new();
        watched.gather();
        let thief = spawn(&watched, OTHER, Watched::visit);
        let here = [watched.visit(), watched.visit()];
        let there = thief.join().unwrap();
        assert!(there || here[0] || here[1]);
        watched.assert_quiet();
    });
}

/// What a thief got and the owner gives back is the owner's again, though it has the name of what was stolen.
#[test]
fn a_stolen_item_that_is_handed_back_is_not_taken_for_lost() {
    check(3, || {
        become_thread(OWNER);
        let watched = Watched::<2, 1>::new();
        watched.gather();
        let held = watched.take().unwrap();
        let thief = spawn(&watched, OTHER, Watched::take);
        let visited = watched.visit();
        let stolen = thief.join().unwrap();
        assert!(visited || stolen.is_some(), "one was there for either");
        if let Some(stolen) = stolen {
            watched.put_back(stolen);
        }
        assert!(watched.visit(), "one is there, and nobody else");
        watched.put_back(held);
        watched.assert_quiet();
    });
}

/// The owner takes from its stack while a thief moves the top.
#[test]
fn stacked_items_are_their_owners_or_a_thiefs() {
    check(3, || {
        become_thread(OWNER);
        let watched = Watched::<3, 2>::new();
        watched.gather();
        let thief = spawn(&watched, OTHER, |watched| [watched.take(), watched.take()]);
        let here = [watched.take(), watched.take()];
        let there = thief.join().unwrap();
        let mut all: Vec<_> = here.into_iter().chain(there).flatten().collect();
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2], "{here:?} {there:?}");
        watched.put_all(all);
        watched.assert_quiet();
    });
}

/// The owner puts items where a thief is taking some away.
#[test]
fn items_come_while_others_are_stolen() {
    check(3, || {
        become_thread(OWNER);
        let watched = Watched::<4, 2>::new();
        watched.gather();
        let held = [watched.take().unwrap(), watched.take().unwrap()];
        let thief = spawn(&watched, OTHER, |watched| {
            let got = [watched.take(), watched.take()];
            watched.put_all(got.into_iter().flatten());
        });
        watched.put_all(held);
        assert!(watched.visit());
        thief.join().unwrap();
        watched.assert_quiet();
    });
}

#[test]
fn two_thieves_and_an_owner() {
    check(2, || {
        become_thread(OWNER);
        let watched = Watched::<2, 1>::new();
        watched.gather();
        // One of them has no shard.
        let thieves = [OTHER, SAME_SHARD].map(|number| spawn(&watched, number, Watched::take));
        let here = watched.take();
        let there = thieves.map(|thief| thief.join().unwrap());
        let got: Vec<_> = there.into_iter().chain([here]).flatten().collect();
        assert!(got.len() == 2 && got[0] != got[1], "{here:?} {there:?}");
        watched.put_all(got);
        watched.assert_quiet();
    });
}

/// Each has a slot at most: there is always one for the other.
#[test]
fn exhausted_only_if_every_slot_is_in_use() {
    check(3, || {
        become_thread(OWNER);
        let watched = Watched::<2, 1>::new();
        watched.gather();
        let other = spawn(&watched, OTHER, |watched| watched.visit() && watched.visit());
        assert!(watched.visit() && watched.visit(), "the other one has one at most");
        assert!(other.join().unwrap(), "the owner has one at most");
        watched.assert_quiet();
    });
}

/// As above, with a third thread whose visits move slots about.
#[test]
fn exhausted_only_if_every_slot_is_in_use_by_three() {
    check(2, || {
        become_thread(OWNER);
        let watched = Watched::<3, 1>::new();
        watched.gather();
        let others = [OTHER, SAME_SHARD].map(|number| spawn(&watched, number, Watched::visit));
        assert!(watched.visit(), "the others have one each");
        for other in others {
            assert!(other.join().unwrap(), "the others have one each");
        }
        watched.assert_quiet();
    });
}

/// A slot is free all the time, and goes from a shard to the depot while the other thread looks for it.
#[test]
fn exhausted_is_not_said_of_slots_that_move() {
    check(2, || {
        become_thread(OWNER);
        let watched = Watched::<3, 1>::new();
        let all: Vec<_> = std::iter::from_fn(|| watched.take()).collect();
        let &[first, second, third] = &*all else { panic!("{all:?}") };
        watched.put_back(first);
        watched.put_back(second);
        let other = spawn(&watched, OTHER, Watched::take);
        watched.put_back(third);
        let here = [watched.take(), watched.take()];
        let there = other.join().unwrap();
        assert!(there.is_some() && here.iter().all(Option::is_some), "{here:?} {there:?}");
        watched.put_all(here.into_iter().chain([there]).flatten());
        watched.assert_quiet();
    });
}

/// One thread fetches more than it needs, and the other one looks for it while it is on the way.
#[test]
fn exhausted_is_not_said_of_slots_on_the_way() {
    check(3, || {
        become_thread(OWNER);
        let watched = Watched::<2, 2>::new();
        let other = spawn(&watched, OTHER, Watched::take);
        let here = watched.take();
        let there = other.join().unwrap();
        assert!(here.is_some() && there.is_some(), "{here:?} {there:?}");
        watched.put_all(here.into_iter().chain(there));
        watched.assert_quiet();
    });
}

/// What does not fit goes to the depot in one piece, and from there to who needs it.
#[test]
fn magazines_change_hands() {
    check(3, || {
        become_thread(OWNER);
        let watched = Watched::<4, 2>::new();
        let all: Vec<_> = std::iter::from_fn(|| watched.take()).collect();
        let other = spawn(&watched, OTHER, |watched| {
            let got = [watched.take(), watched.take()];
            watched.put_all(got.into_iter().flatten());
        });
        watched.put_all(all);
        other.join().unwrap();
        watched.assert_quiet();
    });
}

/// A thread ends, and the next one of its number has its shard.
#[test]
fn numbers_are_used_again() {
    check(3, || {
        let watched = Watched::<2, 1>::new();
        let visits = [(); 2].map(|()| {
            let watched = Arc::clone(&watched);
            thread::spawn(move || {
                let number = number_of_thread();
                assert!(watched.visit() && watched.visit());
                number
            })
        });
        let numbers = visits.map(|visit| visit.join().unwrap().unwrap());
        assert!(numbers.contains(&1) && numbers.iter().all(|number| *number <= 2), "{numbers:?}");
        for number in numbers {
            wait_for_end_of(number);
        }
        become_thread(3);
        watched.assert_quiet();
    });
}

/// A thread ends, and another that would have the same shard takes it over.
#[test]
fn a_shard_is_taken_over() {
    check(3, || {
        let watched = Watched::<2, 1>::new();
        let first = {
            let watched = Arc::clone(&watched);
            thread::spawn(move || {
                assert_eq!(number_of_thread(), Some(1));
                assert!(watched.visit() && watched.visit());
            })
        };
        let heir = spawn(&watched, 3, |watched| watched.visit() && watched.visit());
        assert!(heir.join().unwrap());
        first.join().unwrap();
        wait_for_end_of(1);
        become_thread(OWNER);
        watched.assert_quiet();
    });
}

/// What object pools wait by: who gives back looks for waiters after, who waits says so before it looks for slots.
#[test]
fn a_slot_given_back_or_a_waiter_is_seen() {
    check(3, || {
        become_thread(OWNER);
        let watched = Watched::<1, 1>::new();
        let slot = watched.take().unwrap();
        let waits = Arc::new(AtomicUsize::new(0));
        let waiter = {
            let waits = Arc::clone(&waits);
            spawn(&watched, OTHER, move |watched| {
                waits.store(1, Ordering::Relaxed);
                heavy_fence();
                watched.take()
            })
        };
        watched.put_back(slot);
        light_fence();
        let seen = waits.load(Ordering::Relaxed) == 1;
        let got = waiter.join().unwrap();
        assert!(seen || got.is_some(), "neither saw the other");
        assert_eq!(watched.slots.available(), usize::from(got.is_none()));
    });
}

#[test]
fn slots_are_added_and_found() {
    check(3, || {
        become_thread(OWNER);
        let slots = Arc::new(Growing::new());
        let other = {
            let slots = Arc::clone(&slots);
            thread::spawn(move || {
                become_thread(OTHER);
                let slot = slots.add();
                // SAFETY: just added.
                unsafe { slots.put_back(slot) };
                slot
            })
        };
        let mine = [slots.add(), slots.add()];
        let found = slots.take();
        let theirs = other.join().unwrap();
        let mut all = vec![mine[0], mine[1], theirs];
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2]);
        assert!(found.is_none_or(|found| found == theirs));
        assert_eq!(slots.available(), usize::from(found.is_none()));
        assert_eq!(slots.take().or(found), Some(theirs));
    });
}
