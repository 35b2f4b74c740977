//! How long a thread has been running.

use std::time::{Duration, Instant};

/// What one thread has done since it was started: the time during which it ran, not that during which others did, so that
/// what else a machine has to do is mostly not measured.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    wall: Instant,
    running: Option<Duration>,
}

impl Clock {
    /// Starts one for this thread.
    pub fn start() -> Self {
        Self { wall: Instant::now(), running: running() }
    }

    /// How long this thread has run since the start; how long that is ago where the system does not tell.
    pub fn elapsed(&self) -> Duration {
        match (self.running, running()) {
            (Some(start), Some(now)) => now.saturating_sub(start),
            _ => self.wall.elapsed(),
        }
    }
}

#[cfg(unix)]
fn running() -> Option<Duration> {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: writes to the place it is given.
    let result = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    let seconds = Duration::from_secs(u64::try_from(time.tv_sec).ok()?);
    (result == 0).then_some(seconds + Duration::from_nanos(u64::try_from(time.tv_nsec).ok()?))
}

#[cfg(not(unix))]
fn running() -> Option<Duration> {
    None
}
