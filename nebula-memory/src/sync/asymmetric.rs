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
//! | one side trusts in the kernel, the other does not | both go by the same word, which changes once; the light side uses a full fence until it knows better, and that is enough with either |
//! | the kernel refuses later (a sandbox) | the rare side is told by `try_heavy_fence`, and gives up |

#[cfg(all(target_os = "linux", not(miri), not(loom)))]
mod kernel {
    use core::sync::atomic::{AtomicU8, Ordering, compiler_fence, fence};
    use std::time::Duration;

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

    #[cold]
    #[inline(never)]
    fn full_fence() {
        ask();
        fence(Ordering::SeqCst);
    }

    #[inline(always)]
    pub(crate) fn light_fence() {
        // First of all: the answer must not be read before what stands above is written.
        compiler_fence(Ordering::SeqCst);
        if ANSWER.load(Ordering::Relaxed) != GRANTED {
            full_fence();
        }
    }

    #[inline(always)]
    pub(crate) fn cheap_light_fence() {
        compiler_fence(Ordering::SeqCst);
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn try_heavy_fence() -> bool {
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

    #[cold]
    #[inline(never)]
    pub(crate) fn heavy_fence() {
        if ask() && !try_heavy_fence() {
            // Granted before, refused now. Light fences are full ones from here on; those that were passed already have left
            // the buffers of their processors long before a millisecond is over.
            std::thread::sleep(Duration::from_millis(1));
        }
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
        fence(Ordering::SeqCst);
    }

    #[inline(always)]
    pub(crate) fn cheap_light_fence() {
        fence(Ordering::SeqCst);
    }

    pub(crate) fn try_heavy_fence() -> bool {
        fence(Ordering::SeqCst);
        true
    }

    pub(crate) fn heavy_fence() {
        fence(Ordering::SeqCst);
    }
}

/// The frequent side: against [`heavy_fence`], and against another of its kind only where the kernel does not help.
#[inline(always)]
pub(crate) fn light_fence() {
    kernel::light_fence();
}

/// The rare side, a microsecond or more: against [`light_fence`] and [`cheap_light_fence`].
#[inline]
pub(crate) fn heavy_fence() {
    kernel::heavy_fence();
}

/// Whether the pair of [`cheap_light_fence`] and [`try_heavy_fence`] can be used, as it seems now.
#[inline]
pub(crate) fn is_cheap() -> bool {
    kernel::is_cheap()
}

/// [`light_fence`], for those who know that [`is_cheap`] was true at some time: only against [`try_heavy_fence`] that returned true.
#[inline(always)]
pub(crate) fn cheap_light_fence() {
    kernel::cheap_light_fence();
}

/// [`heavy_fence`], unless the kernel refuses it: then nothing may be concluded.
#[inline]
pub(crate) fn try_heavy_fence() -> bool {
    kernel::try_heavy_fence()
}
