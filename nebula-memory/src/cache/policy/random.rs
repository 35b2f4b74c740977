use alloc_crate::vec::Vec;

use super::ranking::sealed::Sealed;
use super::{Hit, Id, Nodes, Policy, Ranking, Unwatched, Watch};

/// Any may leave.
///
/// No pattern of use is its worst case, and a hit costs nothing. The same seed gives the same choices.
///
/// L. A. Belady, *A Study of Replacement Algorithms for a Virtual-Storage Computer*, 1966; the numbers are those of George
/// Marsaglia, *Xorshift RNGs*, 2003. All takes constant time, and 4 bytes an entry besides its node.
///
/// # Examples
///
/// ```
/// use nebula_memory::cache::{Cache, policy::Random};
///
/// let mut cache = Cache::builder().capacity(10).policy(Random::new(7)).build();
/// cache.extend((0..100).map(|n| (n, n)));
/// assert_eq!(cache.len(), 10);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Random {
    seed: u64,
}

impl Random {
    /// Choices that depend on this seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// What they depend on.
    pub(super) const fn seed(self) -> u64 {
        self.seed
    }
}

/// Always the same choices.
impl Default for Random {
    fn default() -> Self {
        Self::new(0)
    }
}

/// The entries of a cache in no order.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct RandomRanking {
    entries: Vec<Id>,
    seed: u64,
    state: u64,
}

/// Where an entry is among them.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Position(u32);

impl Sealed for Random {}

impl Policy for Random {
    type Ranking = RandomRanking;

    fn ranking(&self, _: u64) -> RandomRanking {
        RandomRanking { entries: Vec::new(), seed: self.seed, state: start(self.seed) }
    }
}

/// Where the numbers begin: not at 0, from which they never get away, and not near it.
fn start(seed: u64) -> u64 {
    (seed ^ 0x9E37_79B9_7F4A_7C15).wrapping_mul(0xBF58_476D_1CE4_E5B9).max(1)
}

impl RandomRanking {
    #[inline]
    fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    #[inline]
    fn forget(&mut self, nodes: &mut impl Nodes<Position>, at: usize) {
        self.entries.swap_remove(at);
        if let Some(&moved) = self.entries.get(at) {
            #[expect(clippy::cast_possible_truncation, reason = "fewer than there are ids")]
            let at = at as u32;
            *nodes.node_mut(moved) = Position(at);
        }
    }
}

impl Ranking for RandomRanking {
    const HIT: Hit = Hit::Nothing;

    type Node = Position;
    type Watch = Unwatched;

    fn watch(&self) -> Unwatched {
        Unwatched
    }

    #[inline]
    fn on_insert(&mut self, nodes: &mut impl Nodes<Position>, id: Id, (): &<Unwatched as Watch>::Note) {
        #[expect(clippy::cast_possible_truncation, reason = "fewer than there are ids")]
        let at = self.entries.len() as u32;
        *nodes.node_mut(id) = Position(at);
        self.entries.push(id);
    }

    fn on_weight(&mut self, _: &mut impl Nodes<Position>, _: Id, _: u64) {}

    fn on_remove(&mut self, nodes: &mut impl Nodes<Position>, id: Id) {
        let Position(at) = *nodes.node(id);
        self.forget(nodes, at as usize);
    }

    #[inline]
    fn evict(&mut self, nodes: &mut impl Nodes<Position>, _: u32) -> Option<Id> {
        let among = self.entries.len() as u64;
        #[expect(clippy::cast_possible_truncation, reason = "less than there are entries")]
        let at = ((u128::from(self.next()) * u128::from(among)) >> 64) as usize;
        let id = *self.entries.get(at)?;
        self.forget(nodes, at);
        Some(id)
    }

    fn resize(&mut self, _: &mut impl Nodes<Position>, _: u64) {}

    fn clear(&mut self) {
        self.entries.clear();
        self.state = start(self.seed);
    }
}
