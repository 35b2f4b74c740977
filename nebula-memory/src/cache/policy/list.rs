use super::Tag;
use super::nodes::{Id, NONE, Nodes};

/// The neighbours of an entry in the one list it is in.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Links {
    /// Towards the front.
    pub(crate) prev: Id,
    /// Towards the back.
    pub(crate) next: Id,
}

impl Default for Links {
    fn default() -> Self {
        Self { prev: NONE, next: NONE }
    }
}

/// A node with links.
pub(crate) trait Linked {
    /// What they say.
    fn read(&self) -> Links;

    /// Sets both.
    fn write(&mut self, links: Links);

    /// Sets the one towards the front.
    fn set_prev(&mut self, id: Id);

    /// Sets the one towards the back.
    fn set_next(&mut self, id: Id);
}

impl Linked for Links {
    #[inline(always)]
    fn read(&self) -> Links {
        *self
    }

    #[inline(always)]
    fn write(&mut self, links: Links) {
        *self = links;
    }

    #[inline(always)]
    fn set_prev(&mut self, id: Id) {
        self.prev = id;
    }

    #[inline(always)]
    fn set_next(&mut self, id: Id) {
        self.next = id;
    }
}

/// So many entries are asked for in advance: more wait for nothing either, but going there takes time as well.
const AHEAD: usize = 2;

/// Asks for the memory of the entry that comes so many after this one, towards the front. That of those in between was asked for
/// when they were as far away.
#[inline(always)]
pub(crate) fn look_ahead<N: Linked>(nodes: &mut impl Nodes<N>, mut id: Id) {
    for step in 0..AHEAD {
        let Some(node) = nodes.node_in(id) else { return };
        let prev = node.read().prev;
        if step == AHEAD / 2 {
            nodes.fetch_mark(id);
        }
        id = prev;
    }
    nodes.fetch(id);
}

/// A list of entries by their links, the newest in front.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    front: Id,
    back: Id,
    /// What the entries weigh together.
    weight: u64,
}

impl List {
    /// No entries.
    pub(crate) const fn new() -> Self {
        Self { front: NONE, back: NONE, weight: 0 }
    }

    /// What the entries weigh together; their number if they are not weighed.
    #[inline]
    pub(crate) fn weight(&self) -> u64 {
        self.weight
    }

    /// The newest.
    #[inline]
    pub(crate) fn front(&self) -> Option<Id> {
        (self.front != NONE).then_some(self.front)
    }

