use core::fmt::Debug;

/// What the small queue of [`S3Fifo`](super::S3Fifo), or of one that is made from it, has of the capacity; and what else makes
/// them differ.
pub(crate) trait Split: Clone + Debug {
    /// Hits that bring an entry from the small queue to the main one.
    const WORTH: u8;

    /// Whether what is new goes to the main queue while there is room, once the small one has its share.
    const FILLS: bool;

    /// For a cache of this capacity.
    fn new(capacity: u64) -> Self;

    /// What the small queue has.
    fn share(&self) -> u64;

    /// So many ghosts are remembered beside as many entries, at least 1.
    fn window(len: u32) -> u32;

    /// An entry of this weight comes back as one of so many, and was a ghost, with so many of them after it.
    #[inline(always)]
    fn on_ghost(&mut self, weight: u64, after: usize, len: u32) {
        let _ = (weight, after, len);
    }

    /// Entries that weigh so much stay in the main queue, since they were used, while another one leaves it.
    #[inline(always)]
    fn on_stay(&mut self, weight: u64) {
        let _ = weight;
    }

    /// The capacity is another one from now on.
    fn resize(&mut self, capacity: u64);
}

/// A tenth, as in the paper.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Tenth(u64);

impl Split for Tenth {
    const WORTH: u8 = 2;
    const FILLS: bool = false;

    fn new(capacity: u64) -> Self {
        Self((capacity / 10).max(1))
    }

    #[inline(always)]
    fn share(&self) -> u64 {
        self.0
    }

    /// As many as the main queue has entries, should they weigh as much as those that are there.
    #[inline(always)]
    fn window(len: u32) -> u32 {
        (len - (len / 10).max(1)).max(1)
    }

    fn resize(&mut self, capacity: u64) {
        *self = Self::new(capacity);
    }
}

/// One in so many is what the small queue has at least, and the main one of the other kind.
const LEAST: u64 = 64;
const LEAST_MAIN: u64 = 10;
/// One ghost in so many has gone just now.
const YOUNG: u32 = 10;
/// What an entry that comes back takes for the small queue, in sixteenths of its weight: if it has gone just now, and if not.
/// One that stays takes one for the main queue.
const SOON: u64 = 8;
const LATE: u64 = 1;

/// As little as does, of [`Elastic`](super::Elastic): more with each entry that comes back, and less with each that stays.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Yielding {
    /// All in sixteenths.
    share: u64,
    least: u64,
    most: u64,
}

impl Split for Yielding {
    const WORTH: u8 = 1;
    const FILLS: bool = true;

    fn new(capacity: u64) -> Self {
        let least = (capacity / LEAST).max(1).saturating_mul(16);
        let most = (capacity - capacity / LEAST_MAIN).saturating_mul(16).max(least);
        Self { share: least, least, most }
    }

    #[inline(always)]
    fn share(&self) -> u64 {
        self.share / 16
    }

    #[inline(always)]
    fn window(len: u32) -> u32 {
        (len / 2 + len / 16).max(1)
    }

    #[inline]
    fn on_ghost(&mut self, weight: u64, after: usize, len: u32) {
        let part = if after <= (len / YOUNG) as usize { SOON } else { LATE };
        self.share = self.share.saturating_add(weight.saturating_mul(part)).min(self.most);
    }

    #[inline(always)]
    fn on_stay(&mut self, weight: u64) {
        self.share = self.share.saturating_sub(weight).max(self.least);
    }

    fn resize(&mut self, capacity: u64) {
        let share = self.share;
        *self = Self::new(capacity);
        self.share = share.clamp(self.least, self.most);
    }
}
