use super::ranking::sealed::Sealed;
use super::{
    Adaptive, Elastic, Fifo, Hit, Id, Inner, Lfu, Lru, Nodes, Part, Policy, Random, Ranking, S3Fifo, Sieve,
    Unwatched, WTinyLfu, Watch,
};

/// A policy of which it is known at run time only which one it is: from a configuration, or an argument. It can be read from
/// [text](Self#impl-FromStr-for-AnyPolicy).
///
/// Each call finds out anew, which takes a nanosecond or two; each entry takes as much memory as the policy that needs most, and
/// 4 bytes. What leaves, and when, is as with the policy itself.
///
/// ```
/// use nebula_memory::cache::Cache;
/// use nebula_memory::cache::policy::{AnyPolicy, Fifo, Lru};
///
/// # let recent_matters = true;
/// let policy: AnyPolicy = if recent_matters { Lru.into() } else { Fifo.into() };
/// let mut cache = Cache::builder().capacity(2).policy(policy).build();
/// cache.insert("a", 1);
/// cache.insert("b", 2);
/// cache.get("a");
/// cache.insert("c", 3);
/// assert!(cache.contains("a") && !cache.contains("b"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnyPolicy {
    /// [`Adaptive`].
    Adaptive(Adaptive),
    /// [`Elastic`].
    Elastic(Elastic),
    /// [`Fifo`].
    Fifo(Fifo),
    /// [`Lfu`].
    Lfu(Lfu),
    /// [`Lru`].
    Lru(Lru),
    /// [`Random`].
    Random(Random),
    /// [`S3Fifo`].
    S3Fifo(S3Fifo),
    /// [`Sieve`].
    Sieve(Sieve),
    /// [`WTinyLfu`].
    WTinyLfu(WTinyLfu),
}

/// A ranking that [`AnyRanking`] can be.
trait Variant: Ranking<Watch = Unwatched> {
    /// Its node, if the entry has one of it.
    fn node(node: &AnyNode) -> Option<&Self::Node>;

    /// Its node, which is a new one if the entry has none of it.
    fn node_mut(node: &mut AnyNode) -> &mut Self::Node;
}

macro_rules! any {
    ($($name:ident),*) => {
        $(impl From<$name> for AnyPolicy {
            fn from(policy: $name) -> Self {
                Self::$name(policy)
            }
        })*

        /// The ranking of one of the policies.
        #[doc(hidden)]
        #[derive(Clone, Debug)]
        pub enum AnyRanking {
            $(#[doc(hidden)] $name(<$name as Policy>::Ranking),)*
        }

        /// The node of one of the rankings.
        #[doc(hidden)]
        #[derive(Clone, Copy, Debug, Default)]
        pub enum AnyNode {
            /// The ranking has not seen it yet.
            #[default]
            New,
            $(#[doc(hidden)] $name(<<$name as Policy>::Ranking as Ranking>::Node),)*
        }

        $(impl Variant for <$name as Policy>::Ranking {
            #[inline(always)]
            fn node(node: &AnyNode) -> Option<&Self::Node> {
                if let AnyNode::$name(node) = node { Some(node) } else { None }
            }

            #[inline(always)]
            fn node_mut(node: &mut AnyNode) -> &mut Self::Node {
                if !matches!(node, AnyNode::$name(_)) {
                    *node = AnyNode::$name(Default::default());
                }
                let AnyNode::$name(node) = node else { unreachable!("it was just set") };
                node
            }
        })*

        impl Policy for AnyPolicy {
            type Ranking = AnyRanking;

            fn ranking(&self, capacity: u64) -> AnyRanking {
                match self {
                    $(Self::$name(policy) => AnyRanking::$name(policy.ranking(capacity)),)*
                }
            }
        }

        /// Calls the ranking that it is.
        macro_rules! with {
            ($any:expr, $ranking:ident => $call:expr) => {
                match $any {
                    $(AnyRanking::$name($ranking) => $call,)*
                }
            };
        }
    };
}

any!(Adaptive, Elastic, Fifo, Lfu, Lru, Random, S3Fifo, Sieve, WTinyLfu);

impl Sealed for AnyPolicy {}

/// The node of a ranking in one that can be of any.
struct Chosen<R: Ranking> {
    /// What it is if the ranking has not seen the entry yet.
    new: R::Node,
}

impl<R: Variant> Part<AnyNode> for Chosen<R> {
    type Node = R::Node;

    #[inline(always)]
    fn of<'n>(&'n self, node: &'n AnyNode) -> &'n R::Node {
        R::node(node).unwrap_or(&self.new)
    }

    #[inline(always)]
    fn of_mut(node: &mut AnyNode) -> &mut R::Node {
        R::node_mut(node)
    }
}

/// The nodes of a ranking among those that can be of any.
#[inline(always)]
fn among<'n, R: Variant, X: Nodes<AnyNode>>(_: &R, nodes: &'n mut X) -> Inner<'n, X, AnyNode, Chosen<R>> {
    Inner::by(Chosen { new: R::Node::default() }, nodes)
}

