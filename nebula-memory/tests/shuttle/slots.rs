use std::sync::atomic::{AtomicBool, Ordering};

use nebula_memory::allocator::free_list_model::{Growing, Slots};
use shuttle::rand::{Rng, thread_rng};
use shuttle::sync::Arc;
use shuttle::thread;

use crate::{check, join};

/// Who has which slot: nobody else, and whoever has one knows.
struct Owned<S, const CAP: usize> {
    slots: S,
    in_use: [AtomicBool; CAP],
}

impl<S, const CAP: usize> Owned<S, CAP> {
    fn new(slots: S) -> Arc<Self> {
        Arc::new(Self { slots, in_use: [const { AtomicBool::new(false) }; CAP] })
    }

    fn came(&self, slot: u32) -> u32 {
        assert!(!self.in_use[slot as usize].swap(true, Ordering::Relaxed), "two owners of {slot}");
        slot
    }

    fn goes(&self, slot: u32) -> u32 {
        assert!(self.in_use[slot as usize].swap(false, Ordering::Relaxed));
        slot
    }
}

/// A thread that never has more than `most`: it always gets them, because there are as many for each.
fn live<const CAP: usize, const ROOM: usize>(owned: &Owned<Slots<CAP, ROOM>, CAP>, most: usize) {
    let mut held = Vec::new();
    for _ in 0..8 {
        if held.len() < most && thread_rng().gen_bool(0.6) {
            let slot = owned.slots.take().expect("there is one for each");
            held.push(owned.came(slot));
        } else if !held.is_empty() {
            let slot = held.swap_remove(thread_rng().gen_range(0..held.len()));
            // SAFETY: taken above, and not used any more.
            unsafe { owned.slots.put_back(owned.goes(slot)) };
        }
    }
    for slot in held {
        // SAFETY: taken above, and not used any more.
        unsafe { owned.slots.put_back(owned.goes(slot)) };
    }
}

/// More threads than shards, which begin and end, and have the numbers and shards of those before.
#[test]
fn slots_are_there_for_all_threads_that_come_and_go() {
    check(20_000, || {
        let owned = Owned::<Slots<8, 2>, 8>::new(Slots::new());
        for _ in 0..2 {
            let threads = [(); 4].map(|()| {
                let owned = Arc::clone(&owned);
                thread::spawn(move || live(&owned, 2))
            });
            join(threads);
        }
        assert_eq!(owned.slots.available(), 8);
    });
}

/// One thread takes what another gives back.
#[test]
fn slots_change_hands() {
    check(20_000, || {
        let owned = Owned::<Slots<4, 2>, 4>::new(Slots::new());
        let (sender, receiver) = shuttle::sync::mpsc::channel();
        let taker = {
            let owned = Arc::clone(&owned);
            thread::spawn(move || {
                let mut taken = 0;
                while taken < 12 {
                    match owned.slots.take() {
                        Some(slot) => {
                            sender.send(owned.came(slot)).unwrap();
                            taken += 1;
                        }
                        None => thread::yield_now(),
                    }
                }
            })
        };
        for slot in receiver {
            // SAFETY: taken by the other thread, which has sent it away.
            unsafe { owned.slots.put_back(owned.goes(slot)) };
        }
        taker.join().unwrap();
        assert_eq!(owned.slots.available(), 4);
    });
}

/// Slots are added while others look for those that are there.
#[test]
fn slots_are_added_while_others_are_used() {
    check(20_000, || {
        let owned = Owned::<Growing, 6>::new(Growing::new());
        let threads = [(); 3].map(|()| {
            let owned = Arc::clone(&owned);
            thread::spawn(move || {
                let first = owned.came(owned.slots.add());
                for _ in 0..3 {
                    if let Some(slot) = owned.slots.take() {
                        // SAFETY: just taken.
                        unsafe { owned.slots.put_back(owned.goes(owned.came(slot))) };
                    }
                }
                // SAFETY: added above, and not used any more.
                unsafe { owned.slots.put_back(owned.goes(first)) };
            })
        });
        join(threads);
        assert_eq!(owned.slots.available(), 3);
    });
}
