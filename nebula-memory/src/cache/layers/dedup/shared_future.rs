use core::any::Any;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::boxed::Box;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError};

use super::bell::{Bell, Woken};
use super::flight::waits_for_itself;
use super::flights::{self, Cargo, Flights, Place};
use super::outcome::Outcome;
use crate::cache::layers::{Loaded, Store};
use crate::sync::{Mutex, MutexGuard, thread};
use crate::unwind::discard;

/// A load that belongs to nobody: any task that waits for it carries it on.
pub(super) type Load<V> = Pin<Box<dyn Future<Output = Result<Loaded<V>, Box<dyn Any + Send + Sync>>> + Send>>;

/// What somebody panicked with.
pub(super) type Panic = Box<dyn Any + Send>;

/// A load by tasks.
///
/// It is polled by whoever of those who wait is polled. So it goes on when whoever began it is dropped, or is alive and never
/// polled again; and it ends, unfinished, when nobody waits any more.
pub(super) struct SharedFuture<K, V> {
    cargo: Cargo<K>,
    state: Mutex<State<V>>,
    bell: Arc<Bell>,
}

struct State<V> {
    course: Course<V>,
    /// How many wait.
    waiters: usize,
}

enum Course<V> {
    /// Nobody polls it.
    Paused(Load<V>),
    /// This thread polls it, or is about to say what it is.
    Polled(thread::ThreadId),
    /// It went so.
    Landed(Arc<Outcome<V>>),
    /// It panicked, with this for its leader.
    Panicked(Option<Panic>),
    /// Nobody waited any more.
    Forsaken,
}

/// How waiting ends.
pub(super) enum Arrival<V> {
    Landed(Arc<Outcome<V>>),
    /// The load has panicked: the leader gets what with, the others try again.
    Panicked(Option<Panic>),
}

impl<K, V> flights::Flight for SharedFuture<K, V> {
    type Key = K;

    fn cargo(&self) -> &Cargo<K> {
        &self.cargo
    }
}

impl<K, V> SharedFuture<K, V> {
    /// One that this thread is about to [start](Waiter::start).
    pub(super) fn new(key: K) -> Self {
        let state = State { course: Course::Polled(thread::current().id()), waiters: 1 };
        Self { cargo: Cargo::new(key), state: Mutex::new(state), bell: Arc::default() }
    }

    fn state(&self) -> MutexGuard<'_, State<V>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The end of it.
    fn end(&self, course: Course<V>) -> Woken {
        let mut state = self.state();
        // What was there is `Polled`, which is nothing to drop.
        state.course = course;
        self.bell.end()
    }
}

/// One who waits.
pub(super) struct Waiter<'c, K, V> {
    flights: &'c Flights<SharedFuture<K, V>>,
    flight: Arc<SharedFuture<K, V>>,
    place: Place,
    seat: usize,
    leads: bool,
    /// Leads, and has not said what the load is.
    owes: bool,
}

impl<'c, K, V> Waiter<'c, K, V> {
    /// The one who has begun it.
    pub(super) fn leading(
        flights: &'c Flights<SharedFuture<K, V>>,
        flight: Arc<SharedFuture<K, V>>,
        place: Place,
    ) -> Self {
        let seat = flight.bell.enter();
        Self { flights, flight, place, seat, leads: true, owes: true }
    }

    /// One who has found it; nothing if it has ended because nobody waited.
    pub(super) fn following(
        flights: &'c Flights<SharedFuture<K, V>>,
        flight: Arc<SharedFuture<K, V>>,
        place: Place,
    ) -> Option<Self> {
        {
            let mut state = flight.state();
            if let Course::Forsaken = state.course {
                return None;
            }
            state.waiters += 1;
        }
        let seat = flight.bell.enter();
        Some(Self { flights, flight, place, seat, leads: false, owes: false })
    }

    /// This is the load.
    pub(super) fn start(&mut self, load: Load<V>) {
        self.owes = false;
        let woken = self.flight.end(Course::Paused(load));
        woken.wake();
    }

    /// No load is needed: this is the value.
    pub(super) fn bring(&mut self, value: V) {
        self.owes = false;
        self.flights.leave(self.place);
        self.flight.end(Course::Landed(Arc::new(Ok(value)))).wake();
    }

