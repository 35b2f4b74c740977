//! Our memory: texts, lists and maps in arenas, node instances and batches in pools.
//!
//! The run has an arena, and each batch has a scope in a second one, which is rewound when the batch is done.
//! A record that refers to something of the run (the name of an airline) borrows it: the arena of the run
//! outlives the batch, and the compiler knows. With [`Watched`](super::Watched), all of it is counted.

use std::marker::PhantomData;

use allocator_api2::vec::Vec;
use hashbrown::{DefaultHashBuilder, HashMap};
use nebula_memory::{AllocError, Allocator, Arena, ArenaScope, LocalFixedPool, memory_scope};

use super::{
    List, Map, Memory,
    chains::Chains,
    pools::{Pooled, Pools},
    short::{ShortBytes, ShortText},
    watch::{Role, Slots, Unwatched, Watch},
};
use crate::flow::engine::{Batch, Instance, InstanceParts, Row};

/// Arenas and pools.
pub(crate) struct Nebula<W = Unwatched>(PhantomData<W>);

/// A space in an arena.
pub(crate) type Region<'s, W> = ArenaScope<'s, <W as Watch>::Backing>;

/// Where values of a run or of a batch live.
#[derive(Clone, Copy)]
pub(crate) struct Place<'s, W: Watch> {
    /// Texts and all else that is small.
    small: &'s Region<'s, W>,
    /// Long lists and tables. An arena gives a request that is larger than its next chunk a chunk of its own; in an arena
    /// of their own they fit exactly, and leave no half-used chunks behind.
    large: &'s Region<'s, W>,
}

/// The bytes from which on a list or table is large.
const LARGE: usize = 4096;

impl<'s, W: Watch> Place<'s, W> {
    pub(super) fn region(self, bytes: usize) -> &'s Region<'s, W> {
        if bytes < LARGE { self.small } else { self.large }
    }

    /// A pool, all of its slots free.
    #[inline]
    pub(super) fn pool<T, const CAP: usize>(self) -> &'s LocalFixedPool<T, CAP> {
        self.small.alloc_with(LocalFixedPool::new)
    }
}

/// The node instances of a run, eight at a time.
type InstancePools<'r, W> = Pools<'r, W, Instance<'r, Nebula<W>>, 8>;
/// The batches that exist at one time: one, and a copy for each fork on the way.
type BatchPools<'b, W> = Pools<'b, W, Batch<'b, Nebula<W>>, 4>;

impl<W: Watch> Memory for Nebula<W> {
    const NAME: &'static str = "nebula-memory";

    type Space<'s> = Place<'s, W>;
    type Text<'s> = ShortText<'s>;
    type List<'s, T: 's> = Vec<T, &'s Region<'s, W>>;
    type Map<'s> = HashMap<ShortBytes<'s>, u32, DefaultHashBuilder, &'s Region<'s, W>>;
    type Numbers<'s> = Chains<'s, W>;
    type Boxed<'s, T: 's> = &'s T;
    type Instances<'r> = &'r InstancePools<'r, W>;
    type InstanceBox<'r> = Pooled<'r, Instance<'r, Self>, 8>;
    type Batches<'b> = &'b BatchPools<'b, W>;
    type BatchBox<'b> = Pooled<'b, Batch<'b, Self>, 4>;

    fn run<C, R>(context: &C, body: impl for<'r> FnOnce(Place<'r, W>, &'r C) -> R) -> R {
        let (mut small, mut large) = (W::arena(Role::Small, 0), W::arena(Role::Large, 0));
        let result = memory_scope!("run", small, |small| {
            memory_scope!(large, |large| { body(Place { small: &small, large: &large }, context) })
        });
        W::end_of_run();
        result
    }

    type BatchMemory = Arena<W::Backing>;

    fn batch_memory(capacity: usize) -> Self::BatchMemory {
        W::arena(Role::Batch, capacity)
    }

    fn batch<C, R>(
        arena: &mut Self::BatchMemory,
        context: &mut C,
        body: impl for<'b> FnOnce(Place<'b, W>, &'b mut C) -> R,
    ) -> R {
        let begin = W::begin();
        let result = memory_scope!(arena, |scope| { body(Place { small: &scope, large: &scope }, context) });
        W::end_of_batch(begin);
        result
    }

    #[inline]
    fn text<'s>(space: Self::Space<'s>, text: &str) -> Self::Text<'s> {
        W::value(text.len());
        ShortText::new(space.small.alloc_str(text))
    }

    #[inline]
    fn lend<'short, 'long: 'short>(text: &Self::Text<'long>) -> Self::Text<'short> {
        *text
    }

    #[inline]
    fn shorten<'short, 'long: 'short>(text: Self::Text<'long>) -> Self::Text<'short> {
        text
    }

    #[inline]
    fn list<'s, T: 's>(space: Self::Space<'s>, capacity: usize) -> Self::List<'s, T> {
        W::value(capacity * size_of::<T>());
        Vec::with_capacity_in(capacity, space.region(capacity * size_of::<T>()))
    }

    fn map(space: Self::Space<'_>, capacity: usize) -> Self::Map<'_> {
        let region = space.region(capacity * size_of::<(ShortBytes<'_>, u32)>());
        HashMap::with_capacity_and_hasher_in(capacity, DefaultHashBuilder::default(), region)
    }

    fn numbers(space: Self::Space<'_>, expected: usize) -> Self::Numbers<'_> {
        Chains::new(space, expected)
    }

    fn boxed<'s, T: 's>(space: Self::Space<'s>, value: T) -> Self::Boxed<'s, T> {
        W::value(size_of::<T>());
        space.small.alloc(value)
    }

    fn instances(space: Self::Space<'_>) -> Self::Instances<'_> {
        space.small.alloc(Pools::new(space))
    }

    fn instance<'r>(
        store: Self::Instances<'r>,
        parts: InstanceParts<'r, Self>,
    ) -> Result<Self::InstanceBox<'r>, AllocError> {
        let InstanceParts { place, node, targets } = parts;
        Ok(Instance::build_in(store.pool(Slots::Instances))?
            .place(place)
            .node(node)
            .targets(targets)
            .finish())
    }

    #[inline]
    fn batches(space: Self::Space<'_>) -> Self::Batches<'_> {
        space.small.alloc(Pools::new(space))
    }

    #[inline]
    fn batch_box<'b>(
        store: Self::Batches<'b>,
        number: u64,
        rows: Self::List<'b, Row<'b, Self>>,
    ) -> Result<Self::BatchBox<'b>, AllocError> {
        Ok(Batch::build_in(store.pool(Slots::Batches))?.number(number).rows(rows).finish())
    }
}

impl<'s, T: 's, A: Allocator> List<T> for Vec<T, &'s ArenaScope<'s, A>> {
    #[inline(always)]
    fn push(&mut self, value: T) {
        self.push(value);
    }

    #[inline]
    fn retain(&mut self, keep: impl FnMut(&mut T) -> bool) {
        self.retain_mut(keep);
    }

    fn truncate(&mut self, len: usize) {
        self.truncate(len);
    }
}

impl<'s, A: Allocator> Map for HashMap<ShortBytes<'s>, u32, DefaultHashBuilder, &'s ArenaScope<'s, A>> {
    #[inline]
    fn get(&self, key: &[u8]) -> Option<u32> {
        self.get(key).copied()
    }

    fn insert(&mut self, key: &[u8], position: u32) {
        let key = ShortBytes::new(self.allocator().alloc_slice_copy(key));
        self.insert(key, position);
    }
}
