//! What each thread reads at this moment, for those who want to write there.
//!
//! A thread says in a *hazard*, a word of its own, which place it is about to read, and looks then whether the place still has what it
//! came for (Michael: *Hazard Pointers: Safe Memory Reclamation for Lock-Free Objects*, 2004). Who has taken something out and wants
//! its place for something else looks at the hazards of all threads. Between the two words stand the fences of
//! [`asymmetric`](crate::sync::asymmetric): the reader's costs nothing.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | two threads write one hazard | a line belongs to the number of a thread, which no other living thread has |
//! | a reader inside of a reader takes its hazard | it takes the first word that is zero; a hazard is zero only if nobody reads there |
//! | a thread that has no number, or reads in more places at once than there are words | it gets none, and has to hold the whole shard |
//! | a thread that nobody knows of | a number is claimed before its line is written, so who sees the hazard sees the claim |
//! | a hazard is cleared before the reading is over | by `Release`, read by `Acquire` |

use std::vec::Vec;

use crate::sync::{AtomicUsize, Ordering, thread_id};

/// So many readers of one thread inside of each other.
const WORDS: usize = if cfg!(loom) { 2 } else { 8 };
/// Lines, by the numbers of threads.
const LINES: usize = 1 + if cfg!(loom) { 3 } else { thread_id::LARGEST };

/// What one thread writes to.
#[repr(align(128))]
struct Line([AtomicUsize; WORDS]);

#[cfg(not(loom))]
static ALL: [Line; LINES] = [const { Line([const { AtomicUsize::new(0) }; WORDS]) }; LINES];
#[cfg(loom)]
crate::sync::simulator::lazy_static! {
    static ref ALL: [Line; LINES] =
        core::array::from_fn(|_| Line(core::array::from_fn(|_| AtomicUsize::new(0))));
}

/// A hazard of this thread that is not in use; it is as soon as something but zero is written there.
#[inline(always)]
pub(super) fn unused() -> Option<&'static AtomicUsize> {
    let Some(line) = ALL.get(thread_id::current() as usize) else { return first() };
    // Nobody else writes there.
    if line.0[0].load(Ordering::Relaxed) == 0 { Some(&line.0[0]) } else { another(line) }
}

/// The thread has no number yet.
#[cold]
#[inline(never)]
fn first() -> Option<&'static AtomicUsize> {
    another(ALL.get(thread_id::assign()? as usize)?)
}

#[cold]
#[inline(never)]
fn another(line: &'static Line) -> Option<&'static AtomicUsize> {
    line.0.iter().find(|word| word.load(Ordering::Relaxed) == 0)
}

/// The hazards that are in use, of all threads. To be asked after a heavy fence.
#[derive(Debug, Default)]
pub(super) struct Hazards(Vec<usize>);

impl Hazards {
    /// Looks at all.
    pub(super) fn look(&mut self) {
        self.0.clear();
        thread_id::each_used(|number| {
            let words = ALL.get(number as usize).into_iter().flat_map(|line| &line.0);
            self.0.extend(words.map(|word| word.load(Ordering::Acquire)).filter(|&word| word != 0));
        });
        self.0.sort_unstable();
    }

    /// Whether nobody reads anything.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether somebody reads there.
    pub(super) fn contains(&self, place: usize) -> bool {
        self.0.binary_search(&place).is_ok()
    }
}
