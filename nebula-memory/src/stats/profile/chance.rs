//! Which allocations are sampled, and what a sample stands for.
//!
//! Points are thrown on the bytes that a thread allocates, one after the other, so that the distances between them are
//! exponential with a given mean (a Poisson process). A block on which there is a point is sampled. Points have no memory, so after one the
//! next is as far away as ever, and one of `size` bytes is sampled with probability 1 - exp(-size / mean). A sample stands for the
//! inverse of that many blocks, which makes sums of samples unbiased (Horvitz and Thompson, *A generalization of sampling
//! without replacement from a finite universe*, 1952). The heap profilers of gperftools, Go and jemalloc do the same.

use core::sync::atomic::{AtomicU64, Ordering};

use super::estimate::{ONE, Weight};

/// A source of random numbers for one thread: xorshift with a multiplication (Vigna's `xorshift64*`).
///
/// Seeds are 1, 2, 3 … in the order in which threads ask first, so that a program that does the same takes the same samples.
#[derive(Clone, Copy)]
pub(super) struct Chance(u64);

impl Chance {
    /// Not asked yet.
    pub(super) const UNSEEDED: Self = Self(0);

    fn next(&mut self) -> u64 {
        static THREADS: AtomicU64 = AtomicU64::new(1);
        if self.0 == 0 {
            // One of 2⁶⁴ numbers is zero, and will be another one next time.
            self.0 = stirred(THREADS.fetch_add(1, Ordering::Relaxed));
        }
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// The distance to the next point, in whole bytes: a block is reached if its size is more.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a random number")]
    pub(super) fn distance(&mut self, mean: usize) -> i64 {
        // More than 0 and at most 1.
        let uniform = ((self.next() >> 11) + 1) as f64 / (1_u64 << 53) as f64;
        (-uniform.ln() * mean as f64) as i64
    }
}

/// Sebastiano Vigna's `splitmix64`.
const fn stirred(seed: u64) -> u64 {
    let z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}

/// What a sampled block of `size` bytes stands for, of which `new` bytes have not been counted before.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate is rounded; it is not negative, and what is too large stays the largest"
)]
pub(super) fn weight(size: usize, new: usize, mean: usize) -> (Weight, u64) {
    let probability = -(-(size as f64) / mean as f64).exp_m1();
    let blocks = (ONE as f64 / probability).round() as u64;
    let stands_for = |bytes: usize| (bytes as f64 / probability).round() as u64;
    (Weight { blocks, bytes: stands_for(size) }, stands_for(new))
}
