mod all;
mod turn;

use core::fmt;
use core::hash::{BuildHasher, Hash};
use core::mem::replace;
use core::slice;

use equivalent::Equivalent;

use crate::cache::DefaultHashBuilder;
use crate::cache::after::after;
use crate::cache::core::NodeOf;
use crate::cache::policy::{Fifo, Hit, Id, Lru, NONE, Nodes, Policy, Ranking, Sieve, Unwatched};
use crate::cache::tags::{half, home};

pub use all::{FixedIter, FixedIterMut};

/// A policy whose ranking takes no memory but that beside the entries.
pub trait InPlace: Policy<Ranking: Ranking<Watch = Unwatched>> {}

impl InPlace for Fifo {}
impl InPlace for Lru {}
impl InPlace for Sieve {}

/// A cache for `N` entries that are in it, not on the heap: on the stack, or in whatever it is a part of.
///
/// For few entries, and where nothing may be allocated. What it calls may panic, as with [`Cache`](super::Cache).
///
/// # Examples
///
/// ```
/// use nebula_memory::cache::FixedCache;
///
/// let mut cache: FixedCache<&str, u32, 2> = FixedCache::new();
/// cache.insert("a", 1);
/// cache.insert("b", 2);
/// cache.get("a");
/// assert_eq!(cache.push("c", 3), Some(("b", 2)));
/// assert_eq!(cache.get("a"), Some(&1));
/// ```
pub struct FixedCache<K, V, const N: usize, P: InPlace = Lru, S = DefaultHashBuilder> {
    entries: [Option<(K, V)>; N],
    sides: Sides<NodeOf<P>, N>,
    /// The first entry whose hash belongs there; the others follow by `next`.
    heads: [Id; N],
    /// The first that is free; the others follow as well.
    free: Id,
    len: usize,
    ranking: P::Ranking,
    hasher: S,
}

/// What stands beside each entry.
#[derive(Clone)]
struct Sides<N, const C: usize>([Side<N>; C]);

#[derive(Clone, Copy)]
struct Side<N> {
    half: u32,
    next: Id,
    mark: u8,
    node: N,
}

/// Places whose entries are dropped where they are, which may be more than a stack has room for: all, if one of them panics.
struct Emptying<'e, T>(slice::IterMut<'e, Option<T>>);

impl<T> Emptying<'_, T> {
    fn empty(&mut self) {
        for place in &mut self.0 {
            // Empty then, even if it panics.
            *place = None;
        }
    }
}

impl<T> Drop for Emptying<'_, T> {
    fn drop(&mut self) {
        self.empty();
    }
}

impl<N, const C: usize> Nodes<N> for Sides<N, C> {
    fn node(&self, id: Id) -> &N {
        &self.0[id as usize].node
    }

    fn node_mut(&mut self, id: Id) -> &mut N {
        &mut self.0[id as usize].node
    }

    fn mark(&self, id: Id) -> u8 {
        self.0[id as usize].mark
    }

    fn set_mark(&mut self, id: Id, mark: u8) {
        self.0[id as usize].mark = mark;
    }

    fn hash(&self, id: Id) -> u32 {
        self.0[id as usize].half
    }

    fn weight(&self, _: Id) -> u64 {
        1
    }
}

impl<K, V, const N: usize> FixedCache<K, V, N> {
    /// An empty cache in which the least recently used leaves first. `N` has to be at least 1.
    #[must_use]
    pub fn new() -> Self {
        Self::with_policy(Lru)
    }
}

impl<K, V, const N: usize, P: InPlace> FixedCache<K, V, N, P> {
    /// An empty cache with this policy.
    #[must_use]
    pub fn with_policy(policy: P) -> Self {
        Self::with_policy_and_hasher(policy, DefaultHashBuilder::default())
    }
}

impl<K, V, const N: usize, P: InPlace> Default for FixedCache<K, V, N, P>
where
    P: Default,
{
    fn default() -> Self {
        Self::with_policy(P::default())
    }
}

impl<K, V, const N: usize, P: InPlace, S> FixedCache<K, V, N, P, S> {
    /// An empty cache with this policy and this hasher.
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "as in caches that keep it")]
    pub fn with_policy_and_hasher(policy: P, hasher: S) -> Self {
        const { assert!(N > 0 && N < 1 << 31, "a cache has room for an entry, and fewer than ids") };
        let side = Side { half: 0, next: NONE, mark: 0, node: NodeOf::<P>::default() };
        let mut cache = Self {
            entries: [const { None }; N],
            sides: Sides([side; N]),
            heads: [NONE; N],
            free: NONE,
            len: 0,
            ranking: policy.ranking(N as u64),
            hasher,
        };
        cache.free_all();
        cache
    }

    fn free_all(&mut self) {
        self.heads.fill(NONE);
        self.free = NONE;
        for (id, side) in (0..).zip(&mut self.sides.0) {
            side.next = replace(&mut self.free, id);
        }
        self.len = 0;
        self.ranking.clear();
    }

    /// How many entries there are.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// `N`.
    pub const fn capacity(&self) -> usize {
        N
    }

    /// The entries, in no order that means anything.
    pub fn iter(&self) -> FixedIter<'_, K, V> {
        FixedIter(self.entries.iter().flatten())
    }

    /// The entries, in no order that means anything, their values to be changed.
    pub fn iter_mut(&mut self) -> FixedIterMut<'_, K, V> {
        FixedIterMut(self.entries.iter_mut().flatten())
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        self.free_all();
        let mut full = Emptying(self.entries.iter_mut());
        full.empty();
    }

    /// Where the entries with this half begin.
    #[expect(clippy::cast_possible_truncation, reason = "fewer than there are ids")]
    fn head(half: u32) -> usize {
        home(half, N as u32) as usize
    }

    fn unlink(&mut self, id: Id) -> Option<(K, V)> {
        let Side { half, next, .. } = self.sides.0[id as usize];
        let head = &mut self.heads[Self::head(half)];
        if *head == id {
            *head = next;
        } else {
            let mut before = *head;
            while self.sides.0.get(before as usize)?.next != id {
                before = self.sides.0[before as usize].next;
            }
            self.sides.0[before as usize].next = next;
        }
        self.sides.0[id as usize].next = replace(&mut self.free, id);
        self.len -= 1;
        self.entries[id as usize].take()
    }
}

