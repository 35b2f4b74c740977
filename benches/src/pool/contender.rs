//! What a pool has to do here, and the list of those that do it.

use super::ours::Fixed;
use super::peers::{BoxOnMimalloc, FreeList, HeaplessBox, HeaplessObject, Slab, SlotMap, Thunderdome};

/// What lies in a pool: a cache line of data.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(unreachable_pub, reason = "what macros of heapless make of it is public")]
pub struct Value(pub(super) [u64; 8]);

impl Value {
    pub(super) const ZERO: Self = Self([0; 8]);

    #[inline(always)]
    pub(super) fn new(seed: u64) -> Self {
        Self([seed, seed ^ 1, seed + 2, !seed, seed << 4, seed.wrapping_mul(5), seed + 6, seed ^ 7])
    }
}

/// How many slots a pool has. The workloads hold up to half of them.
pub(super) const CAPACITY: usize = 2048;

/// A pool.
pub(super) trait Contender: 'static {
    /// What tables call it.
    const NAME: &'static str;
    /// Whether it is ours.
    const OURS: bool = false;
    /// An empty slot, or one whose old value does not matter.
    type Slot;
    /// A slot with a value.
    type Full;

    /// A pool with [`CAPACITY`] slots.
    fn new() -> Self;

    /// Takes a slot. Whoever has it may write to it.
    fn acquire(&mut self) -> Self::Slot;
    /// Gives it back.
    fn release(&mut self, slot: Self::Slot);

    /// Takes a slot and makes a value in it.
    fn put(&mut self, make: impl FnOnce() -> Value) -> Self::Full;
    /// The value.
    fn get<'a>(&'a self, full: &'a Self::Full) -> &'a Value;
    /// Drops the value and gives the slot back.
    fn remove(&mut self, full: Self::Full);
}

/// Something to be done with every contender.
pub(super) trait Visitor {
    /// Does it with one.
    fn visit<C: Contender>(&mut self);
}

/// Shows all contenders to `visitor`.
pub(super) fn each(visitor: &mut impl Visitor) {
    visitor.visit::<Fixed<nebula_memory::Local>>();
    visitor.visit::<Fixed<nebula_memory::Shared>>();
    visitor.visit::<Slab>();
    visitor.visit::<SlotMap>();
    visitor.visit::<Thunderdome>();
    visitor.visit::<FreeList>();
    visitor.visit::<HeaplessBox>();
    visitor.visit::<HeaplessObject>();
    visitor.visit::<BoxOnMimalloc>();
}
