use alloc_crate::{boxed::Box, collections::VecDeque, vec};

/// Entries in a bucket.
const SLOTS: usize = 12;
/// The slot after each.
const AFTER: [u32; SLOTS] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0];
/// As many are in use on average, so that few buckets overflow.
const FILL: u32 = 8;
/// How far from its bucket a ghost may be.
const FAR: u32 = 3;
/// No window is larger: the numbers need their bits.
const MOST: u32 = FILL << 25;
/// A bucket is swept with every so many ghosts.
const SWEEP: u32 = 16;

/// The hashes of the entries that went last, a window of so many of them: about 8 bytes each.
///
/// A ghost has the number of its coming in; those which are not among the last `window` are not there any more, without anything
/// being done for it. What says that a hash is in a bucket is its quotient, the remainder (the part of the hash that the bucket
/// does not say) is kept in full, so that no other hash is taken for it. A number takes as many bits as are left of 40, counts
/// around, and would be taken for a new one after at least 32 windows' worth of buckets: a hand sweeps over the buckets well
/// before that.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ghosts {
    buckets: Box<[Bucket]>,
    /// Those for which four buckets were full, by their number: one in a thousand. The oldest first.
    stray: VecDeque<(u32, u32)>,
    /// As many of the last are there.
    window: u32,
    /// Ghosts that came in so far, around.
    now: u32,
    /// The bucket that is swept next.
    hand: u32,
    /// ⌊log₂⌋ of the number of buckets.
    log: u32,
}

/// One cache line. A ghost is 40 bits: from below, the remainder, how far from its own bucket it is (2 bits), and its number.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Bucket {
    low: [u32; SLOTS],
    high: [u8; SLOTS],
    /// The upper 28 bits: the number (rounded up) of the last ghost that had to go to the next bucket. The lower 4: the slot that
    /// is written next, which is the oldest one.
    state: u32,
}

impl Bucket {
    #[inline(always)]
    fn ghost(&self, slot: usize) -> u64 {
        u64::from(self.high[slot]) << 32 | u64::from(self.low[slot])
    }

    #[expect(clippy::cast_possible_truncation, reason = "a ghost has 40 bits")]
    #[inline(always)]
    fn set(&mut self, slot: usize, ghost: u64) {
        self.low[slot] = low(ghost);
        self.high[slot] = low(ghost >> 32) as u8;
    }
}

#[expect(clippy::cast_possible_truncation, reason = "it is what the name says")]
#[inline(always)]
fn low(word: u64) -> u32 {
    word as u32
}

impl Ghosts {
    /// Bits of a remainder.
    #[inline(always)]
    fn rest(&self) -> u32 {
        32 - self.log
    }

    /// The bucket of a hash, and the remainder: all hashes of a bucket differ in it.
    #[inline(always)]
    fn place(&self, hash: u32) -> (u32, u64) {
        let scaled = u64::from(hash.wrapping_mul(0x9E37_79B1)) * self.buckets.len() as u64;
        (low(scaled >> 32), u64::from(low(scaled) >> self.log))
    }

    /// How many came in since this one.
    #[inline(always)]
    fn age(&self, ghost: u64) -> u32 {
        let bits = 6 + self.log;
        self.now.wrapping_sub(low(ghost >> (self.rest() + 2))) & (u32::MAX >> (32 - bits))
    }

    #[inline(always)]
    fn stamped(&self, age: u32, key: u64) -> u64 {
        let bits = 6 + self.log;
        let number = self.now.wrapping_sub(age) & (u32::MAX >> (32 - bits));
        u64::from(number) << (self.rest() + 2) | key
    }

    /// Whether a ghost of this bucket may be in the next.
    #[inline(always)]
    fn overflown(&self, bucket: &Bucket) -> bool {
        self.now.wrapping_sub(bucket.state & !15).wrapping_add(16) < self.window.saturating_add(32)
    }

    #[inline(always)]
    fn after(&self, bucket: u32) -> u32 {
        if bucket as usize + 1 == self.buckets.len() { 0 } else { bucket + 1 }
    }

    /// Takes the ghost of a hash out; whether there was one.
    #[inline]
    pub(crate) fn take(&mut self, hash: u32) -> bool {
        if self.buckets.is_empty() {
            return false;
        }
        let (mut at, rest) = self.place(hash);
        let mask = (1 << (self.rest() + 2)) - 1;
        for far in 0..=u64::from(FAR) {
            let key = rest | far << self.rest();
            let bucket = &self.buckets[at as usize];
            let (lower, lower_mask) = (low(key), low(mask));
            // All of them, without a branch each.
            let seen: u8 = bucket.low.iter().map(|&slot| u8::from(slot & lower_mask == lower)).sum();
            if seen > 0 {
                for slot in 0..SLOTS {
                    let ghost = bucket.ghost(slot);
                    if ghost & mask == key && self.age(ghost) < self.window {
                        let gone = self.stamped(self.window, key);
                        self.buckets[at as usize].set(slot, gone);
                        return true;
                    }
                }
            }
            if !self.overflown(bucket) {
                return false;
            }
            at = self.after(at);
        }
        let alive = |number: u32| self.now.wrapping_sub(number) < self.window;
        let stray = self.stray.iter().position(|&(number, stray)| stray == hash && alive(number));
        stray.and_then(|at| self.stray.remove(at)).is_some()
    }

