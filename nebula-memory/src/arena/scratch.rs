use core::cell::{Cell, RefCell};
use std::vec::Vec;

use super::{Arena, FnArena};
use crate::allocator::{AllocHandle, SystemAllocator};

/// The arena that a function marked `#[arena]` works with: taken from this thread's store of warm ones, and put
/// back when dropped.
///
/// An arena of its own, so that functions that call each other, or themselves, and futures that are polled in
/// turn, do not meet. It may be dropped on another thread than it was taken on; then it stays there.
#[derive(Debug)]
pub struct Scratch {
    /// There until dropped.
    arena: Option<BoxedArena>,
}

/// What a [`FnArena`] is a scope of.
type ScratchArena = Arena<SystemAllocator, 8>;

/// Boxed, so that taking one and putting it back moves a pointer; and a refusal of the heap is a panic.
type BoxedArena = AllocHandle<ScratchArena>;

/// More than this many arenas idle on one thread are the trace of a deep recursion, and not kept.
const MOST_IDLE: usize = 256;

/// The arenas of a thread that nobody uses.
struct Idle {
    /// The one that is taken first: without nesting, the only one.
    last: Cell<Option<BoxedArena>>,
    others: RefCell<Vec<BoxedArena>>,
}

std::thread_local! {
    static IDLE: Idle = const { Idle { last: Cell::new(None), others: RefCell::new(Vec::new()) } };
}

impl Idle {
    #[inline]
    fn take() -> BoxedArena {
        // On a thread that is ending there is no store any more.
        IDLE.try_with(|idle| idle.last.take()).ok().flatten().unwrap_or_else(Self::take_other)
    }

    #[cold]
    fn take_other() -> BoxedArena {
        // In use only within a hook of the heap, which this may have called.
        let other = IDLE.try_with(|idle| idle.others.try_borrow_mut().ok()?.pop()).ok().flatten();
        other.unwrap_or_else(|| AllocHandle::new(Arena::new_in(SystemAllocator), SystemAllocator))
    }

    #[inline]
    fn put(arena: BoxedArena) {
        // Without a store (see `take`) the arena is dropped here.
        let _ = IDLE.try_with(|idle| {
            if let Some(other) = idle.last.replace(Some(arena)) {
                idle.put_other(other);
            }
        });
    }

    #[cold]
    fn put_other(&self, arena: BoxedArena) {
        if let Ok(mut others) = self.others.try_borrow_mut()
            && others.len() < MOST_IDLE
            // Without room for it, it is dropped as one too many.
            && others.try_reserve(1).is_ok()
        {
            others.push(arena);
        }
    }
}

impl Scratch {
    /// A warm arena of this thread, or a new one.
    ///
    /// # Panics
    /// If there is no memory.
    #[inline]
    pub fn take() -> Self {
        Self { arena: Some(Idle::take()) }
    }

    /// As [`take`](Self::take), and at least `bytes` large.
    ///
    /// # Panics
    /// If there is no memory.
    #[inline]
    pub fn with_capacity(bytes: usize) -> Self {
        let mut arena = Idle::take();
        if arena.allocated_bytes() < bytes {
            *arena = Arena::with_capacity_in(bytes, SystemAllocator);
        }
        Self { arena: Some(arena) }
    }

    /// Its memory, all of it.
    ///
    /// # Panics
    /// Never: the arena is there until this is dropped.
    #[inline]
    pub fn scope(&mut self) -> FnArena<'_> {
        self.arena.as_mut().expect("there until dropped").scope()
    }
}

impl Drop for Scratch {
    #[inline]
    fn drop(&mut self) {
        if let Some(mut arena) = self.arena.take() {
            // What was allocated was a scope's and has ended with it; but the first chunk may be new.
            arena.reset();
            Idle::put(arena);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{IDLE, MOST_IDLE, Scratch};

    fn idle() -> usize {
        IDLE.with(|idle| {
            let last = idle.last.take();
            let count = usize::from(last.is_some()) + idle.others.borrow().len();
            idle.last.set(last);
            count
        })
    }

    #[test]
    fn arenas_are_reused_and_never_shared() {
        std::thread::spawn(|| {
            let mut first = Scratch::take();
            let place = core::ptr::from_mut(first.scope().alloc(1_u64)).addr();
            let mut second = Scratch::take();
            assert_ne!(place, core::ptr::from_mut(second.scope().alloc(1_u64)).addr());
            drop(second);
            drop(first);
            assert_eq!(idle(), 2);
            let mut again = Scratch::take();
            assert_eq!(place, core::ptr::from_mut(again.scope().alloc(1_u64)).addr());
            assert_eq!(idle(), 1);
            drop(Scratch::take());
            assert_eq!(idle(), 1);
            drop(again);
            assert_eq!(idle(), 2);
        })
        .join()
        .unwrap();
    }

    #[test]
    fn a_deep_recursion_leaves_a_bounded_store() {
        fn descend(depth: usize) {
            let mut scratch = Scratch::take();
            scratch.scope().alloc(depth);
            if depth > 0 {
                descend(depth - 1);
            }
        }
        std::thread::spawn(|| {
            descend(MOST_IDLE + 40);
            assert_eq!(idle(), MOST_IDLE + 1);
        })
        .join()
        .unwrap();
    }

    #[test]
    fn a_capacity_is_had_at_once() {
        let mut scratch = Scratch::with_capacity(100_000);
        let bytes = scratch.arena.as_ref().unwrap().allocated_bytes();
        scratch.scope().alloc_slice_fill_with(100_000, |_| 1_u8);
        assert!(bytes >= 100_000 && scratch.arena.as_ref().unwrap().allocated_bytes() == bytes);
    }
}
