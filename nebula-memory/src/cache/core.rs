use super::index::{Index, Place};
use super::policy::{Hit, Id, Nodes, Notes, Policy, Ranking, Watch};
use super::prefetch::prefetch;
use super::slab::{MOST, Slab, Slot};
use super::tags::half;
use super::weight::Weigher;

/// The ranking of a policy.
pub(crate) type RankingOf<P> = <P as Policy>::Ranking;
/// What stands beside an entry for it.
pub(crate) type NodeOf<P> = <RankingOf<P> as Ranking>::Node;
/// What it needs for hits.
pub(crate) type WatchOf<P> = <RankingOf<P> as Ranking>::Watch;
/// What stands beside an entry for that.
pub(crate) type NoteOf<P> = <WatchOf<P> as Watch>::Note;
/// A slot of a cache with it.
pub(crate) type SlotOf<K, V, P> = Slot<K, V, NodeOf<P>, NoteOf<P>>;
/// All of them.
pub(crate) type SlabOf<K, V, P, W> = Slab<K, V, NodeOf<P>, NoteOf<P>, W>;

/// The entries of a cache, where they are found, and the order in which they leave: what all calls come down to.
///
/// It calls nothing of the user's but what a look-up compares with. Entries that leave are given to the caller, so that all is in
/// order whatever their drop does.
pub(crate) struct Core<K, V, P: Policy, W> {
    index: Index,
    pub(crate) slab: SlabOf<K, V, P, W>,
    ranking: P::Ranking,
    watch: WatchOf<P>,
    /// What the entries weigh together: at most the capacity.
    used: u64,
    capacity: u64,
}

/// What has a hash, and whether it is the half of it by now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Half(pub(crate) u32);

impl Half {
    #[inline(always)]
    pub(crate) fn of(hash: u64) -> Self {
        Self(half(hash))
    }
}

impl<K, V, P: Policy, W: Weigher<K, V>> Core<K, V, P, W> {
    pub(crate) fn new(policy: &P, capacity: u64) -> Self {
        let ranking = policy.ranking(capacity.max(1));
        let watch = ranking.watch();
        Self { index: Index::new(1), slab: Slab::new(), ranking, watch, used: 0, capacity }
    }

    /// What the entries weigh together.
    #[inline]
    pub(crate) fn used(&self) -> u64 {
        self.used
    }

    #[inline]
    pub(crate) fn capacity(&self) -> u64 {
        self.capacity
    }

    #[inline]
    pub(crate) fn watch(&self) -> &WatchOf<P> {
        &self.watch
    }

    /// All slots, full or not, and what says whether what is in them may be served.
    pub(crate) fn slots_mut(&mut self) -> (&mut [SlotOf<K, V, P>], &WatchOf<P>) {
        (self.slab.slots_mut(), &self.watch)
    }

    /// Asks for the memory that a look-up begins with.
    #[inline(always)]
    pub(crate) fn fetch(&self, half: Half) {
        self.index.fetch(half.0);
    }

    /// Asks for the memory of an entry that may have this hash.
    #[inline(always)]
    pub(crate) fn fetch_entry(&self, half: Half) {
        if let Some(id) = self.index.guess(half.0) {
            prefetch(self.slab.slot(id));
        }
    }

    /// No more entries than that are expected.
    #[inline]
    fn limit(&self) -> usize {
        if W::UNIT {
            usize::try_from(self.capacity).map_or(MOST, |capacity| capacity.min(MOST))
        } else {
            MOST
        }
    }

    /// The entry of which `is_it` says that it is meant, among those with this half of a hash.
    #[inline(always)]
    pub(crate) fn find(&self, half: Half, mut is_it: impl FnMut(&K) -> bool) -> Option<(Place, Id)> {
        self.index.find(half.0, |id| self.slab.slot(id).get().is_some_and(|(_, key, _)| is_it(key)))
    }

    /// Whether the entry may still be served.
    #[inline(always)]
    pub(crate) fn is_live(&self, id: Id) -> bool {
        !WatchOf::<P>::EXPIRES || self.slab.slot(id).get().is_some_and(|(note, ..)| self.watch.is_live(note))
    }

    /// Whether there is an entry, and its time is over.
    #[inline(always)]
    pub(crate) fn is_over(&self, id: Id) -> bool {
        WatchOf::<P>::EXPIRES && self.slab.slot(id).get().is_some_and(|(note, ..)| !self.watch.is_live(note))
    }

    /// An entry was found: it is hit, if it may still be served.
    #[inline(always)]
    pub(crate) fn visit(&mut self, id: Id) -> bool {
        let is_live = !WatchOf::<P>::EXPIRES
            || self.slab.slot(id).get().is_some_and(|(note, ..)| self.watch.visit(note));
        if is_live {
            self.rank(id);
        }
        is_live
    }

    /// An entry that may be served was hit.
    #[inline(always)]
    pub(crate) fn hit(&mut self, id: Id) {
        self.rank(id);
        if WatchOf::<P>::EXPIRES
            && let Some((note, ..)) = self.slab.slot(id).get()
        {
            self.watch.hit(note);
        }
    }

    #[inline(always)]
    fn rank(&mut self, id: Id) {
        match P::Ranking::HIT {
            Hit::Nothing => {}
            Hit::Mark { max } => {
                let mark = self.slab.mark(id);
                if mark < max {
                    self.slab.set_mark(id, mark + 1);
                }
            }
            Hit::Order => self.ranking.on_hit(&mut self.slab, id),
        }
    }

