use super::{
    Climber, Hit, Id, List, Nodes, Policy, Ranking, Sketch, Tag, Tagged, Unwatched, Watch, climber::scale,
    ranking::sealed::Sealed,
};

/// A small window for what is new, and a main part where an entry that comes out of the window gets in only if it is wanted more
/// often than what would have to go for it.
///
/// How often a key is wanted is counted for all keys, those that are not there included, in a few bytes each. How large the window is
/// follows the hit ratio: it grows or shrinks as long as that helps ([`with_window`](Self::with_window) keeps it as it is). The
/// main part keeps four fifths for what was used again since it got in.
///
/// Gil Einziger, Roy Friedman, Ben Manes: `TinyLFU`: A Highly Efficient Cache Admission Policy, ACM Transactions on Storage 13, 2017;
/// Gil Einziger, Ohad Eytan, Roy Friedman, Ben Manes: Adaptive Software Cache Management, Middleware 2018.
///
/// ```
/// use nebula_memory::cache::{policy::{Lru, WTinyLfu}, sim::{self, Trace}};
///
/// // Five keys that are wanted again and again, and between any two requests for one of them six that are wanted once.
/// let trace = Trace::new((0..7000_u32).map(|turn| if turn % 7 == 0 { turn / 7 % 5 } else { turn + 100 }));
/// assert_eq!(sim::replay(&trace, &Lru, 10).hits, 0);
/// assert!(sim::replay(&trace, &WTinyLfu::default(), 10).hits > 900);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WTinyLfu {
    /// In percent of the capacity; `None` if it follows the hit ratio.
    window: Option<u8>,
}

impl WTinyLfu {
    /// With a window that takes a share of the capacity which stays the same, in percent.
    ///
    /// # Panics
    ///
    /// If that is more than 100.
    ///
    /// ```
    /// use nebula_memory::cache::{policy::WTinyLfu, sim::{self, Trace}};
    ///
    /// let trace = Trace::new((0..5000_u32).map(|turn| if turn % 2 == 0 { turn % 20 } else { turn }));
    /// let found = sim::replay(&trace, &WTinyLfu::with_window(1), 20);
    /// assert!(found.hits > 2300);
    /// ```
    #[must_use]
    pub fn with_window(percent: u8) -> Self {
        assert!(percent <= 100, "a window of more than the capacity");
        Self { window: Some(percent) }
    }

    /// That share, if it stays the same.
    pub(super) const fn window(self) -> Option<u8> {
        self.window
    }
}

impl Sealed for WTinyLfu {}

impl Policy for WTinyLfu {
    type Ranking = WTinyLfuRanking;

    fn ranking(&self, capacity: u64) -> WTinyLfuRanking {
        WTinyLfuRanking(TinyLfuQueues::new(capacity, self.window))
    }
}

/// Tags of nodes.
const WINDOW: u8 = 0;
const PROBATION: u8 = 1;
pub(super) const PROTECTED: u8 = 2;

/// In percent, where it begins.
const FIRST_WINDOW: u8 = 1;
/// As often as this seen, what does not get in may do so by chance, so that nobody can keep others out by collisions.
const WARM: u64 = 6;
/// Requests for each entry until the window is looked at.
const SAMPLE: u64 = 10;

/// The queues of [`WTinyLfu`].
#[derive(Clone, Debug)]
pub(crate) struct TinyLfuQueues {
    window: List,
    /// What came out of the window, and what has lost its protection.
    probation: List,
    /// What was hit since it came out of the window.
    protected: List,
    sketch: Sketch,
    /// Entries in all of them, and as many as there ever were.
    len: u32,
    most: u32,
    capacity: u64,
    /// Of it, what the window has, and the protected part.
    window_share: u64,
    protected_share: u64,
    climber: Option<Climber>,
    fixed: Option<u8>,
    chance: u64,
}

impl TinyLfuQueues {
    pub(crate) fn new(capacity: u64, fixed: Option<u8>) -> Self {
        let mut queues = Self {
            window: List::new(),
            probation: List::new(),
            protected: List::new(),
            sketch: Sketch::new(0),
            len: 0,
            most: 0,
            capacity,
            window_share: 0,
            protected_share: 0,
            climber: None,
            fixed,
            chance: 0x9E37_79B9_7F4A_7C15,
        };
        queues.set_capacity(capacity);
        queues
    }

