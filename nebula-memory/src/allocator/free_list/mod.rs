//! Slots for values of one type, and which of them are free: last in, first out.
//!
//! * `slot`: the memory of one slot and its alignment
//! * `local`: for one thread
//! * `stack`: which indices are free, for many threads, lock-free
//! * `item`: what names a slot at hand: a number, or a pointer
//! * `shard`: free slots at hand of one thread, which others can take
//! * `locked`: what is done to a shard under its lock, by thieves too
//! * `engine`: a stack in the middle and a shard for each of some threads in front of it
//! * `shared`: the slots of a fixed pool over it
//! * `growing`: slots that come in segments over it, for object pools
//! * `blocks`: the same for blocks whose size is chosen at run time
//!
//! A slot has no owner, and its thread of origin does not matter: whoever gives it back puts it in the shard of the thread it is on.
//! A shard that is full passes half of its slots to the stack, and one that is empty fetches as many, each with one step. So a
//! thread that takes and gives back works on its own memory with plain loads and stores, and where one thread takes what
//! another gives back, slots change hands by the dozen. Only when the stack is empty too is something taken from other shards;
//! so slots are exhausted only if every one is in use at some moment of the call.
//!
//! Two designs were tried beside this one, each the best at one thing. Slots that belong to the thread they came from, which others
//! send back to by a list of its own (Leijen, Zorn, de Moura: *Mimalloc: Free List Sharding in Action*, 2019), are as fast on one
//! thread, and at their slowest where all that one thread takes is given back by another: each slot costs an atomic step. Whole
//! magazines that change hands (Bonwick and Adams: *Magazines and Vmem*, 2001) are fast there, but keep slots from others, so that
//! a pool of a fixed size says that it is exhausted when it is not. Here slots have no home, as in the second, and none is out of
//! reach, by stealing.
//!
//! What is not lock-free is that last step, and moving slots between a shard and the stack: both take the lock of a shard, for the time
//! of copying a few dozen words. Threads that have no shard (there are more than shards, or the thread is about to end), pools of fewer
//! than 32 slots, and programs without `std`, use the stack alone. A shared pool must not be used in a signal handler: the
//! handler would be in the middle of what its own thread does.
//!
//! The links of a shared free list lie beside the slots, not in them: a free slot may be handed out and written by another
//! thread while a link in it is still being read. Atomics of their own make that race harmless, and slots keep the
//! size of their values. A local list has no such thread; it lies beside the slots too, so that taking one slot after the other does
//! not wait for the memory of each.
//!
//! New slots cost no start-up code, and a shared pool in a `static` no byte in the executable: see each file for how.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | two owners of a slot | `stack`: the head changes in one step; `shard`: owner and thief each write before they look, with a fence between; both model-checked with loom. `local`: is `!Sync` |
//! | two threads that take a shard for theirs | numbers of threads are unique among the living; a shard changes its owner only while nobody can have the number of the old one |
//! | ABA: a head that was popped and pushed again in between | a tag that counts pops, in the same word |
//! | a link read while its slot is in use elsewhere | `stack`: links are atomics outside of the slot; the head's tag tells |
//! | the next owner of a slot does not see what the last one did | every way that a slot goes is release and acquire: head, `puts`, `spare`, the lock, the number of a thread |
//! | a slot given back twice | `put_back` is `unsafe`; only the handle that owns the slot calls it, once |
//! | a pool that is moved while slots are free | slots and links are indices or distances, not pointers |

#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub(in crate::allocator) mod blocks;
#[cfg(target_has_atomic = "64")]
mod engine;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
pub(crate) mod growing;
#[cfg(target_has_atomic = "64")]
mod item;
mod local;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
mod locked;
#[cfg(all(loom, feature = "std"))]
pub mod model;
#[cfg(all(feature = "std", target_has_atomic = "64"))]
mod shard;
#[cfg(target_has_atomic = "64")]
mod shared;
mod slot;
#[cfg(target_has_atomic = "64")]
mod stack;

use core::ptr::NonNull;

pub(super) use local::Slots as LocalSlots;
pub use slot::{Align, SlotAlign};

use crate::sync::{Local, Mode};

/// A mode that a pool can be in, with the slots that serve it.
pub trait PoolMode: Mode {
    /// `CAP` slots.
    #[doc(hidden)]
    type Slots<T, const CAP: usize, const ALIGN: usize>: Slots<T>
    where
        Align<ALIGN>: SlotAlign;
}

impl PoolMode for Local {
    type Slots<T, const CAP: usize, const ALIGN: usize>
        = local::Slots<T, CAP, ALIGN>
    where
        Align<ALIGN>: SlotAlign;
}

#[cfg(target_has_atomic = "64")]
impl PoolMode for crate::sync::Shared {
    type Slots<T, const CAP: usize, const ALIGN: usize>
        = shared::Slots<T, CAP, ALIGN>
    where
        Align<ALIGN>: SlotAlign;
}

/// The slots of a pool.
///
/// # Safety
/// A slot that `take` returned is valid for reads and writes of a `T`, aligned for it, does not move while
/// the slots are borrowed, and is not returned again until it was released.
pub unsafe trait Slots<T>: Sized {
    /// The bytes from one slot to the next.
    const STRIDE: usize;

    /// All slots free.
    #[cfg(not(loom))]
    const FREE: Self;

    /// All slots free (loom's atomics can't be made in `const`).
    #[cfg(loom)]
    fn free() -> Self;

    /// Takes a free slot.
    fn take(&self) -> Option<NonNull<T>>;

    /// Gives a slot back.
    ///
    /// # Safety
    /// `slot` was returned by `take` of these slots, was not released since, and nobody uses it any more.
    unsafe fn put_back(&self, slot: NonNull<T>);

    /// How many slots are free. O(1).
    fn available(&self) -> usize;

    /// Which of the slots this one is.
    fn index_of(&self, slot: NonNull<T>) -> usize;

    /// The slot with that number.
    ///
    /// # Panics
    /// If there is none.
    fn at_index(&self, index: usize) -> NonNull<T>;
}
