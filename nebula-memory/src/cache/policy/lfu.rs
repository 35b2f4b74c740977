use alloc_crate::vec::Vec;

use super::ranking::sealed::Sealed;
use super::{Hit, Id, Linked, Links, List, NONE, Nodes, Ordered, Policy, Ranking, Unwatched, Watch};

/// The least frequently used leaves first; among those used equally often, the one that was not used for longest.
///
/// Good where it is settled what is popular. What was popular once stays for as long: where that changes, take
/// [`WTinyLfu`](super::WTinyLfu).
///
/// Ketan Shah, Anirban Mitra, Dhruv Matani, *An O(1) algorithm for implementing the LFU cache eviction scheme*, 2010. A hit and an
/// eviction take constant time.
///
/// # Examples
///
/// ```
/// use nebula_memory::cache::{Cache, policy::Lfu};
///
/// let mut cache = Cache::builder().capacity(2).policy(Lfu).build();
/// cache.extend([("a", 1), ("b", 2)]);
/// cache.get("a");
/// cache.get("a");
/// cache.get("b");
/// cache.insert("c", 3);
/// assert!(cache.contains("a") && !cache.contains("b"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lfu;

/// The entries of a cache, by how often they were used.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct LfuRanking {
    /// Those in use are a list, the least frequency first; the others are one by `next`.
    groups: Vec<Group>,
    first: u32,
    last: u32,
    unused: u32,
}

/// The entries that were used equally often, the last used in front.
#[derive(Clone, Copy, Debug)]
struct Group {
    uses: u64,
    entries: List,
    prev: u32,
    next: u32,
}

/// The neighbours of an entry, and its group.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Member {
    links: Links,
    group: u32,
}

impl Linked for Member {
    #[inline(always)]
    fn read(&self) -> Links {
        self.links
    }

    #[inline(always)]
    fn write(&mut self, links: Links) {
        self.links = links;
    }

    #[inline(always)]
    fn set_prev(&mut self, id: Id) {
        self.links.prev = id;
    }

    #[inline(always)]
    fn set_next(&mut self, id: Id) {
        self.links.next = id;
    }
}

impl Sealed for Lfu {}

impl Policy for Lfu {
    type Ranking = LfuRanking;

    fn ranking(&self, _: u64) -> LfuRanking {
        LfuRanking { groups: Vec::new(), first: NONE, last: NONE, unused: NONE }
    }
}

impl LfuRanking {
    #[inline(always)]
    fn group(&mut self, at: u32) -> &mut Group {
        &mut self.groups[at as usize]
    }

    /// A group for so many uses between two that are neighbours, or at an end.
    fn add(&mut self, uses: u64, prev: u32, next: u32) -> u32 {
        let group = Group { uses, entries: List::new(), prev, next };
        let at = self.unused;
        let at = if at == NONE {
            self.groups.push(group);
            #[expect(clippy::cast_possible_truncation, reason = "fewer than there are ids")]
            let at = (self.groups.len() - 1) as u32;
            at
        } else {
            self.unused = self.group(at).next;
            *self.group(at) = group;
            at
        };
        self.link(prev, at, next);
        at
    }

    /// Makes `at` what follows `prev` and comes before `next`.
    fn link(&mut self, prev: u32, at: u32, next: u32) {
        match prev {
            NONE => self.first = at,
            prev => self.group(prev).next = at,
        }
        match next {
            NONE => self.last = at,
            next => self.group(next).prev = at,
        }
    }

    /// A group may have nobody left.
    #[inline]
    fn tidy(&mut self, at: u32) {
        let Group { prev, next, entries, .. } = *self.group(at);
        if !entries.is_empty() {
            return;
        }
        match prev {
            NONE => self.first = next,
            prev => self.group(prev).next = next,
        }
        match next {
            NONE => self.last = prev,
            next => self.group(next).prev = prev,
        }
        self.group(at).next = self.unused;
        self.unused = at;
    }

    #[inline]
    fn join(&mut self, nodes: &mut impl Nodes<Member>, id: Id, at: u32) {
        nodes.node_mut(id).group = at;
        self.group(at).entries.push_front(nodes, id);
    }
}

impl Ranking for LfuRanking {
    const HIT: Hit = Hit::Order;

    type Node = Member;
    type Watch = Unwatched;

    fn watch(&self) -> Unwatched {
        Unwatched
    }

    #[inline]
    fn on_hit(&mut self, nodes: &mut impl Nodes<Member>, id: Id) {
        let at = nodes.node(id).group;
        let Group { uses, next, .. } = *self.group(at);
        let more = uses.saturating_add(1);
        let up = if next != NONE && self.group(next).uses == more { next } else { self.add(more, at, next) };
        self.group(at).entries.remove(nodes, id);
        self.join(nodes, id, up);
        self.tidy(at);
    }

    #[inline]
    fn on_insert(&mut self, nodes: &mut impl Nodes<Member>, id: Id, (): &<Unwatched as Watch>::Note) {
        let first = self.first;
        let at = if first != NONE && self.group(first).uses == 1 { first } else { self.add(1, NONE, first) };
        self.join(nodes, id, at);
    }

    fn on_weight(&mut self, nodes: &mut impl Nodes<Member>, id: Id, before: u64) {
        let at = nodes.node(id).group;
        self.group(at).entries.reweigh(before, nodes.weight(id));
    }

    fn on_remove(&mut self, nodes: &mut impl Nodes<Member>, id: Id) {
        let at = nodes.node(id).group;
        self.group(at).entries.remove(nodes, id);
        self.tidy(at);
    }

    #[inline]
    fn evict(&mut self, nodes: &mut impl Nodes<Member>, _: u32) -> Option<Id> {
        let first = self.first;
        if first == NONE {
            return None;
        }
        let id = self.group(first).entries.pop_back(nodes)?;
        self.tidy(first);
        Some(id)
    }

    #[inline]
    fn upcoming(&mut self, nodes: &mut impl Nodes<Member>) -> Id {
        match self.first {
            NONE => NONE,
            first => self.group(first).entries.oldest(nodes),
        }
    }

    fn resize(&mut self, _: &mut impl Nodes<Member>, _: u64) {}

    fn clear(&mut self) {
        self.groups.clear();
        (self.first, self.last, self.unused) = (NONE, NONE, NONE);
    }
}

impl Ordered for LfuRanking {
    fn first(&self) -> Id {
        let group = self.groups.get(self.first as usize);
        group.and_then(|group| group.entries.back()).unwrap_or(NONE)
    }

    fn last(&self) -> Id {
        let group = self.groups.get(self.last as usize);
        group.and_then(|group| group.entries.front()).unwrap_or(NONE)
    }

    fn after(&self, node: &Member) -> Id {
        if node.links.prev != NONE {
            return node.links.prev;
        }
        let next = self.groups[node.group as usize].next;
        self.groups.get(next as usize).and_then(|group| group.entries.back()).unwrap_or(NONE)
    }

    fn before(&self, node: &Member) -> Id {
        if node.links.next != NONE {
            return node.links.next;
        }
        let prev = self.groups[node.group as usize].prev;
        self.groups.get(prev as usize).and_then(|group| group.entries.front()).unwrap_or(NONE)
    }

    fn demote(&mut self, nodes: &mut impl Nodes<Member>, id: Id) {
        if self.first() == id {
            return;
        }
        self.on_remove(nodes, id);
        // Another one would leave first: its group is still there.
        let first = self.first;
        nodes.node_mut(id).group = first;
        self.group(first).entries.push_back(nodes, id);
    }
}
