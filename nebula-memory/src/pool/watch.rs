//! What is noted of each object: nothing, unless asked for by type.

use core::panic::Location;
use core::ptr::{self, NonNull};
use std::boxed::Box;
use std::time::{Duration, Instant};

use super::Lease;
use crate::sync::{AtomicPtr, AtomicU64, Ordering};

mod sealed {
    pub trait Sealed {}
}

/// What a pool notes of its objects: [`Watched`], of which each part is either nothing or what its name says.
pub trait Watch: sealed::Sealed {
    /// What is noted of one object, beside it. Written by who has the object, read by anybody.
    #[doc(hidden)]
    type Note: Default + Send + Sync;

    /// Whether notes are read while their objects are in use, so that the pool has to know all of them.
    #[doc(hidden)]
    const READ: bool;

    /// Whether uses are counted.
    #[doc(hidden)]
    const COUNTS: bool = false;

    #[doc(hidden)]
    #[inline(always)]
    fn created(&self, note: &Self::Note) {
        let _ = note;
    }

    #[doc(hidden)]
    #[inline(always)]
    fn acquired(&self, note: &Self::Note, by: &'static Location<'static>) {
        let _ = (note, by);
    }

    #[doc(hidden)]
    #[inline(always)]
    fn released(&self, note: &Self::Note) {
        let _ = note;
    }

    #[doc(hidden)]
    #[inline(always)]
    fn expired(&self, note: &Self::Note) -> bool {
        let _ = note;
        false
    }

    /// How long objects may be idle, and how long they may be there at all.
    #[doc(hidden)]
    fn oldest(&self) -> (Option<Duration>, Option<Duration>) {
        (None, None)
    }

    #[doc(hidden)]
    fn lease(&self, note: &Self::Note) -> Option<Lease> {
        let _ = note;
        None
    }

    #[doc(hidden)]
    fn uses(&self, note: &Self::Note) -> u64 {
        let _ = note;
        0
    }

    #[doc(hidden)]
    fn report(&self, leases: &[Lease]) {
        let _ = leases;
    }
}

impl sealed::Sealed for () {}

impl Watch for () {
    type Note = ();
    const READ: bool = false;
}

/// What a pool notes: how old objects are, who has them, how often they were used. Each is a type, and `()` is nothing.
#[derive(Debug, Default)]
pub struct Watched<A = (), L = (), U = ()> {
    pub(super) ages: A,
    pub(super) leases: L,
    pub(super) uses: U,
}

impl<A, L, U> sealed::Sealed for Watched<A, L, U> {}

impl<A: Watch, L: Watch, U: Watch> Watch for Watched<A, L, U> {
    type Note = (A::Note, L::Note, U::Note);
    const READ: bool = A::READ || L::READ || U::READ;
    const COUNTS: bool = U::COUNTS;

    #[inline(always)]
    fn created(&self, note: &Self::Note) {
        self.ages.created(&note.0);
    }

    #[inline(always)]
    fn acquired(&self, note: &Self::Note, by: &'static Location<'static>) {
        self.leases.acquired(&note.1, by);
        self.uses.acquired(&note.2, by);
    }

    #[inline(always)]
    fn released(&self, note: &Self::Note) {
        self.ages.released(&note.0);
        self.leases.released(&note.1);
    }

    #[inline(always)]
    fn expired(&self, note: &Self::Note) -> bool {
        self.ages.expired(&note.0)
    }

    fn oldest(&self) -> (Option<Duration>, Option<Duration>) {
        self.ages.oldest()
    }

    fn lease(&self, note: &Self::Note) -> Option<Lease> {
        self.leases.lease(&note.1)
    }

    fn uses(&self, note: &Self::Note) -> u64 {
        self.uses.uses(&note.2)
    }

    fn report(&self, leases: &[Lease]) {
        self.leases.report(leases);
    }
}

/// A moment, as what has passed since a pool was made: fits a word, and 584 years.
fn nanoseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

/// Objects grow old: those that were idle, or are there, for too long are destroyed. Costs a look at the clock when an object
/// comes back and one when it is handed out.
#[derive(Debug)]
pub struct Aging {
    epoch: Instant,
    idle: Option<Duration>,
    total: Option<Duration>,
}

/// When an object was made, and when it came back.
#[derive(Debug, Default)]
pub struct Age {
    born: AtomicU64,
    idle_since: AtomicU64,
}