    /// A ghost comes in, and is there until `window` others have come in, or it is taken out.
    ///
    /// It is forgotten at once if far too many others have their place near its own, which does not happen with hashes worth the
    /// name.
    #[inline]
    pub(crate) fn push(&mut self, hash: u32, window: u32) {
        let window = window.min(MOST);
        if window != self.window {
            self.resize(window);
        }
        self.now = self.now.wrapping_add(1);
        if self.now.is_multiple_of(SWEEP) {
            self.sweep();
        }
        let (mut at, rest) = self.place(hash);
        for far in 0..=u64::from(FAR) {
            let bucket = &self.buckets[at as usize];
            let state = bucket.state;
            let over = |slot: &usize| self.age(bucket.ghost(*slot)) >= self.window;
            let oldest = (state & 15) as usize;
            // Those that were taken out leave places in between.
            let free = if over(&oldest) { Some(oldest) } else { (0..SLOTS).find(over) };
            if let Some(slot) = free {
                let ghost = self.stamped(0, rest | far << self.rest());
                let bucket = &mut self.buckets[at as usize];
                bucket.set(slot, ghost);
                bucket.state = state & !15 | AFTER[slot];
                return;
            }
            self.buckets[at as usize].state = self.now.wrapping_add(15) & !15 | state & 15;
            at = self.after(at);
        }
        self.stray(hash);
    }

    /// There is no place near its own.
    #[cold]
    fn stray(&mut self, hash: u32) {
        while self.stray.front().is_some_and(|&(number, _)| self.now.wrapping_sub(number) >= self.window) {
            self.stray.pop_front();
        }
        if self.stray.len() < 16 + self.window as usize / 64 {
            self.stray.push_back((self.now, hash));
        }
    }

    /// What is over long enough to be taken for new soon is over since just now.
    fn sweep(&mut self) {
        let at = self.hand;
        self.hand = self.after(at);
        let mut bucket = self.buckets[at as usize];
        let mask = (1 << (self.rest() + 2)) - 1;
        for slot in 0..SLOTS {
            let ghost = bucket.ghost(slot);
            if self.age(ghost) > self.window {
                bucket.set(slot, self.stamped(self.window, ghost & mask));
            }
        }
        if !self.overflown(&bucket) {
            bucket.state = self.now.wrapping_sub(self.window).wrapping_sub(64) & !15 | bucket.state & 15;
        }
        self.buckets[at as usize] = bucket;
    }

    /// Another window. If the buckets are too few or far too many for it, all are forgotten: for caches of entries this happens
    /// with the first ghost and when the capacity changes, for those of weights also when their number of entries changes much.
    #[cold]
    fn resize(&mut self, window: u32) {
        let room = u64::from(FILL) * self.buckets.len() as u64;
        let smallest = u64::from(window) * 4 + 64;
        if u64::from(window) > room || room > smallest {
            // A window that changes once may do so again.
            let count = if self.window == 0 { window } else { window.saturating_add(window / 4) };
            let count = count.div_ceil(FILL).max(1);
            self.log = count.ilog2();
            self.now = 0;
            self.hand = 0;
            self.window = window;
            self.stray.clear();
            self.buckets = vec![Bucket::default(); count as usize].into_boxed_slice();
            let over = self.stamped(window, 0);
            for bucket in &mut self.buckets {
                for slot in 0..SLOTS {
                    bucket.set(slot, over);
                }
                bucket.state = 0_u32.wrapping_sub(window).wrapping_sub(64) & !15;
            }
        } else {
            self.window = window;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ghosts in order, none for those that were taken.
    struct Model(VecDeque<Option<u32>>, usize);

    impl Model {
        fn take(&mut self, hash: u32) -> bool {
            let found = self.0.iter_mut().find(|ghost| **ghost == Some(hash));
            found.is_some_and(|ghost| ghost.take().is_some())
        }

        fn push(&mut self, hash: u32) {
            self.0.push_back(Some(hash));
            if self.0.len() > self.1 {
                self.0.pop_front();
            }
        }
    }

    #[test]
    fn a_window_of_ghosts() {
        let mut state = 1_u32;
        for window in [1_u32, 2, 5, 9, 10, 63, 100, 500] {
            let (mut ghosts, mut model) = (Ghosts::default(), Model(VecDeque::new(), window as usize));
            for _ in 0..40_000 {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let hash = (state >> 16) % (window * 2 + 1);
                let taken = ghosts.take(hash);
                assert_eq!(taken, model.take(hash), "{hash} of {window}");
                if !taken || state >> 30 == 0 {
                    ghosts.push(hash, window);
                    model.push(hash);
                }
            }
        }
    }

    #[test]
    fn none_gets_lost_where_it_is_narrow() {
        let (mut ghosts, mut model) = (Ghosts::default(), Model(VecDeque::new(), 3000));
        let mut stray = 0;
        for turn in 0..60_000_u32 {
            // Evenly spread hashes would never be near each other: these are as bad as chance has it.
            let mixed = (turn % 4000 + 1).wrapping_mul(0x9E37_79B1);
            let mixed = (mixed ^ mixed >> 15).wrapping_mul(0x85EB_CA77);
            let hash = mixed ^ mixed >> 13;
            assert_eq!(ghosts.take(hash), model.take(hash), "{turn}");
            ghosts.push(hash, 3000);
            model.push(hash);
            stray += ghosts.stray.len();
        }
        assert!(stray > 0);
    }

    #[test]
    fn a_ghost_takes_eight_bytes() {
        assert_eq!(size_of::<Bucket>(), 64);
        let mut ghosts = Ghosts::default();
        ghosts.push(1, 90_000);
        assert!(ghosts.buckets.len() * 64 <= 90_000 * 81 / 10);
    }
}
