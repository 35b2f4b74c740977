use core::mem::replace;

use super::{
    Ghosts, Hit, Id, List, NONE, Nodes, Policy, Ranking, Split, Tag, Tagged, Tenth, Unwatched, Watch,
    ranking::sealed::Sealed,
};

/// Three queues: a small one for what is new, a main one for what was used while it was new, and ghosts of what went from the small
/// one, which come straight to the main one if they are seen again.
///
/// Fast and small, since a hit only counts up a mark of two bits, and few policies find more; [`Elastic`](super::Elastic), which is
/// made from it, does. The small queue takes a tenth of the capacity; what was used twice in it stays. As many ghosts are remembered
/// as the main queue has entries, at 12 bytes each.
///
/// Juncheng Yang, Yazhuo Zhang, Ziyue Qiu, Yao Yue, K. V. Rashmi: FIFO Queues are All You Need for Cache Eviction, SOSP 2023.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct S3Fifo;

impl Sealed for S3Fifo {}

impl Policy for S3Fifo {
    type Ranking = S3FifoRanking<Tenth>;

    fn ranking(&self, capacity: u64) -> S3FifoRanking<Tenth> {
        S3FifoRanking(S3Queues::new(capacity))
    }
}

/// Hits that an entry remembers.
pub(crate) const MARKS: u8 = 3;
/// Tags of nodes.
const SMALL: u8 = 0;
pub(super) const MAIN: u8 = 1;

/// The queues of [`S3Fifo`], and of what is made from it.
#[derive(Clone, Debug)]
pub(crate) struct S3Queues<S = Tenth> {
    small: List,
    main: List,
    ghosts: Ghosts,
    capacity: u64,
    /// Of it, what the small queue has.
    split: S,
    /// Whether one has left since one came in.
    full: bool,
    /// Entries in both queues.
    len: u32,
    /// So many ghosts are remembered, as it was when there were so many entries.
    window: u32,
    counted: u32,
}

impl<S: Split> S3Queues<S> {
    pub(crate) fn new(capacity: u64) -> Self {
        Self {
            small: List::new(),
            main: List::new(),
            ghosts: Ghosts::default(),
            capacity,
            split: S::new(capacity),
            full: false,
            len: 0,
            window: 1,
            counted: 0,
        }
    }

