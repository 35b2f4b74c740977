//! Which of some small numbers are in use: a bit each, claimed and given back without a lock, the smallest first.
//!
//! Who gives a number back and who has it next are ordered: what the one did before, the other sees.

use super::primitives::{AtomicU64, Ordering};

/// Bit `b` of word `w` stands for `1 + w * 64 + b`.
pub(crate) struct Numbers<const WORDS: usize>([AtomicU64; WORDS]);

impl<const WORDS: usize> Numbers<WORDS> {
    /// All free.
    #[cfg(not(loom))]
    pub(crate) const fn new() -> Self {
        Self([const { AtomicU64::new(0) }; WORDS])
    }

    /// All free.
    #[cfg(loom)]
    pub(crate) fn new() -> Self {
        Self(core::array::from_fn(|_| AtomicU64::new(0)))
    }

    /// The smallest number that nobody has.
    pub(crate) fn claim(&self) -> Option<u32> {
        for (index, word) in (0_u32..).zip(&self.0) {
            let mut used = word.load(Ordering::Relaxed);
            while used != u64::MAX {
                let bit = used.trailing_ones();
                match word.compare_exchange(used, used | 1 << bit, Ordering::Acquire, Ordering::Relaxed) {
                    Ok(_) => return Some(1 + index * u64::BITS + bit),
                    Err(now) => used = now,
                }
            }
        }
        None
    }

    fn word(&self, number: u32) -> (&AtomicU64, u64) {
        let at = number - 1;
        (&self.0[(at / u64::BITS) as usize], 1 << (at % u64::BITS))
    }

    /// Claims this number if nobody has it.
    pub(crate) fn claim_this(&self, number: u32) -> bool {
        let (word, bit) = self.word(number);
        word.load(Ordering::Relaxed) & bit == 0 && word.fetch_or(bit, Ordering::Acquire) & bit == 0
    }

    /// Gives it back.
    pub(crate) fn release(&self, number: u32) {
        let (word, bit) = self.word(number);
        word.fetch_and(!bit, Ordering::Release);
    }

    /// Calls `look` with each number that somebody has.
    #[cfg(feature = "cache")]
    pub(crate) fn each_used(&self, mut look: impl FnMut(u32)) {
        for (index, word) in (0_u32..).zip(&self.0) {
            let mut used = word.load(Ordering::Acquire);
            while used != 0 {
                look(1 + index * u64::BITS + used.trailing_zeros());
                used &= used - 1;
            }
        }
    }

    /// Whether anybody has it.
    #[cfg(loom)]
    pub(crate) fn is_used(&self, number: u32) -> bool {
        let (word, bit) = self.word(number);
        word.load(Ordering::Acquire) & bit != 0
    }
}
