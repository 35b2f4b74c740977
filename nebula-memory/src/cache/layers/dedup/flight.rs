use std::boxed::Box;
use std::sync::{Arc, PoisonError};

use super::flights::{self, Cargo, Flights, Place};
use super::outcome::Outcome;
use crate::sync::{Condvar, Mutex, MutexGuard, thread};

/// A load by a thread.
pub(super) struct Flight<K, V> {
    cargo: Cargo<K>,
    course: Mutex<Course<V>>,
    landed: Condvar,
}

enum Course<V> {
    /// This thread is at it.
    Loading(thread::ThreadId),
    /// It went so.
    Landed(Arc<Outcome<V>>),
    /// The loader has panicked.
    Abandoned,
}

impl<K, V> flights::Flight for Flight<K, V> {
    type Key = K;

    fn cargo(&self) -> &Cargo<K> {
        &self.cargo
    }
}

impl<K, V> Flight<K, V> {
    /// A load by this thread.
    pub(super) fn new(key: K) -> Self {
        Self {
            cargo: Cargo::new(key),
            course: Mutex::new(Course::Loading(thread::current().id())),
            landed: Condvar::new(),
        }
    }

    /// How it went; nothing if it did not come to an end.
    ///
    /// # Panics
    /// If this thread is the one that loads: it would wait for ever.
    pub(super) fn wait(&self) -> Option<Arc<Outcome<V>>> {
        let mut course = self.course();
        loop {
            match &*course {
                Course::Loading(by) if *by == thread::current().id() => {
                    drop(course);
                    waits_for_itself();
                }
                Course::Loading(_) => {
                    course = self.landed.wait(course).unwrap_or_else(PoisonError::into_inner);
                }
                Course::Landed(outcome) => return Some(Arc::clone(outcome)),
                Course::Abandoned => return None,
            }
        }
    }

    fn course(&self) -> MutexGuard<'_, Course<V>> {
        self.course.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The end of it, for all who wait.
    fn end(&self, course: Course<V>) {
        *self.course() = course;
        self.landed.notify_all();
    }
}

#[cold]
#[track_caller]
pub(super) fn waits_for_itself() -> ! {
    panic!("the load of a key asks for the same key, and would wait for itself")
}

/// The right and the duty to load: whatever happens, those who wait hear of it.
pub(super) struct Lead<'c, K, V> {
    flights: &'c Flights<Flight<K, V>>,
    flight: Arc<Flight<K, V>>,
    place: Place,
    is_over: bool,
}

impl<'c, K, V> Lead<'c, K, V> {
    pub(super) fn new(flights: &'c Flights<Flight<K, V>>, flight: Arc<Flight<K, V>>, place: Place) -> Self {
        Self { flights, flight, place, is_over: false }
    }

    /// It has brought a value. Whoever comes from now on gets it as well, until this is dropped.
    pub(super) fn bring(&mut self, value: V) {
        self.is_over = true;
        self.flight.end(Course::Landed(Arc::new(Ok(value))));
    }

    /// It has failed. Whoever comes from now on tries again.
    pub(super) fn fail<E: Send + Sync + 'static>(mut self, error: E) {
        self.is_over = true;
        self.flights.leave(self.place);
        self.flight.end(Course::Landed(Arc::new(Err(Box::new(error)))));
    }

    /// Whether what it has brought is to be kept.
    pub(super) fn is_wanted(&self) -> bool {
        self.flight.cargo.is_wanted()
    }
}

impl<K, V> Drop for Lead<'_, K, V> {
    fn drop(&mut self) {
        // Nobody may find it who would try again at once.
        self.flights.leave(self.place);
        if !self.is_over {
            self.flight.end(Course::Abandoned);
        }
    }
}
