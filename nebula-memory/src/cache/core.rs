mod order;

use alloc_crate::vec::Vec;
use core::marker::PhantomData;
use core::ops::Range;
use core::slice;

use super::column::set;
use super::entries::Entries;
use super::index::Near;
use super::policy::{Hit, Id, NoteOf, Policy, Ranking, Watch};
use super::table::{MOST, Slot, Table};
use super::tags;
use super::view::View;
use super::weight::Weigher;

/// The ranking of a policy.
pub(crate) type RankingOf<P> = <P as Policy>::Ranking;
/// What stands beside an entry for it.
pub(crate) type NodeOf<P> = <RankingOf<P> as Ranking>::Node;
/// What it needs for hits.
pub(crate) type WatchOf<P> = <RankingOf<P> as Ranking>::Watch;
/// What stands beside an entry for that.
pub(crate) type NotesOf<P> = Vec<NoteOf<RankingOf<P>>>;

/// One of them.
pub(crate) type SlotOf<K, V, P> = Slot<K, V, NodeOf<P>>;
/// The entries.
pub(crate) type TableOf<K, V, P> = Table<K, V, NodeOf<P>>;

/// What its ranking sees.
pub(crate) type ViewOf<'a, K, V, P, W> = View<'a, K, V, NodeOf<P>, NoteOf<RankingOf<P>>, W>;

/// The entries of a cache, where they are found, and the order in which they leave: what all calls come down to.
///
/// It calls nothing of the user's but what a look-up compares with. Entries that leave are given to the caller, so that all is in
/// order whatever their drop does.
pub(crate) struct Core<K, V, P: Policy, W> {
    table: TableOf<K, V, P>,
    /// What entries weigh, by id; empty if they are not weighed.
    weights: Vec<u32>,
    notes: NotesOf<P>,
    ranking: P::Ranking,
    watch: WatchOf<P>,
    /// What the entries weigh together, if they are weighed: at most the capacity.
    used: u64,
    capacity: u64,
    weigher: PhantomData<fn() -> W>,
}

/// Caches with fewer entries are in the cache of the processor.
const LARGE: usize = 4096;

/// The half of a hash that everything here works with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Half(pub(crate) u32);

impl Half {
    #[inline(always)]
    pub(crate) fn of(hash: u64) -> Self {
        Self(tags::half(hash))
    }
}

/// What the ranking sees, borrowed field by field.
macro_rules! view {
    ($core:expr) => {
        &mut View {
            table: &mut $core.table,
            weights: &$core.weights,
            notes: &$core.notes,
            weigher: PhantomData::<W>,
        }
    };
}

mod times;
// Behind the macro, as it uses it.
mod trade;

impl<K, V, P: Policy, W: Weigher<K, V>> Core<K, V, P, W> {
    pub(crate) fn new(policy: &P, capacity: u64) -> Self {
        let ranking = policy.ranking(capacity.max(1));
        let watch = ranking.watch();
        Self {
            table: Table::new(),
            weights: Vec::new(),
            notes: Vec::new(),
            ranking,
            watch,
            used: 0,
            capacity,
            weigher: PhantomData,
        }
    }

    /// How many entries there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    /// What the entries weigh together.
    #[inline]
    pub(crate) fn used(&self) -> u64 {
        if W::UNIT { self.table.len() as u64 } else { self.used }
    }

    #[inline]
    pub(crate) fn capacity(&self) -> u64 {
        self.capacity
    }

    /// The ids that there are, those included that are free.
    pub(crate) fn ids(&self) -> Range<Id> {
        self.table.ids()
    }

    /// Asks for the memory that a look-up begins with.
    #[inline(always)]
    pub(crate) fn fetch(&self, half: Half) {
        self.table.fetch(half.0);
    }