impl<K, V, const N: usize, P: InPlace, S: BuildHasher> FixedCache<K, V, N, P, S> {
    fn find(&self, half: u32, mut is_it: impl FnMut(&K) -> bool) -> Option<Id> {
        let mut id = self.heads[Self::head(half)];
        while id != NONE {
            let side = &self.sides.0[id as usize];
            if side.half == half && self.entries[id as usize].as_ref().is_some_and(|(key, _)| is_it(key)) {
                return Some(id);
            }
            id = side.next;
        }
        None
    }

    fn hit(&mut self, id: Id) {
        match P::Ranking::HIT {
            Hit::Nothing => {}
            Hit::Mark { max } => {
                let mark = &mut self.sides.0[id as usize].mark;
                *mark = mark.saturating_add(1).min(max);
            }
            Hit::Order => self.ranking.on_hit(&mut self.sides, id),
        }
    }

    /// The value of a key: a hit, if it is there.
    pub fn get<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<&V> {
        self.get_mut(key).map(|value| &*value)
    }

    /// The value of a key, to be changed: a hit, if it is there.
    pub fn get_mut<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<&mut V> {
        let id = self.find(half(self.hasher.hash_one(key)), |other| key.equivalent(other))?;
        self.hit(id);
        self.entries[id as usize].as_mut().map(|(_, value)| value)
    }

    /// The value of a key, without this being a use of it.
    pub fn peek<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> Option<&V> {
        let id = self.find(half(self.hasher.hash_one(key)), |other| key.equivalent(other))?;
        self.entries[id as usize].as_ref().map(|(_, value)| value)
    }

    /// The same, the value to be changed.
    pub fn peek_mut<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<&mut V> {
        let id = self.find(half(self.hasher.hash_one(key)), |other| key.equivalent(other))?;
        self.entries[id as usize].as_mut().map(|(_, value)| value)
    }

    /// Whether a key is there, without this being a use of it.
    pub fn contains<Q: ?Sized + Hash + Equivalent<K>>(&self, key: &Q) -> bool {
        self.peek(key).is_some()
    }

    /// Takes the value of a key out.
    pub fn remove<Q: ?Sized + Hash + Equivalent<K>>(&mut self, key: &Q) -> Option<V> {
        let id = self.find(half(self.hasher.hash_one(key)), |other| key.equivalent(other))?;
        self.ranking.on_remove(&mut self.sides, id);
        self.unlink(id).map(|(key, value)| after(key, value))
    }

    /// Puts a value in, and gives the one that its key had. If there is no room, an entry is dropped for it.
    pub fn insert(&mut self, key: K, value: V) -> Option<V>
    where
        K: Hash + Eq,
    {
        match self.put(key, value) {
            (true, Some((key, old))) => after(key, Some(old)),
            (_, gone) => after(gone, None),
        }
    }

    /// Puts a value in, and gives what is not in the cache any more for it: the old value, with the key that is left over, or the
    /// entry that had to go.
    pub fn push(&mut self, key: K, value: V) -> Option<(K, V)>
    where
        K: Hash + Eq,
    {
        self.put(key, value).1
    }

    /// Whether the key was there, and what is not any more.
    fn put(&mut self, key: K, value: V) -> (bool, Option<(K, V)>)
    where
        K: Hash + Eq,
    {
        let half = half(self.hasher.hash_one(&key));
        if let Some(id) = self.find(half, |other| *other == key) {
            self.hit(id);
            let old = self.entries[id as usize].as_mut().map(|(_, there)| replace(there, value));
            return (true, old.map(|old| (key, old)));
        }
        let mut gone = None;
        if self.free == NONE {
            gone = self.ranking.evict(&mut self.sides, half).and_then(|id| self.unlink(id));
        }
        let id = self.free;
        let side = &mut self.sides.0[id as usize];
        self.free = side.next;
        let next = replace(&mut self.heads[Self::head(half)], id);
        *side = Side { half, next, mark: 0, node: NodeOf::<P>::default() };
        self.entries[id as usize] = Some((key, value));
        self.len += 1;
        self.ranking.on_insert(&mut self.sides, id, &());
        (false, gone)
    }
}

impl<K: fmt::Debug, V: fmt::Debug, const N: usize, P: InPlace, S> fmt::Debug for FixedCache<K, V, N, P, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}
