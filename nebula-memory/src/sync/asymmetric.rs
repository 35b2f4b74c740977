//! Two fences that are one, and cost on one side only.
//!
//! Two threads, each of which writes one word and then reads the other's, may both miss what the other wrote, unless there
//! is a full fence between the write and the read of both. Where one of them does so all the time and the other hardly ever,
//! the rare one can pay for both: it has the kernel run a full fence on every processor that runs a thread
//! of this process, and all that is left for the frequent one is that the compiler keeps the order.
//!
//! | frequent | rare |
//! | --- | --- |
//! | writes `a` | writes `b` |
//! | [`light_fence`] | [`heavy_fence`] |
//! | reads `b` | reads `a` |
//!
//! At least one of the reads sees what was written (Dice, Huang, Yang: *Asymmetric Dekker Synchronization*, 2001; on Linux by
//! `membarrier(2)`). Where there is no such call, both are sequentially consistent fences. Fences publish nothing here that
//! release and acquire would not: they decide which of two threads has come first.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | the kernel does not help at all | [`is_cheap`] says so before a light fence is relied on |
//! | it refuses later (a sandbox) | [`heavy_fence`] says so, once and for all: nothing may be concluded from light fences any more. Who has no other way asks the frequent side for a [`full_fence`] from there on, and [waits](wait_for_stores) for what was written before |

#[cfg(all(target_os = "linux", not(miri), not(loom)))]
mod kernel {
    use core::sync::atomic::{AtomicU8, Ordering, compiler_fence, fence};

    const UNASKED: u8 = 0;
    const GRANTED: u8 = 1;
    const REFUSED: u8 = 2;

    /// What the kernel says. From `GRANTED` it can go to `REFUSED`, never back.
    static ANSWER: AtomicU8 = AtomicU8::new(UNASKED);

    const PRIVATE_EXPEDITED: libc::c_int = 1 << 3;
    const REGISTER_PRIVATE_EXPEDITED: libc::c_int = 1 << 4;

    fn membarrier(command: libc::c_int) -> bool {
        const NO_FLAGS: libc::c_uint = 0;
        // SAFETY: this call has no effect on memory but that of a fence.
        unsafe { libc::syscall(libc::SYS_membarrier, command, NO_FLAGS) == 0 }
    }

    #[cold]
    #[inline(never)]
    fn ask() -> bool {
        if ANSWER.load(Ordering::Relaxed) == UNASKED {
            let answer = if membarrier(REGISTER_PRIVATE_EXPEDITED) { GRANTED } else { REFUSED };
            // Whoever asks at the same time is told the same.
            let _ = ANSWER.compare_exchange(UNASKED, answer, Ordering::SeqCst, Ordering::Relaxed);
        }
        ANSWER.load(Ordering::Relaxed) == GRANTED
    }

    pub(crate) fn is_cheap() -> bool {
        ask()
    }

    #[inline(always)]
    pub(crate) fn light_fence() {
        compiler_fence(Ordering::SeqCst);
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn heavy_fence() -> bool {
        fence(Ordering::SeqCst);
        // A child of `fork` may have to register again.
        let done = ask()
            && (membarrier(PRIVATE_EXPEDITED)
                || membarrier(REGISTER_PRIVATE_EXPEDITED) && membarrier(PRIVATE_EXPEDITED));
        if !done {
            ANSWER.store(REFUSED, Ordering::SeqCst);
        }
        fence(Ordering::SeqCst);
        done
    }

    pub(crate) fn full_fence() {
        fence(Ordering::SeqCst);
    }
}

#[cfg(not(all(target_os = "linux", not(miri), not(loom))))]
mod kernel {
    use super::super::primitives::{Ordering, fence};

    pub(crate) fn is_cheap() -> bool {
        true
    }

    #[inline(always)]
    pub(crate) fn light_fence() {
        full_fence();
    }

    pub(crate) fn heavy_fence() -> bool {
        full_fence();
        true
    }

    #[inline(always)]
    pub(crate) fn full_fence() {
        fence(Ordering::SeqCst);
    }
}

/// Whether [`light_fence`] and [`heavy_fence`] can be used, as it seems now.
#[inline]
pub(crate) fn is_cheap() -> bool {
    kernel::is_cheap()
}

/// The frequent side, for those who know that [`is_cheap`] was true at some time: only against [`heavy_fence`] that returned true.
#[inline(always)]
pub(crate) fn light_fence() {
    kernel::light_fence();
}

/// The rare side, a microsecond or more: against [`light_fence`] if it returns true, and against [`full_fence`].
#[inline]
#[must_use]
pub(crate) fn heavy_fence() -> bool {
    kernel::heavy_fence()
}

/// The frequent side where the kernel does not help: against [`heavy_fence`], whatever it returns, and another of its kind.
#[inline]
pub(crate) fn full_fence() {
    kernel::full_fence();
}

/// Waits until what any thread has written by now can be read by all: for once, when a [`heavy_fence`] was refused that light
/// fences have relied on. Stores leave the buffers of their processors long before a millisecond is over.
#[cold]
pub(crate) fn wait_for_stores() {
    #[cfg(not(loom))]
    std::thread::sleep(core::time::Duration::from_millis(1));
    full_fence();
}
