use core::fmt::Debug;

use super::note::NEVER;

/// When the time of a value ends. Times are nanoseconds of a clock.
#[doc(hidden)]
pub trait Rule: Clone + Debug + Send + Sync {
    /// Whether uses put it off.
    const TOUCHED: bool;

    /// Whether values have deadlines: else nobody need know what time it is.
    #[inline(always)]
    fn asks(&self) -> bool {
        true
    }

    /// The deadline of a value that came in `now`, or, if [`TOUCHED`](Self::TOUCHED), was used; `salt` differs among entries.
    fn deadline(&self, now: u64, salt: u32) -> u64;
}

/// So long after it came in.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct SinceWrite {
    pub(super) life: u64,
    /// As much less it may be.
    pub(super) jitter: u64,
}

impl Rule for SinceWrite {
    const TOUCHED: bool = false;

    #[inline]
    fn deadline(&self, now: u64, salt: u32) -> u64 {
        let life = match self.jitter {
            0 => self.life,
            jitter => self.life - share(jitter, scatter(now ^ u64::from(salt) << 32)),
        };
        now.saturating_add(life)
    }
}

/// So long after it was used.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct SinceUse {
    pub(super) life: u64,
}

impl Rule for SinceUse {
    const TOUCHED: bool = true;

    #[inline]
    fn deadline(&self, now: u64, _: u32) -> u64 {
        now.saturating_add(self.life)
    }
}

/// As it is told; this long, or for ever, if it is not.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Own {
    pub(super) life: u64,
}

impl Rule for Own {
    const TOUCHED: bool = false;

    #[inline]
    fn asks(&self) -> bool {
        self.life != NEVER
    }

    #[inline]
    fn deadline(&self, now: u64, _: u32) -> u64 {
        now.saturating_add(self.life)
    }
}

/// `all`, times a number from 0 to 1.
fn share(all: u64, fraction: u64) -> u64 {
    let product = u128::from(all) * u128::from(fraction);
    u64::try_from(product >> 64).unwrap_or(all)
}

/// A number that looks like any other, always the same for the same: the finalizer of splitmix64 (Steele, Lea, Flood: "Fast
/// Splittable Pseudorandom Number Generators", 2014).
fn scatter(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}