    /// Waits on; carries the load on if nobody else does; keeps what it brings in `store`.
    ///
    /// # Panics
    /// If this is called by the load itself, which would wait for itself.
    pub(super) fn poll<S>(&mut self, store: &S, context: &mut Context<'_>) -> Poll<Arrival<V>>
    where
        K: Clone,
        V: Clone,
        S: Store<K, V>,
    {
        // First, so that whatever ends after the look below wakes this one.
        drop(self.flight.bell.hold(self.seat, context.waker().clone()));
        let mut state = self.flight.state();
        match &mut state.course {
            Course::Landed(outcome) => return Poll::Ready(Arrival::Landed(Arc::clone(outcome))),
            Course::Panicked(panic) => {
                return Poll::Ready(Arrival::Panicked(if self.leads { panic.take() } else { None }));
            }
            Course::Polled(by) if *by == thread::current().id() => {
                drop(state);
                waits_for_itself();
            }
            Course::Polled(_) => return Poll::Pending,
            Course::Forsaken => unreachable!("somebody waits"),
            Course::Paused(_) => {}
        }
        let by = Course::Polled(thread::current().id());
        let Course::Paused(load) = core::mem::replace(&mut state.course, by) else {
            unreachable!("just seen, under the same lock")
        };
        self.flight.bell.begin();
        drop(state);
        self.carry_on(load, store)
    }

    /// Polls the load, which is nobody else's for now.
    fn carry_on<S>(&self, mut load: Load<V>, store: &S) -> Poll<Arrival<V>>
    where
        K: Clone,
        V: Clone,
        S: Store<K, V>,
    {
        let flight = &*self.flight;
        let bell = Waker::from(Arc::clone(&flight.bell));
        let polled = catch_unwind(AssertUnwindSafe(move || {
            match load.as_mut().poll(&mut Context::from_waker(&bell)) {
                Poll::Ready(result) => Ok(result),
                Poll::Pending => Err(load),
            }
        }));
        match polled {
            Ok(Err(load)) => {
                let woken = {
                    let mut state = flight.state();
                    state.course = Course::Paused(load);
                    flight.bell.pause()
                };
                woken.wake();
                Poll::Pending
            }
            Ok(Ok(Ok(Loaded { value, keep }))) => {
                let outcome = Arc::new(Ok(value));
                let leaving = Leaving(self);
                if !keep {
                    drop(leaving);
                    flight.end(Course::Landed(Arc::clone(&outcome))).wake();
                    return Poll::Ready(Arrival::Landed(outcome));
                }
                // First for those who wait: whatever panics now is not theirs.
                flight.end(Course::Landed(Arc::clone(&outcome))).wake();
                if let Ok(value) = &*outcome {
                    let key = flight.cargo.key().clone();
                    drop(store.insert_new(key, value.clone(), || flight.cargo.is_wanted()));
                }
                Poll::Ready(Arrival::Landed(outcome))
            }
            Ok(Ok(Err(error))) => {
                let outcome = Arc::new(Err(error));
                // Whoever comes from now on tries again.
                self.flights.leave(self.place);
                flight.end(Course::Landed(Arc::clone(&outcome))).wake();
                Poll::Ready(Arrival::Landed(outcome))
            }
            Err(panic) => {
                self.flights.leave(self.place);
                let (mine, others) = if self.leads { (Some(panic), None) } else { (None, Some(panic)) };
                flight.end(Course::Panicked(others)).wake();
                Poll::Ready(Arrival::Panicked(mine))
            }
        }
    }
}

/// Whatever happens, the flight is not found any more when this is dropped.
struct Leaving<'w, 'c, K, V>(&'w Waiter<'c, K, V>);

impl<K, V> Drop for Leaving<'_, '_, K, V> {
    fn drop(&mut self) {
        self.0.flights.leave(self.0.place);
    }
}

impl<K, V> Drop for Waiter<'_, K, V> {
    fn drop(&mut self) {
        let flight = &*self.flight;
        let waker = flight.bell.leave(self.seat);
        if self.owes {
            self.flights.leave(self.place);
            flight.end(Course::Panicked(None)).wake();
        }
        let (mut load, mut panic) = (None, None);
        {
            let state = &mut *flight.state();
            state.waiters -= 1;
            match &mut state.course {
                Course::Panicked(unheard) if self.leads => panic = unheard.take(),
                Course::Paused(_) if state.waiters == 0 => {
                    if let Course::Paused(last) = core::mem::replace(&mut state.course, Course::Forsaken) {
                        load = Some(last);
                    }
                }
                _ => {}
            }
        }
        if load.is_some() {
            self.flights.leave(self.place);
        }
        if let Some(panic) = panic {
            // The panic hook has told of it; whoever it was for has gone.
            discard(panic);
        }
        drop((waker, load));
    }
}
