use core::task::Waker;
use std::vec::Vec;

use super::Priority;

/// Who waits, in the order in which they are served: by priority, then first come, first served.
///
/// A doubly linked list in a vector: joining at the end, leaving from anywhere and being served are O(1), joining before
/// waiters of lower priority is O(waiters that are passed). Places are used again, so that waiting allocates nothing once
/// there have been as many waiters before.
///
/// A place belongs to its waiter until it [`collect`](Self::collect)s or [`leave`](Self::leave)s: also after it was
/// served, when it is out of the list and holds what was given. So nothing that was handed over is ever without an
/// owner.
pub(super) struct Waiters<G> {
    places: Vec<Place<G>>,
    first: usize,
    last: usize,
    free: usize,
    waiting: usize,
}

/// The place of a waiter.
#[derive(Debug)]
pub(super) struct Ticket(usize);

struct Place<G> {
    before: usize,
    after: usize,
    priority: Priority,
    state: State<G>,
}

enum State<G> {
    Free,
    Waiting(Waker),
    Served(G),
}

/// No place.
const NONE: usize = usize::MAX;

impl<G> Waiters<G> {
    pub(super) const fn new() -> Self {
        Self { places: Vec::new(), first: NONE, last: NONE, free: NONE, waiting: 0 }
    }

    /// How many have not been served yet.
    pub(super) const fn waiting(&self) -> usize {
        self.waiting
    }

    /// Joins behind all of the same or a higher priority.
    pub(super) fn join(&mut self, priority: Priority, waker: Waker) -> Ticket {
        let mut before = self.last;
        while before != NONE && self.places[before].priority < priority {
            before = self.places[before].before;
        }
        let after = if before == NONE { self.first } else { self.places[before].after };
        let place = Place { before, after, priority, state: State::Waiting(waker) };
        let index = if self.free == NONE {
            self.places.push(place);
            self.places.len() - 1
        } else {
            let index = self.free;
            self.free = self.places[index].after;
            self.places[index] = place;
            index
        };
        *self.link_after(before) = index;
        *self.link_before(after) = index;
        self.waiting += 1;
        Ticket(index)
    }

    /// Serves the first one; whom to wake.
    pub(super) fn serve(&mut self, given: G) -> Result<Waker, G> {
        if self.first == NONE {
            return Err(given);
        }
        let index = self.first;
        self.unlink(index);
        match core::mem::replace(&mut self.places[index].state, State::Served(given)) {
            State::Waiting(waker) => Ok(waker),
            _ => unreachable!("who is in the list waits"),
        }
    }

    /// What was given to a waiter; or, with the waker to be woken from now on, that it has to wait on. The third is a
    /// waker that is not needed any more: to be dropped where no lock is held, because that runs code of others.
    pub(super) fn collect(&mut self, ticket: &Ticket, waker: Waker) -> (Option<G>, Waker) {
        let state = &mut self.places[ticket.0].state;
        if let State::Waiting(old) = state {
            return (None, core::mem::replace(old, waker));
        }
        (self.release(ticket.0), waker)
    }

    /// Leaves; what was given meanwhile, or the waker, to be dropped where no lock is held.
    pub(super) fn leave(&mut self, ticket: &Ticket) -> Result<G, Option<Waker>> {
        if let State::Waiting(_) = self.places[ticket.0].state {
            self.unlink(ticket.0);
            return Err(self.vacate(ticket.0).waker());
        }
        self.release(ticket.0).ok_or(None)
    }

    /// What was given and never collected, by waiters that were leaked.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = G> {
        self.places.drain(..).filter_map(|place| place.state.given())
    }

    /// The place is free again.
    fn vacate(&mut self, index: usize) -> State<G> {
        let place = &mut self.places[index];
        place.after = self.free;
        self.free = index;
        core::mem::replace(&mut place.state, State::Free)
    }

    fn release(&mut self, index: usize) -> Option<G> {
        self.vacate(index).given()
    }

    fn unlink(&mut self, index: usize) {
        let Place { before, after, .. } = self.places[index];
        *self.link_after(before) = after;
        *self.link_before(after) = before;
        self.waiting -= 1;
    }

    /// What says which comes after `index`; of none, which is the first.
    fn link_after(&mut self, index: usize) -> &mut usize {
        if index == NONE { &mut self.first } else { &mut self.places[index].after }
    }

    /// What says which comes before `index`; of none, which is the last.
    fn link_before(&mut self, index: usize) -> &mut usize {
        if index == NONE { &mut self.last } else { &mut self.places[index].before }
    }
}

impl<G> State<G> {
    fn given(self) -> Option<G> {
        if let Self::Served(given) = self { Some(given) } else { None }
    }

    fn waker(self) -> Option<Waker> {
        if let Self::Waiting(waker) = self { Some(waker) } else { None }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use core::task::Waker;
    use std::vec::Vec;

    use super::{Priority, Ticket, Waiters};
    use crate::pool::tests::cases;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Step {
        Join(u8),
        Serve,
        Leave(usize),
        Collect(usize),
    }

    proptest! {
        #![proptest_config(cases(256))]

        /// Against a vector that is sorted anew each time.
        #[test]
        fn are_served_by_priority_and_then_in_order(steps in proptest::collection::vec(prop_oneof![
            3 => (0_u8..4).prop_map(Step::Join),
            2 => Just(Step::Serve),
            1 => any::<usize>().prop_map(Step::Leave),
            1 => any::<usize>().prop_map(Step::Collect),
        ], 0..60)) {
            let mut waiters = Waiters::new();
            let mut model: Vec<(u8, u32, Ticket)> = Vec::new();
            let mut served: Vec<(Ticket, u32)> = Vec::new();
            for (number, step) in (0_u32..).zip(steps) {
                match step {
                    Step::Join(priority) => {
                        let ticket = waiters.join(Priority::new(priority), Waker::noop().clone());
                        model.push((priority, number, ticket));
                        model.sort_by_key(|(priority, number, _)| (core::cmp::Reverse(*priority), *number));
                    }
                    Step::Serve if model.is_empty() => prop_assert!(waiters.serve(number).is_err()),
                    Step::Serve => {
                        prop_assert!(waiters.serve(number).is_ok());
                        served.push((model.remove(0).2, number));
                    }
                    Step::Leave(which) if which % 2 == 0 && !model.is_empty() => {
                        let (_, _, ticket) = model.remove(which / 2 % model.len());
                        prop_assert!(waiters.leave(&ticket).is_err());
                    }
                    Step::Leave(which) if !served.is_empty() => {
                        let (ticket, given) = served.remove(which / 2 % served.len());
                        prop_assert_eq!(waiters.leave(&ticket).ok(), Some(given));
                    }
                    Step::Collect(which) if which % 2 == 0 && !model.is_empty() => {
                        let ticket = &model[which / 2 % model.len()].2;
                        prop_assert!(waiters.collect(ticket, Waker::noop().clone()).0.is_none());
                    }
                    Step::Collect(which) if !served.is_empty() => {
                        let (ticket, given) = served.remove(which / 2 % served.len());
                        prop_assert_eq!(waiters.collect(&ticket, Waker::noop().clone()).0, Some(given));
                    }
                    _ => {}
                }
                prop_assert_eq!(waiters.waiting(), model.len());
            }
            let mut left: Vec<u32> = served.into_iter().map(|(_, given)| given).collect();
            left.sort_unstable();
            let mut drained: Vec<u32> = waiters.drain().collect();
            drained.sort_unstable();
            prop_assert_eq!(drained, left);
        }
    }
}
