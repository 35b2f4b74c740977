use core::task::Waker;
use std::sync::{Arc, PoisonError};
use std::task::Wake;
use std::vec::Vec;

use crate::sync::{Mutex, MutexGuard};
use crate::unwind::guarded;

/// What a load wakes: all who wait for it. Any of them may be one that is not polled again, so to wake one is not enough.
#[derive(Default)]
pub(super) struct Bell(Mutex<Ropes>);

#[derive(Default)]
struct Ropes {
    /// Of each who waits, a place, with the waker to be woken next; none if it was woken and not polled since.
    wakers: Vec<Option<Waker>>,
    free: Vec<usize>,
    /// The load is being polled: who was woken now would find that, and go. They are woken when it is put back.
    is_polled: bool,
    has_rung: bool,
}

/// Wakers that are to be woken, when no lock is held: waking is to call what is not ours.
#[must_use]
pub(super) struct Woken(Vec<Waker>);

impl Woken {
    pub(super) fn wake(self) {
        for waker in self.0 {
            // One that panics must not keep the others from being woken.
            guarded(|| waker.wake());
        }
    }
}

impl Bell {
    fn ropes(&self) -> MutexGuard<'_, Ropes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one who waits.
    pub(super) fn enter(&self) -> usize {
        let mut ropes = self.ropes();
        ropes.free.pop().unwrap_or_else(|| {
            ropes.wakers.push(None);
            ropes.wakers.len() - 1
        })
    }

    /// Whom to wake from now on. What comes back is to be dropped where no lock is held.
    pub(super) fn hold(&self, place: usize, waker: Waker) -> Option<Waker> {
        self.ropes().wakers[place].replace(waker)
    }

    /// Does not wait any more. What comes back is to be dropped where no lock is held.
    pub(super) fn leave(&self, place: usize) -> Option<Waker> {
        let mut ropes = self.ropes();
        ropes.free.push(place);
        ropes.wakers[place].take()
    }

    /// The load is polled from now on.
    pub(super) fn begin(&self) {
        let mut ropes = self.ropes();
        (ropes.is_polled, ropes.has_rung) = (true, false);
    }

    /// It is not polled any more: who has to be woken because it rang meanwhile.
    pub(super) fn pause(&self) -> Woken {
        let mut ropes = self.ropes();
        ropes.is_polled = false;
        if ropes.has_rung { ropes.all() } else { Woken(Vec::new()) }
    }

    /// It is over: all who have to be woken.
    pub(super) fn end(&self) -> Woken {
        let mut ropes = self.ropes();
        ropes.is_polled = false;
        ropes.all()
    }
}

impl Ropes {
    fn all(&mut self) -> Woken {
        self.has_rung = false;
        Woken(self.wakers.iter_mut().filter_map(Option::take).collect())
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let woken = {
            let mut ropes = self.ropes();
            if ropes.is_polled {
                ropes.has_rung = true;
                return;
            }
            ropes.all()
        };
        woken.wake();
    }
}
