use core::task::Waker;
use std::sync::{Arc, PoisonError};
use std::task::Wake;
use std::time::Instant;

use crate::sync::{Condvar, Mutex};

/// What a thread sleeps on until it is woken: a waker that blocks, so that threads and futures wait in one queue.
///
/// Not `std::thread::park`: its token is the thread's, and taking one that was meant for code further out (an executor that
/// polls on this thread) would leave that asleep.
#[derive(Default)]
pub(super) struct Signal {
    woken: Mutex<bool>,
    changed: Condvar,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        *self.woken.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_one();
    }
}

impl Signal {
    /// That of this thread. It may have been woken by what it waited for before.
    pub(super) fn of_thread() -> (Arc<Self>, Waker) {
        #[cfg(not(loom))]
        {
            std::thread_local! {
                static MINE: Arc<Signal> = Arc::default();
            }
            // On a thread that is ending: one for this time.
            let signal = MINE.try_with(Arc::clone).unwrap_or_default();
            (Arc::clone(&signal), Waker::from(signal))
        }
        #[cfg(loom)]
        {
            let signal = Arc::new(Self { woken: Mutex::new(false), changed: Condvar::new() });
            (Arc::clone(&signal), Waker::from(signal))
        }
    }

    /// Sleeps until woken; whether it was, before the deadline.
    pub(super) fn wait(&self, deadline: Option<Instant>) -> bool {
        let mut woken = self.woken.lock().unwrap_or_else(PoisonError::into_inner);
        while !*woken {
            let Some(deadline) = deadline else {
                woken = self.changed.wait(woken).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            woken = self.changed.wait_timeout(woken, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        *woken = false;
        true
    }
}
