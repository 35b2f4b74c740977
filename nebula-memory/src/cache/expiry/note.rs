use core::time::Duration;

use super::clock::{Clock, nanos};
use super::rule::Rule;
use crate::cache::policy::Watch;
use crate::sync::{AtomicU64, Ordering};

/// The deadline of what does not expire.
pub(super) const NEVER: u64 = u64::MAX;

/// When the time of an entry ends, and what else is noted of it. One that is new is over already: it has not come in.
///
/// The deadline is by itself: nobody infers anything else from it, so no order with other memory is needed.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Note<T> {
    deadline: AtomicU64,
    pub(super) inner: T,
}

impl<T> Note<T> {
    #[inline]
    pub(super) fn deadline(&self) -> u64 {
        self.deadline.load(Ordering::Relaxed)
    }

    #[inline]
    pub(super) fn set_deadline(&self, deadline: u64) {
        self.deadline.store(deadline, Ordering::Relaxed);
    }
}

/// Compares deadlines with the clock.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Deadlines<W, X, C> {
    pub(super) inner: W,
    pub(super) rule: X,
    clock: C,
}

impl<W: Watch, X: Rule, C: Clock> Deadlines<W, X, C> {
    pub(super) fn new(inner: W, rule: X, clock: C) -> Self {
        Self { inner, rule, clock }
    }

    #[inline]
    pub(super) fn now(&self) -> u64 {
        nanos(self.clock.now())
    }

    /// The time now, unless it does not matter.
    #[inline]
    fn now_for(&self, deadline: u64) -> u64 {
        if deadline == NEVER && !X::TOUCHED { 0 } else { self.now() }
    }

    /// Puts the deadline off. Of several threads the one with the latest time wins, but for those that do it at once.
    #[inline]
    fn touch(&self, note: &Note<W::Note>, now: u64) {
        let deadline = self.rule.deadline(now, 0);
        if deadline > note.deadline() {
            note.set_deadline(deadline);
        }
    }
}

impl<W: Watch, X: Rule, C: Clock> Watch for Deadlines<W, X, C> {
    type Note = Note<W::Note>;
    const EXPIRES: bool = true;

    #[inline]
    fn hit(&self, note: &Self::Note) {
        if X::TOUCHED {
            self.touch(note, self.now());
        }
        self.inner.hit(&note.inner);
    }

    #[inline]
    fn is_live(&self, note: &Self::Note) -> bool {
        let deadline = note.deadline();
        self.now_for(deadline) < deadline && self.inner.is_live(&note.inner)
    }

    #[inline]
    fn visit(&self, note: &Self::Note) -> bool {
        let deadline = note.deadline();
        let now = self.now_for(deadline);
        if now >= deadline || !self.inner.visit(&note.inner) {
            return false;
        }
        if X::TOUCHED {
            self.touch(note, now);
        }
        true
    }

    fn time_left(&self, note: &Self::Note) -> Duration {
        let own = match note.deadline() {
            NEVER => Duration::MAX,
            deadline => Duration::from_nanos(deadline.saturating_sub(self.now())),
        };
        own.min(self.inner.time_left(&note.inner))
    }

    fn copy(&self, note: &Self::Note) -> Self::Note {
        let copy = Note { deadline: AtomicU64::default(), inner: self.inner.copy(&note.inner) };
        copy.set_deadline(note.deadline());
        copy
    }
}