    /// Whether there are none.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.front == NONE
    }

    /// The oldest.
    #[inline]
    pub(crate) fn back(&self) -> Option<Id> {
        (self.back != NONE).then_some(self.back)
    }

    /// An entry of this list weighs something else by now.
    pub(crate) fn reweigh(&mut self, before: u64, now: u64) {
        self.weight = self.weight - before + now;
    }

    /// Puts an entry that is in no list in front.
    #[inline]
    pub(crate) fn push_front<N: Linked>(&mut self, nodes: &mut impl Nodes<N>, id: Id) {
        self.weight += nodes.weight(id);
        self.link_front(nodes, id);
    }

    /// Puts an entry that is in no list in front, in which its node has this tag.
    #[inline(always)]
    pub(crate) fn push_front_as<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, id: Id, tag: u8) {
        self.weight += nodes.weight(id);
        nodes.node_mut(id).write_tagged(Links { prev: NONE, next: self.front }, tag);
        self.link_behind(nodes, id);
    }

    #[inline(always)]
    fn link_front<N: Linked>(&mut self, nodes: &mut impl Nodes<N>, id: Id) {
        nodes.node_mut(id).write(Links { prev: NONE, next: self.front });
        self.link_behind(nodes, id);
    }

    /// The one that was in front is behind this one.
    #[inline(always)]
    fn link_behind<N: Linked>(&mut self, nodes: &mut impl Nodes<N>, id: Id) {
        match nodes.node_in(self.front) {
            None => self.back = id,
            Some(front) => front.set_prev(id),
        }
        self.front = id;
    }

    /// Puts an entry that is in no list at the back.
    #[inline]
    pub(crate) fn push_back<N: Linked>(&mut self, nodes: &mut impl Nodes<N>, id: Id) {
        self.weight += nodes.weight(id);
        nodes.node_mut(id).write(Links { prev: self.back, next: NONE });
        match self.back {
            NONE => self.front = id,
            back => nodes.node_mut(back).set_next(id),
        }
        self.back = id;
    }

    /// The same with this tag.
    pub(crate) fn push_back_as<N: Tag>(&mut self, nodes: &mut impl Nodes<N>, id: Id, tag: u8) {
        nodes.node_mut(id).set_tag(tag);
        self.push_back(nodes, id);
    }

    /// Takes an entry of this list out of it.
    #[inline]
    pub(crate) fn remove<N: Linked>(&mut self, nodes: &mut impl Nodes<N>, id: Id) {
        self.weight -= nodes.weight(id);
        self.unlink(nodes, id);
    }

    #[inline]
    fn unlink<N: Linked>(&mut self, nodes: &mut impl Nodes<N>, id: Id) {
        let Links { prev, next } = nodes.node_mut(id).read();
        match prev {
            NONE => self.front = next,
            prev => nodes.node_mut(prev).set_next(next),
        }
        match next {
            NONE => self.back = prev,
            next => nodes.node_mut(next).set_prev(prev),
        }
    }

    /// The oldest, or [`NONE`]. Asks for the memory of those after it.
    #[inline]
    pub(crate) fn oldest<N: Linked>(&self, nodes: &mut impl Nodes<N>) -> Id {
        look_ahead(nodes, self.back);
        self.back
    }

    /// Takes the oldest out.
    #[inline]
    pub(crate) fn pop_back<N: Linked>(&mut self, nodes: &mut impl Nodes<N>) -> Option<Id> {
        let id = self.back()?;
        self.weight -= nodes.weight(id);
        self.cut(nodes, id);
        Some(id)
    }

    /// Takes out the one at the back, whose links stay as they are. What is behind it need not be looked at.
    #[inline(always)]
    fn cut<N: Linked>(&mut self, nodes: &mut impl Nodes<N>, id: Id) {
        let prev = nodes.node_mut(id).read().prev;
        self.back = prev;
        match nodes.node_in(prev) {
            None => self.front = NONE,
            Some(prev) => prev.set_next(NONE),
        }
    }

    /// Puts an entry of this list in front of all others.
    #[inline(always)]
    pub(crate) fn move_to_front<N: Linked>(&mut self, nodes: &mut impl Nodes<N>, id: Id) {
        let front = self.front;
        if front == id {
            return;
        }
        // It is not in front, so that there is one before it, and there is a front.
        let node = nodes.node_mut(id);
        let Links { prev, next } = node.read();
        node.write(Links { prev: NONE, next: front });
        nodes.node_mut(prev).set_next(next);
        match nodes.node_in(next) {
            None => self.back = prev,
            Some(next) => next.set_prev(prev),
        }
        nodes.node_mut(front).set_prev(id);
        self.front = id;
    }
}

#[cfg(test)]
impl List {
    /// Its entries, from the back, if everything about them is as it should be.
    pub(crate) fn validate<N: Linked + Copy>(&self, nodes: &impl Nodes<N>) -> alloc_crate::vec::Vec<Id> {
        let (mut entries, mut id, mut before) = (alloc_crate::vec::Vec::new(), self.back, NONE);
        while id != NONE {
            let node = *nodes.node(id);
            assert_eq!(node.read().next, before);
            entries.push(id);
            (before, id) = (id, node.read().prev);
        }
        assert_eq!(self.front, before);
        assert_eq!(self.weight, entries.iter().map(|&id| nodes.weight(id)).sum::<u64>());
        entries
    }
}