    #[inline]
    pub(crate) fn on_insert<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, id: Id) {
        let after = self.ghosts.take(nodes.hash(id));
        self.len += 1;
        let has_room = S::FILLS && !replace(&mut self.full, false);
        if let Some(after) = after {
            self.split.on_ghost(nodes.weight(id), after, self.len);
            self.push_main(nodes, id);
        } else if has_room && self.small.weight() >= self.split.share() {
            self.push_main(nodes, id);
        } else {
            self.small.push_front_as(nodes, id, SMALL);
        }
    }

    #[inline]
    fn push_main<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, id: Id) {
        self.main.push_front_as(nodes, id, MAIN);
    }

    /// An entry comes in behind all others, and goes to the main queue if it has proven its worth.
    pub(crate) fn adopt<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, id: Id, worth: bool) {
        self.len += 1;
        let (list, tag) = if worth { (&mut self.main, MAIN) } else { (&mut self.small, SMALL) };
        list.push_back_as(nodes, id, tag);
    }

    fn list<N: Tag>(&mut self, nodes: &impl Nodes<N>, id: Id) -> &mut List {
        if nodes.node(id).tag() == MAIN { &mut self.main } else { &mut self.small }
    }

    pub(crate) fn on_weight<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, id: Id, before: u64) {
        self.list(nodes, id).reweigh(before, nodes.weight(id));
    }

    pub(crate) fn on_remove<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, id: Id) {
        self.len -= 1;
        self.list(nodes, id).remove(nodes, id);
    }

    #[inline]
    pub(crate) fn evict<N: Tag>(&mut self, nodes: &mut impl Nodes<N>) -> Option<Id> {
        if S::FILLS {
            self.full = true;
        }
        let share = self.split.share();
        if self.small.weight() >= share || self.main.is_empty() {
            while let Some(id) = self.small.pop_back(nodes) {
                if nodes.mark(id) < S::WORTH {
                    if self.len != self.counted {
                        self.counted = self.len;
                        self.window = S::window(self.len);
                    }
                    self.ghosts.push(nodes.hash(id), self.window);
                    self.len -= 1;
                    return Some(id);
                }
                nodes.set_mark(id, 0);
                self.push_main(nodes, id);
                if self.main.weight() > self.capacity.saturating_sub(share) {
                    break;
                }
            }
        }
        self.evict_main(nodes)
    }

    /// The oldest of the main queue that was not used; what was used gets another round, and a mark less.
    #[inline]
    fn evict_main<N: Tag>(&mut self, nodes: &mut impl Nodes<N>) -> Option<Id> {
        // After so many none has a mark, unless it was hit again meanwhile, without a lock.
        let mut patience = u64::from(self.len) * u64::from(MARKS);
        let mut stayed = 0;
        loop {
            let id = self.main.back()?;
            let mark = if patience == 0 { 0 } else { nodes.mark(id) };
            patience = patience.saturating_sub(1);
            match mark {
                0 => {
                    self.main.pop_back(nodes);
                    self.len -= 1;
                    self.split.on_stay(stayed);
                    return Some(id);
                }
                mark => {
                    nodes.set_mark(id, mark - 1);
                    stayed += nodes.weight(id);
                    self.main.move_to_front(nodes, id);
                }
            }
        }
    }

    /// All lists.
    pub(crate) fn lists(&self) -> [&List; 2] {
        [&self.small, &self.main]
    }

    /// The oldest of the small queue leave most often.
    #[inline]
    pub(crate) fn upcoming<N: Tag>(&self, nodes: &mut impl Nodes<N>) -> Id {
        if self.small.weight() < self.split.share() {
            return self.main.oldest(nodes);
        }
        let oldest = self.small.oldest(nodes);
        if oldest != NONE {
            // Its ghost comes.
            self.ghosts.fetch(nodes.hash(oldest));
        }
        oldest
    }

    pub(crate) fn resize(&mut self, capacity: u64) {
        self.capacity = capacity;
        self.split.resize(capacity);
    }
}

#[cfg(test)]
impl<S: Split> S3Queues<S> {
    /// What the small queue has of the capacity.
    pub(crate) fn share(&self) -> u64 {
        self.split.share()
    }

    /// How many entries there are, if everything is as it should be.
    pub(crate) fn validate<N: Tag>(&self, nodes: &impl Nodes<N>) -> usize {
        let (small, main) = (self.small.validate(nodes), self.main.validate(nodes));
        assert!(small.iter().all(|&id| nodes.node(id).tag() == SMALL));
        assert!(main.iter().all(|&id| nodes.node(id).tag() == MAIN));
        assert_eq!(self.len as usize, small.len() + main.len());
        self.len as usize
    }
}

/// Carries out [`S3Fifo`], and what is made from it.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct S3FifoRanking<S>(pub(super) S3Queues<S>);

impl<S: Split> Ranking for S3FifoRanking<S> {
    const HIT: Hit = Hit::Mark { max: MARKS };
    type Node = Tagged;
    type Watch = Unwatched;

    fn watch(&self) -> Unwatched {
        Unwatched
    }

    #[inline]
    fn on_insert(&mut self, nodes: &mut impl Nodes<Tagged>, id: Id, (): &<Unwatched as Watch>::Note) {
        self.0.on_insert(nodes, id);
    }

    fn on_weight(&mut self, nodes: &mut impl Nodes<Tagged>, id: Id, before: u64) {
        self.0.on_weight(nodes, id, before);
    }

    fn on_remove(&mut self, nodes: &mut impl Nodes<Tagged>, id: Id) {
        self.0.on_remove(nodes, id);
    }

