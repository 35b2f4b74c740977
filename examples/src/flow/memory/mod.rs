//! Where the values of a run live.
//!
//! The engine is written once, over [`Memory`]. Two memories implement it: `standard` uses
//! `String`, `Vec`, `Box` and `HashMap` as any program does; `nebula` uses arenas and pools.
//! A lifetime `'s` names the space a value lives in: the run (`'r`), or one batch (`'b`).

mod blocks;
mod chains;
mod nebula;
mod pools;
mod short;
mod standard;
mod watch;

use std::ops::{Deref, DerefMut};

use nebula_memory::AllocError;

pub(crate) use blocks::Blocks;
pub(crate) use nebula::Nebula;
pub(crate) use standard::Standard;
pub(crate) use watch::Watched;

use super::engine::{Batch, Instance, Row};

/// A way to keep values.
pub(crate) trait Memory: Sized + 'static {
    /// The name in reports.
    const NAME: &'static str;

    /// A place that values can be put into.
    type Space<'s>: Copy;
    /// A text.
    type Text<'s>: Deref<Target = str>;
    /// A list that grows.
    type List<'s, T: 's>: List<T>;
    /// From keys (bytes) to positions.
    type Map<'s>: Map;
    /// The numbers of many groups.
    type Numbers<'s>: Numbers;
    /// A value of its own; trees are made of these.
    type Boxed<'s, T: 's>: Deref<Target = T>;

    /// Where the node instances of a run live.
    type Instances<'r>: Copy;
    /// A node instance.
    type InstanceBox<'r>: DerefMut<Target = Instance<'r, Self>>;
    /// Where the batches that exist at one time live.
    type Batches<'b>: Copy;
    /// A batch.
    type BatchBox<'b>: DerefMut<Target = Batch<'b, Self>>;

    /// Runs `body` with a space that lasts for the whole run.
    fn run<C, R>(context: &C, body: impl for<'r> FnOnce(Self::Space<'r>, &'r C) -> R) -> R;

    /// What is kept from one batch to the next.
    type BatchMemory;
    /// `capacity`: the bytes one batch is expected to need.
    fn batch_memory(capacity: usize) -> Self::BatchMemory;
    /// Runs `body` with a space that lasts for one batch.
    fn batch<C, R>(
        memory: &mut Self::BatchMemory,
        context: &mut C,
        body: impl for<'b> FnOnce(Self::Space<'b>, &'b mut C) -> R,
    ) -> R;

    /// A copy of `text`.
    fn text<'s>(space: Self::Space<'s>, text: &str) -> Self::Text<'s>;
    /// A text that lives long enough, for use in a shorter-lived record.
    fn lend<'short, 'long: 'short>(text: &Self::Text<'long>) -> Self::Text<'short>;
    /// The same, when the long-lived text is not needed any more.
    fn shorten<'short, 'long: 'short>(text: Self::Text<'long>) -> Self::Text<'short>;
    /// An empty list with room for `capacity` values.
    fn list<'s, T: 's>(space: Self::Space<'s>, capacity: usize) -> Self::List<'s, T>;
    /// An empty map with room for `capacity` keys.
    fn map(space: Self::Space<'_>, capacity: usize) -> Self::Map<'_>;
    /// No groups yet; about `expected` numbers will come.
    fn numbers(space: Self::Space<'_>, expected: usize) -> Self::Numbers<'_>;
    /// A value of its own.
    fn boxed<'s, T: 's>(space: Self::Space<'s>, value: T) -> Self::Boxed<'s, T>;

    /// The store for the node instances of a run.
    fn instances(space: Self::Space<'_>) -> Self::Instances<'_>;
    /// Puts a node instance into the store.
    fn instance<'r>(
        store: Self::Instances<'r>,
        parts: super::engine::InstanceParts<'r, Self>,
    ) -> Result<Self::InstanceBox<'r>, AllocError>;
    /// The store for the batches that exist at one time.
    fn batches(space: Self::Space<'_>) -> Self::Batches<'_>;
    /// Puts a batch into the store.
    fn batch_box<'b>(
        store: Self::Batches<'b>,
        number: u64,
        rows: Self::List<'b, Row<'b, Self>>,
    ) -> Result<Self::BatchBox<'b>, AllocError>;
}

/// What the engine asks of a list.
pub(crate) trait List<T>: DerefMut<Target = [T]> {
    /// Appends a value.
    fn push(&mut self, value: T);
    /// Keeps the values that `keep` accepts, in order.
    fn retain(&mut self, keep: impl FnMut(&mut T) -> bool);
    /// Drops all values from position `len` on.
    fn truncate(&mut self, len: usize);
}

/// What the engine asks of a map.
pub(crate) trait Map {
    /// The position under `key`.
    fn get(&self, key: &[u8]) -> Option<u32>;
    /// Puts a key in that is not there yet.
    fn insert(&mut self, key: &[u8], position: u32);
}

/// What the engine asks of the numbers of groups.
pub(crate) trait Numbers {
    /// Adds a number to `group`, which may be new.
    fn add(&mut self, group: usize, number: f64);
    /// All numbers of `group`, in an order that the caller may change.
    fn of(&mut self, group: usize) -> &mut [f64];
}