impl sealed::Sealed for Aging {}

impl Watch for Aging {
    type Note = Age;
    const READ: bool = false;

    fn created(&self, note: &Age) {
        let now = nanoseconds(self.epoch);
        note.born.store(now, Ordering::Relaxed);
        note.idle_since.store(now, Ordering::Relaxed);
    }

    #[inline]
    fn released(&self, note: &Age) {
        if self.idle.is_some() {
            note.idle_since.store(nanoseconds(self.epoch), Ordering::Relaxed);
        }
    }

    #[inline]
    fn expired(&self, note: &Age) -> bool {
        let now = nanoseconds(self.epoch);
        let over = |limit: Option<Duration>, since: &AtomicU64| {
            let passed = now.saturating_sub(since.load(Ordering::Relaxed));
            limit.is_some_and(|limit| u128::from(passed) >= limit.as_nanos())
        };
        over(self.idle, &note.idle_since) || over(self.total, &note.born)
    }

    fn oldest(&self) -> (Option<Duration>, Option<Duration>) {
        (self.idle, self.total)
    }
}

/// No ages yet, or some: what a builder is told about them.
#[doc(hidden)]
pub trait IntoAging {
    fn into_aging(self) -> Aging;
}

impl IntoAging for () {
    fn into_aging(self) -> Aging {
        Aging { epoch: Instant::now(), idle: None, total: None }
    }
}

impl IntoAging for Aging {
    fn into_aging(self) -> Aging {
        self
    }
}

impl Aging {
    pub(super) fn with_idle(self, limit: Duration) -> Self {
        Self { idle: Some(limit), ..self }
    }

    pub(super) fn with_total(self, limit: Duration) -> Self {
        Self { total: Some(limit), ..self }
    }
}

/// What is told of objects that never came back.
type Report = Box<dyn Fn(&[Lease]) + Send + Sync>;

/// Who has each object, and since when. Costs a look at the clock and two stores when an object is handed out.
pub struct Leases {
    epoch: Instant,
    report: Report,
}

/// By whom an object was acquired, if it is in use, and when.
#[derive(Debug, Default)]
pub struct LeaseNote {
    by: Holder,
    since: AtomicU64,
}

/// Null while the object is free.
#[derive(Debug)]
struct Holder(AtomicPtr<Location<'static>>);

impl Default for Holder {
    fn default() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }
}

impl Leases {
    pub(super) fn new(report: impl Fn(&[Lease]) + Send + Sync + 'static) -> Self {
        Self { epoch: Instant::now(), report: Box::new(report) }
    }
}

impl core::fmt::Debug for Leases {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Leases")
    }
}

impl sealed::Sealed for Leases {}

impl Watch for Leases {
    type Note = LeaseNote;
    const READ: bool = true;

    #[inline]
    fn acquired(&self, note: &LeaseNote, by: &'static Location<'static>) {
        note.since.store(nanoseconds(self.epoch), Ordering::Relaxed);
        note.by.0.store(ptr::from_ref(by).cast_mut(), Ordering::Release);
    }

    #[inline]
    fn released(&self, note: &LeaseNote) {
        note.by.0.store(ptr::null_mut(), Ordering::Release);
    }

    fn lease(&self, note: &LeaseNote) -> Option<Lease> {
        let by = NonNull::new(note.by.0.load(Ordering::Acquire))?;
        let since = note.since.load(Ordering::Relaxed);
        let held_for = Duration::from_nanos(nanoseconds(self.epoch).saturating_sub(since));
        // SAFETY: only `acquired` stores what is not null, a reference that is valid for ever and only read.
        let location = unsafe { by.as_ref() };
        Some(Lease { location, held_for })
    }

    fn report(&self, leases: &[Lease]) {
        (self.report)(leases);
    }
}

/// How often objects are handed out. Costs an addition to a number beside the object, which nobody else writes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Uses;

impl sealed::Sealed for Uses {}

impl Watch for Uses {
    type Note = AtomicU64;
    const READ: bool = true;
    const COUNTS: bool = true;

    #[inline]
    fn acquired(&self, note: &AtomicU64, _: &'static Location<'static>) {
        // Nobody else writes it: a load and a store, not one step.
        note.store(note.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
    }

    fn uses(&self, note: &AtomicU64) -> u64 {
        note.load(Ordering::Relaxed)
    }
}
