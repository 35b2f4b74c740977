//! Our memory: texts, lists and maps in arenas, node instances and batches in pools.
//!
//! The run has an arena, and each batch has a scope in a second one, which is rewound when the batch is done.
//! A record that refers to something of the run (the name of an airline) borrows it: the arena of the run
//! outlives the batch, and the compiler knows.

use allocator_api2::vec::Vec;
use hashbrown::{DefaultHashBuilder, HashMap};
use nebula_memory::{AllocError, Arena, ArenaScope, LocalFixedPool, memory_scope};

use super::{
    List, Map, Memory,
    chains::Chains,
    pools::{Pooled, Pools},
    short::{ShortBytes, ShortText},
};
use crate::flow::engine::{Batch, Instance, InstanceParts, Row};

/// Arenas and pools.
pub(crate) struct Nebula;

/// A space in an arena.
pub(crate) type Region<'s> = ArenaScope<'s>;

/// Where values of a run or of a batch live.
#[derive(Clone, Copy)]
pub(crate) struct Place<'s> {
    /// Texts and all else that is small.
    small: &'s Region<'s>,
    /// Long lists and tables. An arena gives a request that is larger than its next chunk a chunk of its own; in an arena
    /// of their own they fit exactly, and leave no half-used chunks behind.
    large: &'s Region<'s>,
}

/// The bytes from which on a list or table is large.
const LARGE: usize = 4096;

impl<'s> Place<'s> {
    pub(super) fn region(self, bytes: usize) -> &'s Region<'s> {
        if bytes < LARGE { self.small } else { self.large }
    }

    /// A pool, all of its slots free.
    #[inline]
    pub(super) fn pool<T, const CAP: usize>(self) -> &'s LocalFixedPool<T, CAP> {
        self.small.alloc_with(LocalFixedPool::new)
    }
}

/// The node instances of a run, eight at a time.
type InstancePools<'r> = Pools<'r, Instance<'r, Nebula>, 8>;
/// The batches that exist at one time: one, and a copy for each fork on the way.
type BatchPools<'b> = Pools<'b, Batch<'b, Nebula>, 4>;

impl Memory for Nebula {
    const NAME: &'static str = "nebula-memory";

    type Space<'s> = Place<'s>;
    type Text<'s> = ShortText<'s>;
    type List<'s, T: 's> = Vec<T, &'s Region<'s>>;
    type Map<'s> = HashMap<ShortBytes<'s>, u32, DefaultHashBuilder, &'s Region<'s>>;
    type Numbers<'s> = Chains<'s>;
    type Boxed<'s, T: 's> = &'s T;
    type Instances<'r> = &'r InstancePools<'r>;
    type InstanceBox<'r> = Pooled<'r, Instance<'r, Self>, 8>;
    type Batches<'b> = &'b BatchPools<'b>;
    type BatchBox<'b> = Pooled<'b, Batch<'b, Self>, 4>;

    fn run<C, R>(context: &C, body: impl for<'r> FnOnce(Place<'r>, &'r C) -> R) -> R {
        let (mut small, mut large) = (Arena::new(), Arena::new());
        memory_scope!("run", small, |small| {
            memory_scope!(large, |large| { body(Place { small: &small, large: &large }, context) })
        })
    }

    type BatchMemory = Arena;

    fn batch_memory(capacity: usize) -> Arena {
        Arena::with_capacity(capacity)
    }

    fn batch<C, R>(
        arena: &mut Arena,
        context: &mut C,
        body: impl for<'b> FnOnce(Place<'b>, &'b mut C) -> R,
    ) -> R {
        memory_scope!(arena, |scope| { body(Place { small: &scope, large: &scope }, context) })
    }

    #[inline]
    fn text<'s>(space: Self::Space<'s>, text: &str) -> Self::Text<'s> {
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
        Ok(Instance::build_in(store.pool())?.place(place).node(node).targets(targets).finish())
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
        Ok(Batch::build_in(store.pool())?.number(number).rows(rows).finish())
    }
}

impl<'s, T: 's> List<T> for Vec<T, &'s Region<'s>> {
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

impl<'s> Map for HashMap<ShortBytes<'s>, u32, DefaultHashBuilder, &'s Region<'s>> {
    #[inline]
    fn get(&self, key: &[u8]) -> Option<u32> {
        self.get(key).copied()
    }

    fn insert(&mut self, key: &[u8], position: u32) {
        let key = ShortBytes::new(self.allocator().alloc_slice_copy(key));
        self.insert(key, position);
    }
}