    /// Asks for the memory of an entry that may have this hash.
    #[inline(always)]
    pub(crate) fn fetch_entry(&self, half: Half) {
        self.table.fetch_entry(half.0);
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
    pub(crate) fn find(&self, half: Half, is_it: impl FnMut(&K) -> bool) -> Option<Id> {
        self.table.find(half.0, is_it)
    }

    /// The same, as far as it can be said at once.
    #[inline(always)]
    pub(crate) fn find_near(&self, half: Half, is_it: &mut impl FnMut(&K) -> bool) -> Near {
        self.table.find_near(half.0, is_it)
    }

    /// The same if it could not be said at once.
    #[inline(always)]
    pub(crate) fn find_after(&self, half: Half, is_it: impl FnMut(&K) -> bool) -> Option<Id> {
        self.table.find_after(half.0, is_it)
    }

    /// An entry, if it is there, though its time may be over.
    #[inline(always)]
    pub(crate) fn get(&self, id: Id) -> Option<(&K, &V)> {
        self.table.get(id)
    }

    /// The same, the value to be changed.
    #[inline(always)]
    pub(crate) fn get_mut(&mut self, id: Id) -> Option<(&K, &mut V)> {
        self.table.get_mut(id)
    }

    /// What is there and may be served.
    pub(crate) fn entries(&self) -> Entries<'_, slice::Iter<'_, SlotOf<K, V, P>>, P> {
        Entries::new(self.table.slots(), &self.notes, &self.watch, self.len())
    }

    /// What is there and may be served, the values to be changed.
    pub(crate) fn entries_mut(&mut self) -> Entries<'_, slice::IterMut<'_, SlotOf<K, V, P>>, P> {
        let len = self.len();
        Entries::new(self.table.slots_mut(), &self.notes, &self.watch, len)
    }

    /// An entry that is there was hit, unless its time is over: then `false`.
    #[inline(always)]
    pub(crate) fn hit(&mut self, id: Id) -> bool {
        if WatchOf::<P>::EXPIRES && !self.watch.visit(&self.notes[id as usize]) {
            return false;
        }
        match P::Ranking::HIT {
            Hit::Nothing => {}
            Hit::Mark { max } => {
                let mark = self.table.mark_mut(id);
                if *mark < max {
                    *mark += 1;
                }
            }
            Hit::Order => self.ranking.on_hit(view!(self), id),
        }
        true
    }

    /// Whether so much more would be too much, or too many.
    #[inline(always)]
    pub(crate) fn is_full_for(&self, more: u64) -> bool {
        // What is used is at most the capacity, except after a resize that could not evict.
        let used = self.used();
        used > self.capacity || more > self.capacity - used || (!W::UNIT && self.table.len() >= MOST)
    }

    /// Whether there can be no room for so much even if all entries leave.
    #[inline(always)]
    pub(crate) fn refuses(&self, weight: u64) -> bool {
        weight > self.capacity || (P::Ranking::PAYS && self.ranking.refuses(weight))
    }

    /// Takes room for so much in whatever limits the cache besides its capacity. If there is none, others have to leave first.
    #[inline(always)]
    pub(crate) fn admit(&mut self, weight: u64) -> bool {
        !P::Ranking::PAYS || self.ranking.admit(weight)
    }

    /// Takes out the entry whose turn it is. `None` if none can leave. Whether it [is live](Self::is_live) can still be asked.
    #[inline]
    pub(crate) fn evict(&mut self, incoming: Half) -> Option<(K, V, Id)> {
        let id = self.ranking.evict(view!(self), incoming.0)?;
        let (key, value) = self.take(id)?;
        Some((key, value, id))
    }

    /// An entry with this hash comes in: asks for the memory that the ranking needs for it.
    #[inline(always)]
    pub(crate) fn expect(&self, incoming: Half) {
        self.ranking.expect(incoming.0);
    }

    /// Takes out an entry whose time is over, if one is found.
    pub(crate) fn expire(&mut self) -> Option<(K, V)> {
        let id = self.ranking.expire(view!(self))?;
        self.take(id)
    }

    /// Takes out an entry that the ranking has forgotten.
    #[inline]
    fn take(&mut self, id: Id) -> Option<(K, V)> {
        let entry = self.table.take(id)?;
        if !W::UNIT {
            self.used -= self.weight(id);
        }
        Some(entry)
    }

    /// Puts an entry in that is not there. There is room for it.
    #[inline]
    pub(crate) fn insert(&mut self, half: Half, key: K, value: V, weight: u32) -> Id {
        let limit = self.limit();
        let id = self.table.insert(half.0, key, value, limit);
        set(&mut self.notes, id, Default::default());
        if !W::UNIT {
            self.used += u64::from(weight);
            set(&mut self.weights, id, weight);
        }
        if WatchOf::<P>::EXPIRES {
            self.ranking.on_insert(view!(self), id, &self.notes[id as usize]);
        } else {
            // It says nothing.
            self.ranking.on_insert(view!(self), id, &Default::default());
        }
        if self.table.len() >= LARGE && self.is_full_for(u64::from(weight)) {
            self.look_ahead();
        }
        id
    }

    /// What an entry weighs.
    #[inline(always)]
    pub(crate) fn weight(&self, id: Id) -> u64 {
        if W::UNIT { 1 } else { u64::from(self.weights[id as usize]) }
    }

    /// Lets the ranking do something with an entry that is there, and its note.
    pub(crate) fn with_ranking<T>(
        &mut self,
        id: Id,
        change: impl FnOnce(&mut P::Ranking, &mut ViewOf<'_, K, V, P, W>, &NoteOf<RankingOf<P>>) -> T,
    ) -> T {
        change(&mut self.ranking, view!(self), &self.notes[id as usize])
    }

    /// What the ranking keeps beside an entry.
    pub(crate) fn node(&self, id: Id) -> &NodeOf<P> {
        self.table.node(id)
    }

    /// An entry has come in for one with the same key that the ranking knew as this.
    pub(crate) fn succeed(&mut self, id: Id, before: &NodeOf<P>) {
        self.ranking.on_succeed(view!(self), id, before);
    }

    /// Takes out an entry that is there.
    #[inline]
    pub(crate) fn remove(&mut self, id: Id) -> Option<(K, V)> {
        self.table.get(id)?;
        self.ranking.on_remove(view!(self), id);
        self.take(id)
    }

    /// An entry that is there has another value, which weighs so much: no more than the one before.
    #[inline]
    pub(crate) fn replaced(&mut self, id: Id, weight: u32) {
        let before = self.weight(id);
        if !W::UNIT && before != u64::from(weight) {
            self.weights[id as usize] = weight;
            self.used = self.used - before + u64::from(weight);
            self.ranking.on_weight(view!(self), id, before);
        }
        self.ranking.on_replace(view!(self), id, &self.notes[id as usize]);
    }

    /// Another capacity. If it is less, the caller evicts.
    pub(crate) fn resize(&mut self, capacity: u64) {
        self.capacity = capacity;
        self.ranking.resize(view!(self), capacity.max(1));
    }

    /// Takes everything out.
    pub(crate) fn clear(&mut self) -> TableOf<K, V, P> {
        let table = core::mem::replace(&mut self.table, Table::new());
        self.ranking.clear();
        self.weights.clear();
        self.notes.clear();
        self.used = 0;
        table
    }

    /// Uses the room of a table that was taken out.
    pub(crate) fn reuse(&mut self, mut table: TableOf<K, V, P>) {
        table.clear();
        if self.table.len() == 0 {
            self.table = table;
        }
    }

    pub(crate) fn duplicate(&self) -> Self
    where
        K: Clone,
        V: Clone,
        P::Ranking: Clone,
    {
        let ranking = self.ranking.clone();
        let watch = ranking.watch();
        Self {
            table: self.table.clone(),
            weights: self.weights.clone(),
            notes: self.notes.iter().map(|note| watch.copy(note)).collect(),
            ranking,
            watch,
            used: self.used,
            capacity: self.capacity,
            weigher: PhantomData,
        }
    }
}
