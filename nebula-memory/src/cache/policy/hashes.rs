use alloc_crate::{vec, vec::Vec};

use super::{Id, Nodes, Notes, nodes::NONE};

/// Entries that are nothing but a hash, what stands beside it, and a place: found by either.
#[derive(Clone, Debug)]
pub(crate) struct Hashes<N, T> {
    pub(crate) slots: Vec<Slot<N, T>>,
    /// The first entry for the upper bits of a (scrambled) hash.
    heads: Vec<Id>,
    /// The first place that is free, chained like entries.
    free: Id,
    pub(crate) len: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Slot<N, T> {
    pub(crate) hash: u32,
    /// The next with the same head.
    next: Id,
    pub(crate) weight: u32,
    pub(crate) mark: u8,
    pub(crate) node: N,
    pub(crate) note: T,
}

impl<N, T> Nodes<N> for Hashes<N, T> {
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

impl<N, T> Notes<T> for Hashes<N, T> {
    fn note(&self, id: Id) -> &T {
        &self.slots[id as usize].note
    }
}

impl<N: Default, T: Default> Hashes<N, T> {
    /// None, with room for so many.
    pub(crate) fn with_room(room: usize) -> Self {
        Self { slots: Vec::with_capacity(room), heads: vec![NONE; 16], free: NONE, len: 0 }
    }

    #[inline]
    fn head(&mut self, hash: u32) -> &mut Id {
        let scaled = u64::from(hash.wrapping_mul(0x9E37_79B1)) * self.heads.len() as u64;
        &mut self.heads[(scaled >> 32) as usize]
    }

    #[inline]
    pub(crate) fn find(&mut self, hash: u32) -> Option<Id> {
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
    pub(crate) fn insert(&mut self, hash: u32, weight: u32) -> Id {
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

    pub(crate) fn remove(&mut self, id: Id) {
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
