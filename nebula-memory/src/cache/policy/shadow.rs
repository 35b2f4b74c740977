use alloc_crate::{vec, vec::Vec};

use super::{Hit, Id, Nodes, Notes, Policy, Ranking, Watch, nodes::NONE};

/// A cache of hashes: no keys, no values. What it tells is whether an access would have been a hit.
///
/// Different keys are different entries as long as their hashes are.
pub(crate) struct Shadow<R: Ranking> {
    ranking: R,
    watch: R::Watch,
    slab: Slab<R::Node, <R::Watch as Watch>::Note>,
    capacity: u64,
    used: u64,
}

struct Slab<N, T> {
    slots: Vec<Slot<N, T>>,
    /// The first entry for the upper bits of a (scrambled) hash.
    heads: Vec<Id>,
    /// The first place that is free, chained like entries.
    free: Id,
    len: usize,
}

struct Slot<N, T> {
    hash: u32,
    /// The next with the same head.
    next: Id,
    weight: u32,
    mark: u8,
    node: N,
    note: T,
}

impl<N, T> Nodes<N> for Slab<N, T> {
    #[inline]
    fn node(&self, id: Id) -> &N {
        &self.slots[id as usize].node
    }

    #[inline]
    fn node_mut(&mut self, id: Id) -> &mut N {
        &mut self.slots[id as usize].node
    }

    #[inline]
    fn mark(&self, id: Id) -> u8 {
        self.slots[id as usize].mark
    }

    #[inline]
    fn set_mark(&mut self, id: Id, mark: u8) {
        self.slots[id as usize].mark = mark;
    }

    #[inline]
    fn hash(&self, id: Id) -> u32 {
        self.slots[id as usize].hash
    }

    #[inline]
    fn weight(&self, id: Id) -> u64 {
        u64::from(self.slots[id as usize].weight)
    }
}

impl<N, T> Notes<T> for Slab<N, T> {
    fn note(&self, id: Id) -> &T {
        &self.slots[id as usize].note
    }
}

impl<N: Default, T: Default> Slab<N, T> {
    fn new() -> Self {
        Self { slots: Vec::new(), heads: vec![NONE; 16], free: NONE, len: 0 }
    }

    #[inline]
    fn head(&mut self, hash: u32) -> &mut Id {
        let scaled = u64::from(hash.wrapping_mul(0x9E37_79B1)) * self.heads.len() as u64;
        &mut self.heads[(scaled >> 32) as usize]
    }

    #[inline]
    fn find(&mut self, hash: u32) -> Option<Id> {
        let mut id = *self.head(hash);
        while id != NONE {
            let slot = &self.slots[id as usize];
            if slot.hash == hash {
                return Some(id);
            }
            id = slot.next;
        }
        None
    }

    #[expect(clippy::cast_possible_truncation, reason = "there are fewer than `NONE` hashes to be entries")]
    fn insert(&mut self, hash: u32, weight: u32) -> Id {
        if self.len == self.heads.len() {
            self.grow();
        }
        let next = *self.head(hash);
        let slot = Slot { hash, next, weight, mark: 0, node: N::default(), note: T::default() };
        let id = if self.free == NONE {
            self.slots.push(slot);
            self.slots.len() as Id - 1
        } else {
            let id = self.free;
            self.free = core::mem::replace(&mut self.slots[id as usize], slot).next;
            id
        };
        *self.head(hash) = id;
        self.len += 1;
        id
    }

    /// Every chain is taken apart and put together again with twice as many heads.
    fn grow(&mut self) {
        let heads = vec![NONE; self.heads.len() * 2];
        for mut id in core::mem::replace(&mut self.heads, heads) {
            while id != NONE {
                let (hash, next) = (self.slots[id as usize].hash, self.slots[id as usize].next);
                self.slots[id as usize].next = core::mem::replace(self.head(hash), id);
                id = next;
            }
        }
    }

    fn remove(&mut self, id: Id) {
        let (hash, next) = (self.slots[id as usize].hash, self.slots[id as usize].next);
        let mut at = *self.head(hash);
        if at == id {
            *self.head(hash) = next;
        } else {
            while self.slots[at as usize].next != id {
                at = self.slots[at as usize].next;
            }
            self.slots[at as usize].next = next;
        }
        self.slots[id as usize].next = core::mem::replace(&mut self.free, id);
        self.len -= 1;
    }
}

impl<R: Ranking> Shadow<R> {
    pub(crate) fn new<P: Policy<Ranking = R>>(policy: &P, capacity: u64) -> Self {
        Self::of(policy.ranking(capacity), capacity)
    }

    /// Of a ranking of no entries.
    pub(crate) fn of(ranking: R, capacity: u64) -> Self {
        let watch = ranking.watch();
        Self { ranking, watch, slab: Slab::new(), capacity, used: 0 }
    }

    /// What the entries weigh together.
    pub(crate) fn weight(&self) -> u64 {
        self.used
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
    /// Another capacity; what is too much goes.
    pub(crate) fn resize(&mut self, capacity: u64) {
        self.capacity = capacity;
        self.ranking.resize(&mut self.slab, capacity);
        self.make_room(0, 0);
    }

    /// All entries go.
    pub(crate) fn clear(&mut self) {
        self.ranking.clear();
        self.slab = Slab::new();
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
    pub(crate) fn hashes(&mut self) -> Vec<u32> {
        let all: Vec<u32> = self.slab.slots.iter().map(|slot| slot.hash).collect();
        all.into_iter().filter(|&hash| self.slab.find(hash).is_some()).collect()
    }
}
