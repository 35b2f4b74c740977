use core::fmt;
use std::io;
use std::string::String;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::StatsCollector;
use super::source::lock;

/// Instants cannot be as far away as durations can be long.
const LONGEST: Duration = Duration::from_secs(u32::MAX as u64);

/// A thread that looks at a [`StatsCollector`] at regular intervals: see [`start`](StatsCollector::start).
///
/// It ends when this is dropped, which waits for it, and when nobody else has the collector.
#[must_use = "the thread ends when this is dropped"]
pub struct Ticker {
    interval: Arc<Mutex<Duration>>,
    /// Wakes the thread; dropped, it ends it.
    wake: Option<Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Ticker {
    pub(super) fn start(collector: &Arc<StatsCollector>, interval: Duration) -> io::Result<Self> {
        assert!(!interval.is_zero(), "an interval of zero: there would be nothing but snapshots");
        let (wake, woken) = channel();
        let collector = Arc::downgrade(collector);
        let interval = Arc::new(Mutex::new(interval));
        let shared = Arc::clone(&interval);
        let run = move || {
            let mut next = Instant::now();
            loop {
                next += (*lock(&shared)).min(LONGEST);
                let now = Instant::now();
                // What was missed, while the machine slept or a snapshot took long, is not made up for.
                next = next.max(now);
                match woken.recv_timeout(next - now) {
                    Ok(()) => next = Instant::now(),
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {}
                }
                let Some(collector) = collector.upgrade() else { return };
                collector.tick();
            }
        };
        let thread = thread::Builder::new().name(String::from("nebula-stats")).spawn(run)?;
        Ok(Self { interval, wake: Some(wake), thread: Some(thread) })
    }

    /// How long it waits from one look to the next.
    pub fn interval(&self) -> Duration {
        *lock(&self.interval)
    }

    /// Looks now, and at this interval from then on.
    ///
    /// # Panics
    /// If the interval is zero.
    pub fn set_interval(&self, interval: Duration) {
        assert!(!interval.is_zero(), "an interval of zero: there would be nothing but snapshots");
        *lock(&self.interval) = interval;
        if let Some(wake) = &self.wake {
            // The thread has ended if the collector has gone.
            let _ = wake.send(());
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.wake = None;
        let Some(thread) = self.thread.take() else { return };
        // What is registered may own the ticker, and go while the thread looks at it.
        if thread.thread().id() != thread::current().id() {
            // If it panicked, in somebody's figures, the message has been printed.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Ticker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticker").field("interval", &self.interval()).finish_non_exhaustive()
    }
}
