//! Small numbers for threads: dense, and used again when a thread has ended.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | two living threads with one number | a number is a bit that a thread sets with a compare-exchange, and only its owner clears |
//! | the next owner does not see what the last one did | the bit is cleared with release and set with acquire |
//! | a destructor of the thread that runs after the number was given back | the thread has [`NONE`] from then on, and no [`Belongings`] |

use core::cell::Cell;
#[cfg(feature = "stats")]
use core::ptr::NonNull;

use super::numbers::Numbers;

/// The number of a thread that has none: none is left, or the thread is about to end.
pub(crate) const NONE: u32 = u32::MAX;
/// The number of a thread that has not asked yet.
const UNKNOWN: u32 = u32::MAX - 1;

/// So many threads can have a number at once.
#[cfg(not(loom))]
const WORDS: usize = 32;
#[cfg(loom)]
const WORDS: usize = 1;

/// No number is larger.
#[cfg(any(feature = "stats", feature = "cache"))]
pub(crate) const LARGEST: usize = WORDS * 64;

#[cfg(not(loom))]
static NUMBERS: Numbers<WORDS> = Numbers::new();
#[cfg(loom)]
super::primitives::simulator::lazy_static! {
    static ref NUMBERS: Numbers<WORDS> = Numbers::new();
}

/// Gives its number back when the thread ends.
struct Guard(Cell<u32>);

impl Drop for Guard {
    fn drop(&mut self) {
        // First this: who claims the number next must be the only one to have it, and what belongs to it.
        let _ = CURRENT.try_with(|current| current.set(NONE));
        #[cfg(feature = "stats")]
        let _ = BELONGINGS.try_with(|mine| mine.set(NonNull::dangling(), 0));
        if self.0.get() != NONE {
            NUMBERS.release(self.0.get());
        }
    }
}

// Without a destructor, and so without a test whether there is one to be registered.
#[cfg(not(loom))]
std::thread_local! {
    static CURRENT: Cell<u32> = const { Cell::new(UNKNOWN) };
    static GUARD: Guard = const { Guard(Cell::new(NONE)) };
    #[cfg(feature = "stats")]
    static BELONGINGS: Belongings = const { Belongings::new() };
}
#[cfg(loom)]
super::primitives::simulator::thread_local! {
    static CURRENT: Cell<u32> = Cell::new(UNKNOWN);
    static GUARD: Guard = Guard(Cell::new(NONE));
    #[cfg(feature = "stats")]
    static BELONGINGS: Belongings = Belongings::new();
}

/// What belongs to the thread because of its number, where it finds it at once: so many things of one kind, one after the other.
/// Nothing if it has no number, or none any more.
#[cfg(feature = "stats")]
pub(crate) struct Belongings {
    first: Cell<NonNull<()>>,
    count: Cell<usize>,
}

#[cfg(feature = "stats")]
impl Belongings {
    const fn new() -> Self {
        Self { first: Cell::new(NonNull::dangling()), count: Cell::new(0) }
    }

    pub(crate) fn set(&self, first: NonNull<()>, count: usize) {
        self.first.set(first);
        self.count.set(count);
    }

    #[inline(always)]
    pub(crate) fn first(&self) -> NonNull<()> {
        self.first.get()
    }

    #[inline(always)]
    pub(crate) fn count(&self) -> usize {
        self.count.get()
    }
}

/// What belongs to this thread.
#[cfg(feature = "stats")]
#[inline(always)]
pub(crate) fn belongings<R>(look: impl FnOnce(&Belongings) -> R) -> R {
    BELONGINGS.with(look)
}

/// The number of this thread, at least 1; a very large one if it has none, or none yet.
#[inline(always)]
pub(crate) fn current() -> u32 {
    CURRENT.with(Cell::get)
}

/// The number of this thread, which gets one if it can: none if it cannot.
#[cold]
#[inline(never)]
pub(crate) fn assign() -> Option<u32> {
    match current() {
        UNKNOWN => {}
        NONE => return None,
        number => return Some(number),
    }
    // What registers the destructor may allocate, and what allocates may get here again.
    CURRENT.with(|current| current.set(NONE));
    let number = GUARD
        .try_with(|guard| {
            let number = NUMBERS.claim()?;
            guard.0.set(number);
            Some(number)
        })
        .ok()??;
    CURRENT.with(|current| current.set(number));
    Some(number)
}

/// Calls `look` with the number of each thread that has one now.
#[cfg(feature = "cache")]
pub(crate) fn each_used(look: impl FnMut(u32)) {
    NUMBERS.each_used(look);
}

/// Makes the thread the one of this number, as a model wants it.
#[cfg(loom)]
pub(crate) fn become_thread(number: u32) {
    if number == NONE {
        CURRENT.with(|current| current.set(NONE));
        return;
    }
    assert!(NUMBERS.claim_this(number), "somebody else has this number");
    CURRENT.with(|current| current.set(number));
}

/// Waits until no thread has this number: a model must not end before, because the numbers end with it.
#[cfg(loom)]
pub(crate) fn wait_until_unused(number: u32) {
    while NUMBERS.is_used(number) {
        super::primitives::spin_loop();
    }
}

/// Calls `work` if no thread has this number, and no thread has it meanwhile.
#[cold]
pub(crate) fn while_unused(number: u32, work: impl FnOnce()) -> bool {
    if !NUMBERS.claim_this(number) {
        return false;
    }
    work();
    NUMBERS.release(number);
    true
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::thread;

    use super::{NONE, assign, current, while_unused};

    #[test]
    fn a_number_is_its_threads_alone_and_free_again_after_it() {
        let here = assign().unwrap();
        assert_eq!((current(), assign()), (here, Some(here)));
        assert!(!while_unused(here, || unreachable!()));
        let there = thread::spawn(|| assign().unwrap()).join().unwrap();
        assert_ne!(here, there);
    }

    #[test]
    fn destructors_of_a_thread_find_no_number_after_it_was_given_back() {
        struct Late;
        impl Drop for Late {
            fn drop(&mut self) {
                // Whichever of the two is dropped first: no new number is claimed.
                let number = current();
                assert!(number == NONE || assign() == Some(number));
            }
        }
        thread::spawn(|| {
            std::thread_local!(static LATE: Late = const { Late });
            LATE.with(|_| ());
            assign().unwrap();
        })
        .join()
        .unwrap();
    }
}
