use super::{Hashes, Hit, Id, Nodes, NoteOf, Policy, Ranking, Watch};

/// A cache of hashes: no keys, no values. What it tells is whether an access would have been a hit.
///
/// Different keys are different entries as long as their hashes are.
#[derive(Clone, Debug)]
pub(crate) struct Shadow<R: Ranking, T = NoteOf<R>> {
    ranking: R,
    watch: R::Watch,
    slab: Hashes<R::Node, T>,
    capacity: u64,
    used: u64,
}

impl<R: Ranking> Shadow<R> {
    pub(crate) fn new<P: Policy<Ranking = R>>(policy: &P, capacity: u64) -> Self {
        Self::of(policy.ranking(capacity), capacity, 0)
    }

    /// Of a ranking of no entries, with room for so many.
    pub(crate) fn of(ranking: R, capacity: u64, room: usize) -> Self {
        let watch = ranking.watch();
        Self { ranking, watch, slab: Hashes::with_room(room), capacity, used: 0 }
    }

    /// What ranks its entries.
    pub(crate) fn ranking(&self) -> &R {
        &self.ranking
    }

    /// Looks an entry up, and puts it in if it is not there: whether it was. What is too heavy does not get in.
    ///
    /// The weight of an entry is that with which it came in.
    #[inline]
    pub(crate) fn access(&mut self, hash: u32, weight: u32) -> bool {
        if let Some(id) = self.slab.find(hash) {
            let slot = &mut self.slab.slots[id as usize];
            if self.watch.is_live(&slot.note) {
                self.watch.hit(&slot.note);
                match R::HIT {
                    Hit::Nothing => {}
                    Hit::Mark { max } => slot.mark = (slot.mark + 1).min(max),
                    Hit::Order => self.ranking.on_hit(&mut self.slab, id),
                }
                return true;
            }
            self.remove(id);
        }
        let weight = weight.max(1);
        if u64::from(weight) > self.capacity || !self.make_room(hash, u64::from(weight)) {
            return false;
        }
        let id = self.slab.insert(hash, weight);
        self.used += u64::from(weight);
        let note = core::mem::take(&mut self.slab.slots[id as usize].note);
        self.ranking.on_insert(&mut self.slab, id, &note);
        self.slab.slots[id as usize].note = note;
        false
    }

    /// Whether there is as much room as that now.
    #[inline]
    fn make_room(&mut self, incoming: u32, weight: u64) -> bool {
        while self.used + weight > self.capacity {
            let victim = self.ranking.expire(&mut self.slab);
            let Some(id) = victim.or_else(|| self.ranking.evict(&mut self.slab, incoming)) else {
                return false;
            };
            self.forget(id);
        }
        true
    }

    fn forget(&mut self, id: Id) {
        self.used -= self.slab.weight(id);
        self.slab.remove(id);
    }

    fn remove(&mut self, id: Id) {
        self.ranking.on_remove(&mut self.slab, id);
        self.forget(id);
    }
}

#[cfg(test)]
impl<R: Ranking> Shadow<R> {
    /// What the entries weigh together.
    pub(crate) fn weight(&self) -> u64 {
        self.used
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.slab.len
    }

    /// The ranking and its nodes.
    pub(crate) fn parts(&mut self) -> (&mut R, &mut Hashes<R::Node, NoteOf<R>>) {
        (&mut self.ranking, &mut self.slab)
    }

    /// Another capacity; what is too much goes.
    pub(crate) fn resize(&mut self, capacity: u64) {
        self.capacity = capacity;
        self.ranking.resize(&mut self.slab, capacity);
        self.make_room(0, 0);
    }

    /// All entries go.
    pub(crate) fn clear(&mut self) {
        self.ranking.clear();
        self.slab = Hashes::with_room(0);
        self.used = 0;
    }

    /// Removes an entry as a user does.
    pub(crate) fn take(&mut self, hash: u32) -> bool {
        let found = self.slab.find(hash);
        found.map(|id| self.remove(id)).is_some()
    }

    /// Another weight, of an entry that is there.
    pub(crate) fn reweigh(&mut self, hash: u32, weight: u32) {
        if let Some(id) = self.slab.find(hash) {
            let before = u64::from(core::mem::replace(&mut self.slab.slots[id as usize].weight, weight));
            self.used = self.used - before + u64::from(weight);
            self.ranking.on_weight(&mut self.slab, id, before);
            self.make_room(hash, 0);
        }
    }

    /// Every entry that is there.
    pub(crate) fn hashes(&mut self) -> alloc_crate::vec::Vec<u32> {
        let mut all: alloc_crate::vec::Vec<u32> = self.slab.slots.iter().map(|slot| slot.hash).collect();
        all.sort_unstable();
        all.dedup();
        all.retain(|&hash| self.slab.find(hash).is_some());
        all
    }
}