    /// What an entry weighs.
    #[inline]
    pub(crate) fn weight(&self, id: Id) -> u64 {
        self.slab.weight(id)
    }

    /// Whether so much more would be too much, or too many.
    #[inline(always)]
    pub(crate) fn is_full_for(&self, more: u64) -> bool {
        // What is used is at most the capacity, except after a resize that could not evict.
        self.used > self.capacity || more > self.capacity - self.used || (!W::UNIT && self.slab.len() >= MOST)
    }

    /// Takes out the entry whose turn it is, and says whether its time was over. `None` if none can leave.
    #[inline]
    pub(crate) fn evict(&mut self, incoming: Half) -> Option<(K, V, bool)> {
        let id = self.ranking.evict(&mut self.slab, incoming.0)?;
        let (key, value) = self.take(id)?;
        // Its note is still there; the clock is asked when nothing is left to be done.
        let expired = WatchOf::<P>::EXPIRES && !self.watch.is_live(self.slab.note(id));
        Some((key, value, expired))
    }

    /// Takes out an entry whose time is over, if there is one.
    pub(crate) fn expire(&mut self) -> Option<(K, V)> {
        let id = self.ranking.expire(&mut self.slab)?;
        self.take(id)
    }

    /// Takes out an entry that the ranking has forgotten.
    #[inline]
    fn take(&mut self, id: Id) -> Option<(K, V)> {
        let half = self.slab.hash(id);
        self.used -= self.slab.weight(id);
        self.index.remove_id(half, id);
        self.slab.take(id)
    }

    /// Whether nothing can make room for so much, besides what the capacity says.
    #[inline(always)]
    pub(crate) fn refuses(&self, weight: u64) -> bool {
        P::Ranking::PAYS && self.ranking.refuses(weight)
    }

    /// Takes room for so much there: for what is put in next.
    #[inline(always)]
    pub(crate) fn admit(&mut self, weight: u64) -> bool {
        !P::Ranking::PAYS || self.ranking.admit(weight)
    }

    /// Puts an entry in that is not there. There is room for it, and it was [admitted](Self::admit).
    #[inline]
    pub(crate) fn insert(&mut self, half: Half, key: K, value: V, weight: u32) -> Id {
        if self.slab.len() >= self.index.room() {
            self.grow();
        }
        let id = self.slab.insert(half.0, key, value, weight, self.limit());
        self.index.insert(half.0, id);
        self.used += u64::from(weight);
        let note = NoteOf::<P>::default();
        self.ranking.on_insert(&mut self.slab, id, &note);
        self.slab.set_note(id, note);
        id
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) {
        let len = self.slab.len();
        let mut index = Index::new((2 * len).min(self.limit()).max(len + 1));
        for (id, half) in self.slab.halves() {
            index.insert(half, id);
        }
        self.index = index;
    }

    /// Takes out an entry that was found.
    #[inline]
    pub(crate) fn remove(&mut self, id: Id) -> Option<(K, V)> {
        self.ranking.on_remove(&mut self.slab, id);
        self.take(id)
    }

    /// The entry has another value, which weighs so much: there is room for it.
    #[inline]
    pub(crate) fn replaced(&mut self, id: Id, weight: u32) {
        if !W::UNIT {
            let before = self.slab.weight(id);
            if before != u64::from(weight) {
                self.slab.set_weight(id, weight);
                self.used = self.used - before + u64::from(weight);
                self.ranking.on_weight(&mut self.slab, id, before);
            }
        }
        self.with_note(id, |ranking, slab, note| ranking.on_replace(slab, id, note));
    }

    /// Lets the ranking do something with an entry and its note.
    pub(crate) fn with_note<T>(
        &mut self,
        id: Id,
        change: impl FnOnce(&mut P::Ranking, &mut SlabOf<K, V, P, W>, &NoteOf<P>) -> T,
    ) -> T {
        let note = self.slab.take_note(id);
        let result = change(&mut self.ranking, &mut self.slab, &note);
        self.slab.set_note(id, note);
        result
    }

    /// What the ranking keeps beside an entry.
    pub(crate) fn node(&self, id: Id) -> &NodeOf<P> {
        self.slab.node(id)
    }

    /// The entry has come in for one with the same key, which had this node.
    pub(crate) fn succeed(&mut self, id: Id, before: &NodeOf<P>) {
        self.ranking.on_succeed(&mut self.slab, id, before);
    }

    /// Another capacity. If it is less, the caller evicts.
    pub(crate) fn resize(&mut self, capacity: u64) {
        self.capacity = capacity;
        self.ranking.resize(&mut self.slab, capacity.max(1));
    }

    /// Takes everything out.
    pub(crate) fn clear(&mut self) -> SlabOf<K, V, P, W> {
        self.index.clear();
        self.ranking.clear();
        self.used = 0;
        core::mem::replace(&mut self.slab, Slab::new())
    }

    pub(crate) fn duplicate(&self) -> Self
    where
        K: Clone,
        V: Clone,
        P::Ranking: Clone,
    {
        let ranking = self.ranking.clone();
        let watch = ranking.watch();
        let slab = self.slab.duplicate(|note| watch.copy(note));
        Self { index: self.index.clone(), slab, ranking, watch, used: self.used, capacity: self.capacity }
    }
}
