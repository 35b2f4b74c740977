use core::alloc::Layout;
use core::fmt::Debug;
use core::time::Duration;

use super::CacheBuilder;
use super::policy::{Hit, Id, Lives, Nodes, NoteOf, Notes, Ordered, Pins, Policy, Ranking, sealed};
use crate::budget::AsBudget;

/// Entries are paid for by a [`Budget`](crate::Budget), which others may charge as well: caches, or
/// [`Budgeted`](crate::allocator::Budgeted) allocators.
///
/// What an entry weighs is charged before it comes in, and given back when it leaves; weights are bytes then, so the cache needs a
/// weigher. If the budget refuses, entries of this cache leave until it does not. If it would refuse even if all left, or one
/// block may not have as much, nothing leaves and nothing comes in. Other users of the budget are not asked for anything.
///
/// The cache's own capacity holds besides. Dropping the cache gives everything back. What the budget calls at its soft limit must
/// not use a shared cache that pays with it: it waits for a lock then that its own thread has.
///
/// ```
/// use std::sync::Arc;
/// use nebula_memory::cache::{Charged, SharedCache, policy::Lru};
/// use nebula_memory::{Budget, KIB};
///
/// // Two caches pay from one budget, each by what it has.
/// let budget = Arc::new(Budget::new_shared(10 * KIB));
/// let cache = || {
///     let builder = SharedCache::builder().capacity(8 * KIB).weigh_by(|_, page: &Vec<u8>| page.len() as u32);
///     builder.policy(Charged::new(Lru, Arc::clone(&budget))).shards(1).build_shared()
/// };
/// let (pages, images) = (cache(), cache());
/// pages.insert_many((0..8).map(|number| (number, vec![0; KIB])));
/// images.insert_many((0..8).map(|number| (number, vec![0; KIB])));
/// assert_eq!((pages.len(), images.len(), budget.used()), (8, 2, 10 * KIB));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Charged<P, B> {
    policy: P,
    budget: B,
}

impl<P, B: AsBudget + Clone + Debug> Charged<P, B> {
    /// `budget` pays; among what is there `policy` says who leaves. A reference, `Rc` or `Arc` of a budget does as well.
    #[must_use]
    pub const fn new(policy: P, budget: B) -> Self {
        Self { policy, budget }
    }
}

impl<K, V, P, S, W, L> CacheBuilder<K, V, P, S, W, L> {
    /// Entries are paid for by `budget`, what they weigh is bytes: [`Charged`] around the policy set so far.
    ///
    /// # Examples
    ///
    /// ```
    /// use nebula_memory::cache::Cache;
    /// use nebula_memory::{Budget, KIB};
    ///
    /// let budget = Budget::new(4 * KIB);
    /// let mut pages = Cache::builder()
    ///     .capacity(100 * KIB)
    ///     .weigher(|_: &u32, page: &Vec<u8>| page.len() as u32)
    ///     .budget(&budget)
    ///     .build();
    /// pages.extend((0..10).map(|number| (number, vec![0; 1000])));
    /// assert_eq!((pages.len(), budget.used()), (4, 4000));
    ///
    /// let other = budget.reserve(96)?;
    /// pages.insert(10, vec![0; 1000]);
    /// assert_eq!((pages.len(), budget.used()), (4, 4096));
    /// drop((pages, other));
    /// assert_eq!(budget.used(), 0);
    /// # Ok::<(), nebula_memory::AllocError>(())
    /// ```
    pub fn budget<B: AsBudget + Clone + Debug>(
        self,
        budget: B,
    ) -> CacheBuilder<K, V, Charged<P, B>, S, W, L> {
        self.map_policy(|policy| Charged::new(policy, budget))
    }
}

impl<P, B> sealed::Sealed for Charged<P, B> {}

impl<P: Policy, B: AsBudget + Clone + Debug> Policy for Charged<P, B> {
    type Ranking = Paying<P::Ranking, B>;

    fn ranking(&self, capacity: u64) -> Self::Ranking {
        const {
            assert!(!P::Ranking::PAYS, "an entry is paid for once: `Charged` goes around a policy once");
        }
        let ranking = self.policy.ranking(capacity);
        Paying { ranking, bill: Bill { budget: self.budget.clone(), charged: 0 } }
    }
}

/// The order of another ranking, and who pays.
#[doc(hidden)]
#[derive(Debug)]
pub struct Paying<R, B: AsBudget> {
    ranking: R,
    bill: Bill<B>,
}

/// What is charged to a budget and given back at the end, at the latest.
#[derive(Debug)]
struct Bill<B: AsBudget> {
    budget: B,
    charged: usize,
}

impl<B: AsBudget> Bill<B> {
    /// Whether the budget would not pay even if it had back what it has paid.
    fn refuses(&self, bytes: u64) -> bool {
        let budget = self.budget.as_budget();
        usize::try_from(bytes).map_or(true, |bytes| {
            !budget.allows_block(bytes) || budget.available().saturating_add(self.charged) < bytes
        })
    }