/// What a hit is to a ranking, done here, as caches do nothing but call [`AnyRanking`].
#[inline(always)]
fn hit<X: Nodes<AnyNode>, R: Variant>(ranking: &mut R, nodes: &mut X, id: Id) {
    match R::HIT {
        Hit::Nothing => {}
        Hit::Mark { max } => {
            let mark = nodes.mark(id);
            if mark < max {
                nodes.set_mark(id, mark + 1);
            }
        }
        Hit::Order => {
            ranking.on_hit(&mut among(ranking, nodes), id);
        }
    }
}

impl Ranking for AnyRanking {
    const HIT: Hit = Hit::Order;
    type Node = AnyNode;
    type Watch = Unwatched;

    fn watch(&self) -> Unwatched {
        Unwatched
    }

    #[inline]
    fn on_hit(&mut self, nodes: &mut impl Nodes<AnyNode>, id: Id) {
        with!(self, ranking => hit(ranking, nodes, id));
    }

    #[inline]
    fn on_insert(&mut self, nodes: &mut impl Nodes<AnyNode>, id: Id, note: &<Unwatched as Watch>::Note) {
        with!(self, ranking => ranking.on_insert(&mut among(ranking, nodes), id, note));
    }

    fn on_replace(&mut self, nodes: &mut impl Nodes<AnyNode>, id: Id, note: &<Unwatched as Watch>::Note) {
        with!(self, ranking => ranking.on_replace(&mut among(ranking, nodes), id, note));
    }

    fn on_weight(&mut self, nodes: &mut impl Nodes<AnyNode>, id: Id, before: u64) {
        with!(self, ranking => ranking.on_weight(&mut among(ranking, nodes), id, before));
    }

    fn on_return(&mut self, nodes: &mut impl Nodes<AnyNode>, id: Id, note: &<Unwatched as Watch>::Note) {
        with!(self, ranking => ranking.on_return(&mut among(ranking, nodes), id, note));
    }

    #[inline]
    fn on_remove(&mut self, nodes: &mut impl Nodes<AnyNode>, id: Id) {
        with!(self, ranking => ranking.on_remove(&mut among(ranking, nodes), id));
    }

    #[inline]
    fn evict(&mut self, nodes: &mut impl Nodes<AnyNode>, incoming: u32) -> Option<Id> {
        with!(self, ranking => ranking.evict(&mut among(ranking, nodes), incoming))
    }

    #[inline(always)]
    fn expect(&self, incoming: u32) {
        with!(self, ranking => ranking.expect(incoming));
    }

    #[inline(always)]
    fn upcoming(&mut self, nodes: &mut impl Nodes<AnyNode>) -> Id {
        with!(self, ranking => ranking.upcoming(&mut among(ranking, nodes)))
    }

    fn resize(&mut self, nodes: &mut impl Nodes<AnyNode>, capacity: u64) {
        with!(self, ranking => ranking.resize(&mut among(ranking, nodes), capacity));
    }

    fn clear(&mut self) {
        with!(self, ranking => ranking.clear());
    }
}
