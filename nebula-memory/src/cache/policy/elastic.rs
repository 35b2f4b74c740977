use super::{Policy, S3FifoRanking, S3Queues, Yielding, ranking::sealed::Sealed};

/// [`S3Fifo`](super::S3Fifo) with a small queue as large as it has to be: the policy that caches have unless told otherwise.
///
/// A hit is a mark, and what is new has to be used once in the small queue to come to the main one. The small queue has a 64th of
/// the capacity at first. It gets more when an entry comes back that would have been found, had it been larger, most of all one that
/// had just left; and less when an entry stays in the main queue because it was used, which it could not do, were that smaller.
/// So it is small where the same keys are wanted all the time, and up to nine tenths where new ones are. While a cache fills, what
/// comes goes to the main queue, so that a loop that is longer than the cache finds a part of it.
///
/// Nine ghosts are remembered for 16 entries, at 12 bytes each. Every call takes constant time, amortised over hits.
///
/// The queues are those of Juncheng Yang, Yazhuo Zhang, Ziyue Qiu, Yao Yue, K. V. Rashmi: *FIFO Queues are All You Need for Cache
/// Eviction*, SOSP 2023; that ghosts say how much a queue should have is from Nimrod Megiddo, Dharmendra S. Modha: *ARC: A
/// Self-Tuning, Low Overhead Replacement Cache*, FAST 2003.
///
/// # Examples
///
/// ```
/// use nebula_memory::cache::{Cache, policy::Elastic};
///
/// let mut cache = Cache::builder().capacity(100).policy(Elastic).build();
/// let mut found = 0;
/// for key in (0..200).cycle().take(2000) {
///     if cache.get(&key).is_some() {
///         found += 1;
///     } else {
///         cache.insert(key, key);
///     }
/// }
/// // A queue by age or by use would have found none.
/// assert!(found > 800);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elastic;

impl Sealed for Elastic {}

impl Policy for Elastic {
    type Ranking = S3FifoRanking<Yielding>;

    fn ranking(&self, capacity: u64) -> S3FifoRanking<Yielding> {
        S3FifoRanking(S3Queues::new(capacity))
    }
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "small numbers")]
mod tests {
    use alloc_crate::collections::VecDeque;
    use alloc_crate::vec;
    use alloc_crate::vec::Vec;

    use super::*;
    use crate::cache::policy::Shadow;

    /// The same over few keys, written down without any thought of speed.
    struct Model {
        small: VecDeque<usize>,
        main: VecDeque<usize>,
        ghosts: VecDeque<Option<usize>>,
        marks: Vec<Option<u8>>,
        capacity: usize,
        /// Of the small queue, in sixteenths of an entry.
        share: usize,
    }

    impl Model {
        fn new(capacity: usize) -> Self {
            Self {
                small: VecDeque::new(),
                main: VecDeque::new(),
                ghosts: VecDeque::new(),
                marks: vec![None; 2048],
                capacity,
                share: 16 * (capacity / 64).max(1),
            }
        }

        fn access(&mut self, key: usize) -> bool {
            if let Some(mark) = &mut self.marks[key] {
                *mark = (*mark + 1).min(3);
                return true;
            }
            let was_full = self.len() == self.capacity;
            if was_full {
                self.evict();
            }
            self.marks[key] = Some(0);
            let after = self.ghosts.iter().rev().position(|&ghost| ghost == Some(key));
            if let Some(after) = after {
                let at = self.ghosts.len() - 1 - after;
                self.ghosts[at] = None;
                let most = 16 * (self.capacity - self.capacity / 10);
                self.share += if after <= (self.len() + 1) / 10 { 8 } else { 1 };
                self.share = self.share.min(most);
            }
            if after.is_some() || !was_full && self.small.len() >= self.share / 16 {
                self.main.push_back(key);
            } else {
                self.small.push_back(key);
            }
            false
        }

