//! Concurrent code takes its atomics from here, so that loom can check every interleaving of it
//! (`--cfg loom`), and shuttle some of many threads' (`--cfg loom --cfg shuttle`).

/// Who runs the threads of a model.
#[cfg(all(loom, not(shuttle)))]
pub(crate) use loom as simulator;
#[cfg(all(loom, shuttle))]
pub(crate) use shuttle as simulator;

#[cfg(all(loom, any(feature = "stats", feature = "cache"), feature = "std"))]
pub(crate) use self::simulator::sync::atomic::AtomicU8;
#[cfg(all(loom, feature = "std"))]
pub(crate) use self::simulator::sync::atomic::{AtomicPtr, fence};
#[cfg(loom)]
pub(crate) use self::simulator::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering};
#[cfg(all(loom, feature = "std"))]
pub(crate) use self::simulator::sync::{Condvar, Mutex, MutexGuard};
#[cfg(all(not(loom), feature = "std", target_has_atomic = "64"))]
pub(crate) use core::sync::atomic::AtomicPtr;
#[cfg(all(
    not(loom),
    any(feature = "stats", feature = "cache"),
    feature = "std",
    target_has_atomic = "64"
))]
pub(crate) use core::sync::atomic::AtomicU8;
#[cfg(all(not(loom), feature = "std", any(not(target_os = "linux"), miri)))]
pub(crate) use core::sync::atomic::fence;
#[cfg(all(not(loom), target_has_atomic = "64"))]
pub(crate) use core::sync::atomic::{AtomicU32, AtomicU64};
#[cfg(all(not(loom), target_has_atomic = "ptr"))]
pub(crate) use core::sync::atomic::{AtomicUsize, Ordering};
#[cfg(all(not(loom), feature = "std"))]
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard};
#[cfg(all(not(loom), feature = "std"))]
pub(crate) use std::thread;

#[cfg(loom)]
pub(crate) use self::simulator::thread;

/// Tells the processor that this is a spin loop (and lets a model run another thread).
#[inline]
pub(crate) fn spin_loop() {
    #[cfg(not(loom))]
    core::hint::spin_loop();
    #[cfg(loom)]
    thread::yield_now();
}

/// Gives the rest of the time slice away; without `std` it only spins.
#[inline]
pub(crate) fn yield_now() {
    #[cfg(all(feature = "std", not(loom)))]
    thread::yield_now();
    #[cfg(any(not(feature = "std"), loom))]
    spin_loop();
}