    fn set_capacity(&mut self, capacity: u64) {
        self.capacity = capacity;
        let percent = u64::from(self.fixed.unwrap_or(FIRST_WINDOW));
        self.climber = self.fixed.is_none().then(|| Climber::new(capacity));
        self.set_window(capacity / 100 * percent + capacity % 100 * percent / 100);
    }

    fn set_window(&mut self, share: u64) {
        self.window_share = share.clamp(1, self.capacity.max(1));
        let main = self.capacity.saturating_sub(self.window_share);
        self.protected_share = main / 5 * 4 + main % 5 * 4 / 5;
    }

    /// Goes on with the window that others have, of which there are no entries yet, in another cache.
    pub(crate) fn follow(&mut self, others: &Self) {
        self.climber = others.climber.map(|climber| climber.to_scale(others.capacity, self.capacity));
        self.set_window(scale(others.window_share, others.capacity, self.capacity));
    }

    fn list(&mut self, tag: u8) -> &mut List {
        match tag {
            WINDOW => &mut self.window,
            PROBATION => &mut self.probation,
            _ => &mut self.protected,
        }
    }

    /// Puts an entry of a list in front of another.
    #[inline]
    fn shift<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, id: Id, from: u8, to: u8) {
        self.list(from).remove(nodes, id);
        nodes.node_mut(id).set_tag(to);
        self.list(to).push_front(nodes, id);
    }

    /// What is too much in the protected part loses its protection.
    #[inline]
    fn trim<N: Tag>(&mut self, nodes: &mut impl Nodes<N>) {
        while self.protected.weight() > self.protected_share {
            let Some(id) = self.protected.back() else { break };
            self.shift(nodes, id, PROTECTED, PROBATION);
        }
    }

    #[inline]
    pub(crate) fn on_hit<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, id: Id) {
        self.sketch.add(nodes.hash(id), self.most);
        match nodes.node(id).tag() {
            WINDOW => self.window.move_to_front(nodes, id),
            PROBATION => {
                self.shift(nodes, id, PROBATION, PROTECTED);
                self.trim(nodes);
            }
            _ => self.protected.move_to_front(nodes, id),
        }
        self.climb(nodes, true);
    }

    #[inline]
    pub(crate) fn on_insert<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, id: Id) {
        self.count_in(nodes, id);
        nodes.node_mut(id).set_tag(WINDOW);
        self.window.push_front(nodes, id);
        // There is room: nothing has to be compared.
        while self.window.weight() > self.window_share {
            match self.window.back() {
                Some(oldest) if oldest != id => self.shift(nodes, oldest, WINDOW, PROBATION),
                _ => break,
            }
        }
        self.climb(nodes, false);
    }

    /// An entry comes in behind all others, and is protected if it has proven its worth and there is room.
    pub(crate) fn adopt<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, id: Id, worth: bool) {
        self.count_in(nodes, id);
        if worth && self.protected.weight() + nodes.weight(id) <= self.protected_share {
            self.protected.push_back_as(nodes, id, PROTECTED);
        } else {
            self.probation.push_back_as(nodes, id, PROBATION);
        }
    }

    /// An entry more, which is wanted.
    #[inline]
    fn count_in<N: Tag>(&mut self, nodes: &impl Nodes<N>, id: Id) {
        self.len += 1;
        if self.len > self.most {
            self.most = self.len;
            self.sketch.fit(self.most);
        }
        self.sketch.add(nodes.hash(id), self.most);
    }

    pub(crate) fn on_weight<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, id: Id, before: u64) {
        let tag = nodes.node(id).tag();
        self.list(tag).reweigh(before, nodes.weight(id));
    }

    pub(crate) fn on_remove<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, id: Id) {
        self.len -= 1;
        let tag = nodes.node(id).tag();
        self.list(tag).remove(nodes, id);
    }

    #[inline]
    pub(crate) fn evict<N: Tag>(&mut self, nodes: &mut impl Nodes<N>) -> Option<Id> {
        let mut victim = self.probation.back().or_else(|| self.protected.back());
        // With what comes in, the window is too large by its oldest entry.
        if self.window.weight() >= self.window_share || victim.is_none() {
            let candidate = self.window.back();
            match (candidate, victim) {
                (Some(candidate), Some(victim)) if self.is_admitted(nodes, candidate, victim) => {
                    self.shift(nodes, candidate, WINDOW, PROBATION);
                }
                (Some(_), _) => victim = candidate,
                (None, _) => {}
            }
        }
        let id = victim?;
        self.on_remove(nodes, id);
        Some(id)
    }

    /// Whether an entry is worth more than another.
    #[inline]
    fn is_admitted<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, candidate: Id, victim: Id) -> bool {
        let count = self.sketch.count(nodes.hash(candidate));
        if count > self.sketch.count(nodes.hash(victim)) {
            return true;
        }
        count >= WARM && {
            self.chance ^= self.chance << 13;
            self.chance ^= self.chance >> 7;
            self.chance ^= self.chance << 17;
            self.chance.is_multiple_of(128)
        }
    }

    #[inline]
    fn climb<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, hit: bool) {
        let Some(climber) = &mut self.climber else { return };
        // A cache that is not full yet tells nothing, but the first sample is of all that comes.
        if climber.see(hit) >= SAMPLE * u64::from(self.most) && self.is_full() {
            self.step(nodes);
        }
    }

    fn is_full(&self) -> bool {
        self.window.weight() + self.probation.weight() + self.protected.weight() >= self.capacity / 2
    }

    /// The window takes the next step. Takes time in proportion to what the window gets or loses, once in a sample.
    #[cold]
    fn step<N: Tag>(&mut self, nodes: &mut impl Nodes<N>) {
        let Some(climber) = &mut self.climber else { return };
        let share = climber.step(self.window_share, self.capacity);
        self.set_window(share);
        // The window gets what would go next.
        while self.window.weight() < self.window_share {
            let Some(id) = self.probation.back().or_else(|| self.protected.back()) else { break };
            if self.window.weight() + nodes.weight(id) > self.window_share {
                break;
            }
            let tag = nodes.node(id).tag();
            self.list(tag).remove(nodes, id);
            nodes.node_mut(id).set_tag(WINDOW);
            self.window.push_back(nodes, id);
        }
        while self.window.weight() > self.window_share {
            let Some(id) = self.window.back() else { break };
            self.shift(nodes, id, WINDOW, PROBATION);
        }
        self.trim(nodes);
    }

    /// All lists.
    pub(crate) fn lists(&self) -> [&List; 3] {
        [&self.window, &self.probation, &self.protected]
    }

    pub(crate) fn resize<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, capacity: u64) {
        self.set_capacity(capacity);
        self.most = self.len;
        self.trim(nodes);
    }

    /// All entries have gone.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.capacity, self.fixed);
    }
}

