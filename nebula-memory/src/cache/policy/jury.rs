use alloc_crate::boxed::Box;

use super::{Expert, Kind, Shadow};

/// Entries that a shadow has room for, at least; caches of fewer are shadowed in full.
const ENTRIES: u32 = 64;
/// Of larger caches, shadows see one key in so many at most.
const MOST: u32 = 128;
/// What was found this many cache sizes ago counts a third of what is found now.
const MEMORY: f64 = 20.0;
/// Standard deviations by which a policy has to be ahead, and its lead as a share of all requests: below that, it may be chance, or
/// not worth the trouble.
const SURE: f64 = 3.0;
const WORTH: f64 = 0.003;
/// Judgements in the time in which as many requests come as there are entries.
const JUDGEMENTS: u32 = 4;

const EXPERTS: usize = Kind::ALL.len();

/// Watches what each policy would find, in shadow caches of a sample of all keys, and says which one is best by now.
///
/// For one key in `rate`, chosen by its hash, there is a shadow for each policy with that part of the capacity: it finds nearly
/// the same share of its requests as the whole one would. Of each request is counted which policies have found it, so that two of
/// them can be compared by those that only one has found: a lead has to be larger than chance would make it.
///
/// The idea to sample by hashes is of Carl A. Waldspurger, Trausti Saemundsson, Irfan Ahmad, Nohhyun Park: Cache Modeling and
/// Optimization using Miniature Simulations, USENIX ATC 2017; the test is that of Quinn `McNemar`: Note on the Sampling Error of the
/// Difference between Correlated Proportions or Percentages, Psychometrika 12, 1947.
#[derive(Clone, Debug)]
pub(crate) struct Jury {
    shadows: Box<[Shadow<Expert>; EXPERTS]>,
    /// Requests by who has found them: a bit for each policy. Older ones count less.
    found: [f64; 1 << EXPERTS],
    /// All requests, older ones counting less as well.
    seen: f64,
    rate: u32,
    /// Entries of the cache when this began.
    entries: u32,
    /// Until the next judgement, and since the last.
    requests: u32,
    since: u32,
}

impl Jury {
    /// For a cache of this capacity, which takes so many entries. The shadows are empty.
    pub(crate) fn new(capacity: u64, entries: u32) -> Self {
        let rate = (entries / ENTRIES).clamp(1, MOST);
        let part = (capacity / u64::from(rate)).max(1);
        // As many as there can be where entries are not weighed.
        let room = (entries / rate + 1) as usize;
        let room = usize::try_from(part).map_or(room, |part| room.min(part));
        let shadows = Box::new(Kind::ALL.map(|kind| Shadow::of(Expert::new(kind, part), part, room)));
        let mut jury =
            Self { shadows, found: [0.0; 1 << EXPERTS], seen: 0.0, rate, entries, requests: 0, since: 0 };
        jury.requests = jury.pause();
        jury
    }

    /// Whether a cache that takes so many entries by now should have another one.
    pub(crate) fn is_outgrown(&self, entries: u32) -> bool {
        entries / 2 > self.entries || entries < self.entries / 2
    }

    /// Requests between judgements.
    fn pause(&self) -> u32 {
        (self.entries / JUDGEMENTS).max(16)
    }

    /// Whether the shadows see a key with this hash.
    #[inline(always)]
    pub(crate) fn samples(&self, hash: u32) -> bool {
        // Other bits than those by which shadows and ghosts find their places.
        let lot = u64::from(hash.wrapping_mul(0x85EB_CA6B)) * u64::from(self.rate);
        lot >> 32 == 0
    }

    /// A request; whether there has to be a judgement.
    #[inline]
    pub(crate) fn see(&mut self, hash: u32, weight: u64) -> bool {
        if self.samples(hash) {
            self.compare(hash, weight);
        }
        self.requests = self.requests.saturating_sub(1);
        self.since += 1;
        self.requests == 0
    }

    fn compare(&mut self, hash: u32, weight: u64) {
        let weight = u32::try_from(weight).unwrap_or(u32::MAX);
        let mut found = 0;
        for shadow in self.shadows.iter_mut() {
            found = found << 1 | usize::from(shadow.access(hash, weight));
        }
        self.found[found] += 1.0;
    }

    /// An entry that was there before the shadows were: to be told of in the order of the last uses.
    pub(crate) fn tell(&mut self, hash: u32, weight: u64) {
        self.see(hash, weight);
        self.found = [0.0; 1 << EXPERTS];
        self.since = 0;
        self.requests = self.pause();
    }

    /// Requests that one policy has found, and `without` not.
    fn found(&self, with: usize, without: Option<usize>) -> f64 {
        let bit = |which: usize| 1 << (EXPERTS - 1 - which);
        let without = without.map_or(0, bit);
        let each = self.found.iter().enumerate();
        each.filter(|(found, _)| found & bit(with) != 0 && found & without == 0).map(|(_, count)| count).sum()
    }

    /// The policy that should take over from the present one, if it should, as its shadow has it. The next judgement comes later if
    /// so.
    pub(crate) fn judge(&mut self, present: Kind) -> Option<&Expert> {
        self.seen += f64::from(core::mem::take(&mut self.since));
        self.requests = self.pause();
        let present = Kind::ALL.iter().position(|&kind| kind == present)?;
        let best =
            (0..EXPERTS).max_by(|&one, &other| self.found(one, None).total_cmp(&self.found(other, None)))?;
        let (ahead, behind) = (self.found(best, Some(present)), self.found(present, Some(best)));
        let lead = ahead - behind - WORTH * self.seen / f64::from(self.rate);
        // Squared, since there are no roots without a library for floats.
        let is_sure = lead > 0.0 && lead * lead > SURE * SURE * (ahead + behind);
        let kept = 1.0 - f64::from(self.requests) / (MEMORY * f64::from(self.entries.max(64)));
        self.found.iter_mut().chain([&mut self.seen]).for_each(|count| *count *= kept);
        if !is_sure {
            return None;
        }
        self.requests = self.entries.saturating_mul(2).max(16);
        Some(self.shadows[best].ranking())
    }
}