    fn pay(&mut self, bytes: u64) -> bool {
        let Ok(bytes) = usize::try_from(bytes) else { return false };
        let Ok(block) = Layout::array::<u8>(bytes) else { return false };
        let Ok(charge) = self.budget.as_budget().charge_block(block, bytes) else { return false };
        charge.keep();
        self.charged += bytes;
        true
    }

    fn give(&mut self, bytes: u64) {
        let bytes = usize::try_from(bytes).unwrap_or(usize::MAX).min(self.charged);
        self.charged -= bytes;
        self.budget.as_budget().give(bytes);
    }
}

impl<B: AsBudget> Drop for Bill<B> {
    fn drop(&mut self) {
        self.give(u64::MAX);
    }
}

impl<R: Ranking, B: AsBudget> Ranking for Paying<R, B> {
    const HIT: Hit = R::HIT;
    const PAYS: bool = true;
    type Node = R::Node;
    type Watch = R::Watch;

    fn watch(&self) -> Self::Watch {
        self.ranking.watch()
    }

    #[inline]
    fn on_hit(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id) {
        self.ranking.on_hit(nodes, id);
    }

    #[inline]
    fn on_insert(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>) {
        self.ranking.on_insert(nodes, id, note);
    }

    fn on_replace(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>) {
        self.ranking.on_replace(nodes, id, note);
    }

    fn limit_life(
        &mut self,
        nodes: &mut impl Nodes<Self::Node>,
        id: Id,
        note: &NoteOf<Self>,
        life: Duration,
    ) {
        self.ranking.limit_life(nodes, id, note, life);
    }

    fn on_succeed(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, before: &Self::Node) {
        self.ranking.on_succeed(nodes, id, before);
    }

    fn on_weight(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, before: u64) {
        // If it weighs more, that was admitted.
        self.bill.give(before.saturating_sub(nodes.weight(id)));
        self.ranking.on_weight(nodes, id, before);
    }

    fn on_return(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>) {
        self.ranking.on_return(nodes, id, note);
    }

    fn on_remove(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id) {
        self.bill.give(nodes.weight(id));
        self.ranking.on_remove(nodes, id);
    }

    fn evict(&mut self, nodes: &mut impl Nodes<Self::Node>, incoming: u32) -> Option<Id> {
        let id = self.ranking.evict(nodes, incoming)?;
        self.bill.give(nodes.weight(id));
        Some(id)
    }

    #[inline(always)]
    fn expect(&self, incoming: u32) {
        self.ranking.expect(incoming);
    }

    #[inline(always)]
    fn upcoming(&mut self, nodes: &mut impl Nodes<Self::Node>) -> Id {
        self.ranking.upcoming(nodes)
    }

    fn expire(&mut self, nodes: &mut (impl Nodes<Self::Node> + Notes<NoteOf<Self>>)) -> Option<Id> {
        let id = self.ranking.expire(nodes)?;
        self.bill.give(nodes.weight(id));
        Some(id)
    }

    #[inline(always)]
    fn was_over(&self, note: &NoteOf<Self>) -> bool {
        self.ranking.was_over(note)
    }

    #[inline(always)]
    fn at_once(&mut self) {
        self.ranking.at_once();
    }

    fn refuses(&self, weight: u64) -> bool {
        self.bill.refuses(weight)
    }

    fn admit(&mut self, weight: u64) -> bool {
        self.bill.pay(weight)
    }

    fn resize(&mut self, nodes: &mut impl Nodes<Self::Node>, capacity: u64) {
        self.ranking.resize(nodes, capacity);
    }

    fn clear(&mut self) {
        self.bill.give(u64::MAX);
        self.ranking.clear();
    }
}

impl<R: Lives, B: AsBudget> Lives for Paying<R, B> {
    fn live_for(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>, life: Duration) {
        self.ranking.live_for(nodes, id, note, life);
    }
}

impl<R: Ordered, B: AsBudget> Ordered for Paying<R, B> {
    fn first(&self) -> Id {
        self.ranking.first()
    }

    fn last(&self) -> Id {
        self.ranking.last()
    }

    fn after(&self, node: &Self::Node) -> Id {
        self.ranking.after(node)
    }

    fn before(&self, node: &Self::Node) -> Id {
        self.ranking.before(node)
    }

    fn demote(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id) {
        self.ranking.demote(nodes, id);
    }
}

impl<R: Pins, B: AsBudget> Pins for Paying<R, B> {
    fn pin(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id) -> bool {
        self.ranking.pin(nodes, id)
    }

    fn unpin(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>) -> bool {
        self.ranking.unpin(nodes, id, note)
    }

    fn is_pinned(node: &Self::Node) -> bool {
        R::is_pinned(node)
    }
}