#[cfg(test)]
impl TinyLfuQueues {
    /// How many entries there are, if everything is as it should be.
    pub(crate) fn validate<N: Tag>(&self, nodes: &impl Nodes<N>) -> usize {
        let lists = [WINDOW, PROBATION, PROTECTED].into_iter().zip(self.lists());
        let lens = lists.map(|(tag, list)| {
            let entries = list.validate(nodes);
            assert!(entries.iter().all(|&id| nodes.node(id).tag() == tag));
            entries.len()
        });
        assert_eq!(self.len as usize, lens.sum::<usize>());
        assert!(self.window_share + self.protected_share <= self.capacity.max(1));
        self.len as usize
    }
}

/// Carries out [`WTinyLfu`].
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct WTinyLfuRanking(pub(super) TinyLfuQueues);

impl Ranking for WTinyLfuRanking {
    const HIT: Hit = Hit::Order;
    type Node = Tagged;
    type Watch = Unwatched;

    fn watch(&self) -> Unwatched {
        Unwatched
    }

    #[inline]
    fn on_hit(&mut self, nodes: &mut impl Nodes<Tagged>, id: Id) {
        self.0.on_hit(nodes, id);
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

    fn resize(&mut self, nodes: &mut impl Nodes<Tagged>, capacity: u64) {
        self.0.resize(nodes, capacity);
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}