        fn len(&self) -> usize {
            self.small.len() + self.main.len()
        }

        /// One entry leaves.
        fn evict(&mut self) {
            let share = self.share / 16;
            if self.small.len() >= share || self.main.is_empty() {
                while let Some(old) = self.small.pop_front() {
                    if self.marks[old] == Some(0) {
                        self.marks[old] = None;
                        self.ghosts.push_back(Some(old));
                        if self.ghosts.len() > (self.capacity / 2 + self.capacity / 16).max(1) {
                            self.ghosts.pop_front();
                        }
                        return;
                    }
                    self.marks[old] = Some(0);
                    self.main.push_back(old);
                    if self.main.len() > self.capacity - share {
                        break;
                    }
                }
            }
            while let Some(old) = self.main.pop_front() {
                match self.marks[old] {
                    Some(mark @ 1..) => {
                        self.marks[old] = Some(mark - 1);
                        self.main.push_back(old);
                        self.share = (self.share - 1).max(16 * (self.capacity / 64).max(1));
                    }
                    _ => return self.marks[old] = None,
                }
            }
        }
    }

    /// Some keys often; then each key twice, the second time soon; then a loop; and again.
    fn request(turn: usize, random: u64, capacity: usize) -> usize {
        let (one, other) = (random as usize % 512, (random >> 20) as usize % 512);
        match turn / 4000 % 3 {
            0 => one.min(other) * one.min(other) / 512,
            1 => 512 + (turn / 2 + turn % 2 * (1024 - capacity / 5)) % 1024,
            _ => turn % (capacity * 3 / 2 + 1),
        }
    }

    #[test]
    fn hit_for_hit() {
        let mut state = 7_u64;
        for capacity in [1, 2, 3, 9, 10, 35, 100, 201, 500] {
            let (mut model, mut cache) = (Model::new(capacity), Shadow::new(&Elastic, capacity as u64));
            let mut hits = [0; 2];
            let (mut least, mut most) = (u64::MAX, 0);
            for turn in 0..if cfg!(miri) { 1_000_usize } else { 60_000 } {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let key = request(turn, state, capacity);
                let hit = cache.access((key as u32).wrapping_mul(0x85EB_CA6B), 1);
                assert_eq!(hit, model.access(key), "{turn} at {capacity}");
                let share = cache.ranking().0.share();
                assert_eq!(share, model.share as u64 / 16, "{turn} at {capacity}");
                (least, most) = (least.min(share), most.max(share));
                hits[usize::from(hit)] += 1;
                assert!(cache.weight() <= capacity as u64);
            }
            if cfg!(miri) {
                continue; // It has not come as far.
            }
            assert!(hits.iter().all(|&count| count > 0));
            assert_eq!(least, (capacity as u64 / 64).max(1));
            assert!(capacity < 35 || most > capacity as u64 / 8, "{most} of {capacity}");
        }
    }

    #[test]
    fn a_share_stays_within_its_bounds() {
        let mut cache = Shadow::new(&Elastic, u64::MAX);
        for capacity in [u64::MAX, 1, u64::MAX / 16, 3, 100] {
            cache.resize(capacity);
            for key in 0..200_u32 {
                cache.access(key % 40, 1);
            }
            let share = cache.ranking().0.share();
            assert!((1..=capacity).contains(&share), "{share} of {capacity}");
        }
    }

    #[test]
    fn the_oldest_leaves_first_and_then_what_is_new() {
        let mut cache = Shadow::new(&Elastic, 4);
        for key in 0..4 {
            cache.access(key, 1);
        }
        cache.access(4, 1);
        assert_eq!(cache.hashes(), [1, 2, 3, 4]);
        cache.access(5, 1);
        assert_eq!(cache.hashes(), [1, 2, 3, 5]);
        // What has just left comes to stay.
        cache.access(4, 1);
        cache.access(6, 1);
        assert_eq!(cache.hashes(), [2, 3, 4, 6]);
    }
}
