use core::fmt::Debug;
use core::time::Duration;

use super::{Id, NONE, Nodes, Notes, Watch};

/// Says who leaves first: [a type of this module](super), as a parameter of a cache.
///
/// Sealed: how a policy works inside is not settled.
pub trait Policy: Clone + Debug + sealed::Sealed {
    /// What carries it out.
    #[doc(hidden)]
    type Ranking: Ranking;

    /// A ranking of no entries for a cache of this capacity, at least 1, in entries or in weight.
    #[doc(hidden)]
    fn ranking(&self, capacity: u64) -> Self::Ranking;
}

/// What a hit means to a ranking.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// Nothing.
    Nothing,
    /// The mark of the entry goes up by one, to this at most; the cache does that, without a lock.
    Mark {
        /// No mark is larger.
        max: u8,
    },
    /// [`Ranking::on_hit`] is called, in the order of the hits as far as the cache can.
    Order,
}

/// The entries of a cache in the order in which they leave.
///
/// Whoever has the ranking has it exclusively. Every call takes constant time, amortised over the insertions.
#[doc(hidden)]
pub trait Ranking {
    /// What a hit does.
    const HIT: Hit;

    /// Whether [`admit`](Self::admit) may refuse, and counts what is there.
    const PAYS: bool = false;

    /// What stands beside each entry.
    type Node: Copy + Default + Send + Sync;

    /// What hits and look-ups need without a lock.
    type Watch: Watch;

    /// A handle for those.
    fn watch(&self) -> Self::Watch;

    /// The entry was hit. Only if [`HIT`](Self::HIT) is [`Hit::Order`].
    fn on_hit(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id) {
        let _ = (nodes, id);
    }

    /// The entry has come in: its hash and weight are there, its node is new, its mark 0.
    ///
    /// There is room for it: [`evict`](Self::evict) was called until there was.
    fn on_insert(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>);

    /// The entry has another value: that is a hit as well, told by the cache as such; this is for what depends on the age of values.
    fn on_replace(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>) {
        let _ = (nodes, id, note);
    }

    /// The entry weighs `before` no longer, but what `nodes` say.
    fn on_weight(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, before: u64);

    /// The entry, which has just come in, lives no longer than that from now on, if entries of this ranking end at all.
    fn limit_life(
        &mut self,
        nodes: &mut impl Nodes<Self::Node>,
        id: Id,
        note: &NoteOf<Self>,
        life: Duration,
    ) {
        let _ = (nodes, id, note, life);
    }

    /// The entry has come in for one with the same key that had this node: in its place, but on its own.
    fn on_succeed(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, before: &Self::Node) {
        let _ = (nodes, id, before);
    }

    /// The entry comes back after [`on_remove`](Self::on_remove) without having left the cache: its node is new, its mark 0, its
    /// note what it was.
    fn on_return(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>) {
        self.on_insert(nodes, id, note);
    }

    /// The entry is removed by the user: forget it. Its node and hash are still there.
    fn on_remove(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id);

    /// Chooses the entry that leaves because one with this hash comes in, and forgets it (or remembers it as a ghost). `None` if
    /// none can leave.
    fn evict(&mut self, nodes: &mut impl Nodes<Self::Node>, incoming: u32) -> Option<Id>;

    /// An entry with this hash comes in: asks for the memory that it needs.
    #[inline(always)]
    fn expect(&self, incoming: u32) {
        let _ = incoming;
    }

    /// The entry that leaves next, as far as is known at no price: a guess, [`NONE`] if there is none. Asks for the memory of those
    /// after it, and so has asked for its own before.
    #[inline(always)]
    fn upcoming(&mut self, nodes: &mut impl Nodes<Self::Node>) -> Id {
        let _ = nodes;
        NONE
    }

    /// An entry whose time is over, forgotten by this; `None` if there is none, or none was found in a bounded time. To be
    /// asked before [`evict`](Self::evict).
    fn expire(&mut self, nodes: &mut (impl Nodes<Self::Node> + Notes<NoteOf<Self>>)) -> Option<Id> {
        let _ = nodes;
        None
    }

    /// Whether the time of an entry was over that [`evict`](Self::evict) has given, by this note: at the last call of
    /// [`expire`](Self::expire), before that.
    #[inline(always)]
    fn was_over(&self, note: &NoteOf<Self>) -> bool {
        let _ = note;
        false
    }

    /// The next entry comes in at the time of the last call of [`expire`](Self::expire): nothing was called since that may have
    /// taken long.
    #[inline(always)]
    fn at_once(&mut self) {}

    /// Whether there is no room for this much more in whatever limits the cache besides its capacity, even if all entries leave.
    #[inline(always)]
    fn refuses(&self, weight: u64) -> bool {
        let _ = weight;
        false
    }

    /// Takes room for this much more there, for an entry that comes in next or becomes heavier; if there is none, others have to
    /// leave first.
    #[inline(always)]
    fn admit(&mut self, weight: u64) -> bool {
        let _ = weight;
        true
    }

    /// The capacity is another one from now on. What is too much is evicted by calls of [`evict`](Self::evict).
    fn resize(&mut self, nodes: &mut impl Nodes<Self::Node>, capacity: u64);

    /// All entries have gone, without having been removed one by one: as after [`Policy::ranking`].
    fn clear(&mut self);
}

/// A ranking in which each entry can have a time of its own.
#[doc(hidden)]
pub trait Lives: Ranking {
    /// The entry, which is there, lives for as long from now on.
    fn live_for(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>, life: Duration);
}

/// A ranking in which entries can be pinned.
#[doc(hidden)]
pub trait Pins: Ranking {
    /// The entry is not evicted until it is [unpinned](Self::unpin); whether it could be before.
    fn pin(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id) -> bool;

    /// The entry may be evicted again; whether it was pinned.
    fn unpin(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>) -> bool;

    /// Whether the entry with this node is pinned.
    fn is_pinned(node: &Self::Node) -> bool;
}

/// What stands beside each entry for the watch of a ranking.
#[doc(hidden)]
pub type NoteOf<R> = <<R as Ranking>::Watch as Watch>::Note;

pub(crate) mod sealed {
    /// Only policies of this crate.
    pub trait Sealed {}
}