    #[inline]
    fn evict(&mut self, nodes: &mut impl Nodes<Tagged>, _: u32) -> Option<Id> {
        self.0.evict(nodes)
    }

    #[inline(always)]
    fn expect(&self, incoming: u32) {
        self.0.ghosts.fetch(incoming);
    }

    #[inline]
    fn upcoming(&mut self, nodes: &mut impl Nodes<Tagged>) -> Id {
        self.0.upcoming(nodes)
    }

    fn resize(&mut self, _: &mut impl Nodes<Tagged>, capacity: u64) {
        self.0.resize(capacity);
    }

    fn clear(&mut self) {
        self.0 = S3Queues::new(self.0.capacity);
    }
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "small numbers")]
mod tests {
    use alloc_crate::collections::VecDeque;

    use super::*;
    use crate::cache::policy::Shadow;

    /// The paper's algorithm over few keys, written down without any thought of speed.
    struct Model {
        small: VecDeque<usize>,
        main: VecDeque<usize>,
        ghosts: VecDeque<Option<usize>>,
        marks: [Option<u8>; 512],
        capacity: usize,
    }

    impl Model {
        fn access(&mut self, key: usize) -> bool {
            if let Some(mark) = &mut self.marks[key] {
                *mark = (*mark + 1).min(3);
                return true;
            }
            let share = (self.capacity / 10).max(1);
            while self.small.len() + self.main.len() >= self.capacity {
                if self.small.len() < share && !self.main.is_empty() {
                    self.evict_main();
                    continue;
                }
                while let Some(old) = self.small.pop_front() {
                    if self.marks[old] >= Some(2) {
                        self.marks[old] = Some(0);
                        self.main.push_back(old);
                        if self.main.len() > self.capacity.saturating_sub(share) {
                            self.evict_main();
                            break;
                        }
                    } else {
                        self.marks[old] = None;
                        self.ghosts.push_back(Some(old));
                        if self.ghosts.len() > (self.capacity - share).max(1) {
                            self.ghosts.pop_front();
                        }
                        break;
                    }
                }
            }
            self.marks[key] = Some(0);
            match self.ghosts.iter_mut().find(|ghost| **ghost == Some(key)) {
                Some(ghost) => {
                    *ghost = None;
                    self.main.push_back(key);
                }
                None => self.small.push_back(key),
            }
            false
        }

        fn evict_main(&mut self) {
            while let Some(old) = self.main.pop_front() {
                match self.marks[old] {
                    Some(mark @ 1..) => {
                        self.marks[old] = Some(mark - 1);
                        self.main.push_back(old);
                    }
                    _ => return self.marks[old] = None,
                }
            }
        }
    }

    #[test]
    fn hit_for_hit() {
        let mut state = 7_u64;
        for capacity in [1, 2, 3, 9, 10, 11, 35, 100, 201] {
            let mut model = Model {
                small: VecDeque::new(),
                main: VecDeque::new(),
                ghosts: VecDeque::new(),
                marks: [None; 512],
                capacity,
            };
            let mut cache = Shadow::new(&S3Fifo, capacity as u64);
            let mut hits = [0; 2];
            for turn in 0..if cfg!(miri) { 3_000_usize } else { 30_000 } {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let (one, other) = (state as usize % 512, (state >> 20) as usize % 512);
                // Some keys often, a loop now and then.
                let key = match turn % 5000 {
                    part @ 0..700 => part % 300,
                    part @ 700..2500 => part % 1020 - 2 * (part % 1020).saturating_sub(510),
                    _ => one.min(other) * one.min(other) / 512,
                };
                let hit = cache.access((key as u32).wrapping_mul(0x85EB_CA6B), 1);
                assert_eq!(hit, model.access(key), "{turn} at {capacity}");
                hits[usize::from(hit)] += 1;
                assert!(cache.weight() <= capacity as u64);
            }
            assert!(hits.iter().all(|&count| count > 0));
        }
    }
}
