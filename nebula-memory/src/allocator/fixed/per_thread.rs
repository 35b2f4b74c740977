//! The pools of a type that has one for each thread, and the handles of their slots.
//!
//! A slot is reachable for as long as its box, which may be dropped by a thread-local variable that ends after the pool's,
//! or be leaked and read by other threads when its own has ended. So a pool does not lie in thread-local memory: it is
//! on the heap, and freed by the last of its counted references, of which one is the thread's and one each handle's.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a slot used after its pool was freed | every handle counts; a leaked handle keeps the pool for ever |
//! | two threads that use one pool, or its count | references are `!Send` and `!Sync` (a `NonNull`); the `LocalKey` gives each thread its own |
//! | a count that wraps | one more than the largest is an error |
//! | a pool freed while it is used | what frees is the drop of the last reference; every use borrows one |
//! | a pool that is made on a stack too small for it | it is made in place, of zeroed memory |

use core::alloc::Layout;
use core::cell::{Cell, OnceCell};
use core::fmt;
use core::ptr::{self, NonNull};
use std::thread::LocalKey;

use super::inline::{InitPool, InlineHandle, InlineSlots};
use super::{CountsSlots, FixedPoolStats, OrHeap, PoolHandle, Pooled};
use crate::allocator::{Allocator, SystemAllocator};
use crate::error::{AllocError, AllocErrorCode, AllocatorKind};

/// A pool and how many references there are to it, which is written with what the pool writes most.
#[repr(C)]
struct Block<P> {
    references: Cell<usize>,
    pool: P,
}

/// A counted reference to the pool of one thread, which stays there.
///
/// Invariant: the block is alive, and `references` counts this one.
pub struct PoolRc<P>(NonNull<Block<P>>);

impl<P: InitPool> PoolRc<P> {
    #[cold]
    #[inline(never)]
    fn new() -> Result<Self, AllocError> {
        let block: NonNull<Block<P>> = SystemAllocator.allocate_zeroed(Layout::new::<Block<P>>())?.cast();
        // SAFETY: a field of memory for a block.
        let references = unsafe { &raw mut (*block.as_ptr()).references };
        // SAFETY: aligned and valid for writes, as all of the block is.
        unsafe { references.write(Cell::new(1)) };
        // SAFETY: a field of memory for a block.
        let pool = unsafe { &raw mut (*block.as_ptr()).pool };
        // SAFETY: aligned and valid for writes as well, zeroed, and ours alone.
        unsafe { P::init(pool) };
        Ok(Self(block))
    }
}

impl<P> PoolRc<P> {
    #[inline(always)]
    fn block(&self) -> &Block<P> {
        // SAFETY: the block is alive; it is changed through cells only.
        unsafe { self.0.as_ref() }
    }

    /// One more reference, unless there are as many as can be counted.
    #[inline(always)]
    fn again(&self) -> Option<Self> {
        let references = &self.block().references;
        references.set(references.get().checked_add(1)?);
        Some(Self(self.0))
    }

    #[cold]
    #[inline(never)]
    fn free(&self) {
        // SAFETY: a field of the block.
        let pool = unsafe { &raw mut (*self.0.as_ptr()).pool };
        // SAFETY: this was the last reference, so the pool is nobody else's, and not used after this.
        unsafe { ptr::drop_in_place(pool) };
        // SAFETY: allocated in `new` with this layout, and not used after this.
        unsafe { SystemAllocator.deallocate(self.0.cast(), Layout::new::<Block<P>>()) };
    }
}

impl<P> Drop for PoolRc<P> {
    #[inline]
    fn drop(&mut self) {
        let references = &self.block().references;
        let left = references.get() - 1;
        references.set(left);
        if left == 0 {
            self.free();
        }
    }
}

/// The variable behind a [`PerThread`]: the pool of one thread, when it has been used.
pub struct ThreadSlot<P>(OnceCell<PoolRc<P>>);

impl<P> ThreadSlot<P> {
    /// No pool yet.
    #[expect(clippy::new_without_default, reason = "for a `const` in generated code")]
    pub const fn new() -> Self {
        Self(OnceCell::new())
    }
}

impl<P: InitPool> ThreadSlot<P> {
    /// The pool, which is made if there is none yet.
    fn get(&self) -> Result<PoolRc<P>, AllocError> {
        let pool = if let Some(pool) = self.0.get() {
            pool
        } else {
            let pool = PoolRc::new()?;
            self.0.get_or_init(|| pool)
        };
        pool.again().ok_or_else(|| AllocError::capacity_overflow(AllocatorKind::FixedPool))
    }
}

/// The pools of a type with `#[pooled(threading = local)]`, one of each thread that uses the type: what [`Pooled::pool`]
/// returns. What it tells is about the pool of the calling thread.
///
/// A thread's pool is made when the thread first asks for a slot, and freed when the thread has ended and nothing is in
/// it any more.
pub struct PerThread<P: 'static> {
    key: &'static LocalKey<ThreadSlot<P>>,
}

impl<P: InitPool> PerThread<P> {
    /// The bytes from one slot to the next.
    pub const SLOT_SIZE: usize = P::SLOT_SIZE;
    /// The size of the pool of one thread.
    #[doc(hidden)]
    pub const POOL_BYTES: usize = size_of::<P>();

    /// The pools behind a `thread_local!`.
    #[doc(hidden)]
    pub const fn new(key: &'static LocalKey<ThreadSlot<P>>) -> Self {
        Self { key }
    }

    /// What `ask` says of the pool of this thread; nothing if the thread has none, or is ending.
    fn ask<R>(&self, ask: impl FnOnce(&P) -> R) -> Option<R> {
        self.key.try_with(|slot| slot.0.get().map(|pool| ask(&pool.block().pool))).ok().flatten()
    }

    /// How many slots the pool of each thread has.
    pub const fn capacity(&self) -> usize {
        P::CAPACITY
    }

    /// How many slots of this thread's pool are free.
    pub fn available(&self) -> usize {
        self.ask(P::available).unwrap_or(P::CAPACITY)
    }

    /// How many slots of this thread's pool are in use.
    pub fn in_use(&self) -> usize {
        P::CAPACITY - self.available()
    }
}

impl<P: InitPool + CountsSlots> PerThread<P> {
    /// What the pool of this thread has counted; nothing if the thread has none, or is ending.
    pub fn stats(&self) -> FixedPoolStats {
        self.ask(P::stats)
            .unwrap_or_else(|| FixedPoolStats { capacity: P::CAPACITY, ..FixedPoolStats::default() })
    }
}

impl<P: InitPool> fmt::Debug for PerThread<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PerThread").field("capacity", &P::CAPACITY).field("in_use", &self.in_use()).finish()
    }
}

mod sealed {
    pub trait Sealed {}
    impl<P> Sealed for super::PerThread<P> {}
}

/// Pools of which each thread has one: [`PerThread`].
#[diagnostic::on_unimplemented(
    message = "the pool is one for all threads",
    note = "each thread has its own with `#[pooled(threading = local)]`"
)]
pub trait ThreadPools: sealed::Sealed {
    /// The pool of one thread.
    type Pool: InitPool + 'static;

    /// The pool of this thread, if it has one.
    #[doc(hidden)]
    fn at_hand(&self) -> Option<PoolRc<Self::Pool>>;

    /// The same, and makes it; or why there is none.
    #[doc(hidden)]
    fn make(&self) -> Result<PoolRc<Self::Pool>, AllocError>;
}

impl<P: InitPool + 'static> ThreadPools for PerThread<P> {
    type Pool = P;

    // An error is large: a result that may hold one would go through memory, twice.
    #[inline(always)]
    fn at_hand(&self) -> Option<PoolRc<P>> {
        self.key.try_with(|slot| slot.0.get()?.again()).ok()?
    }

    #[cold]
    #[inline(never)]
    fn make(&self) -> Result<PoolRc<P>, AllocError> {
        let ended =
            |_| AllocError::of_pool(AllocErrorCode::PoolClosed).with_allocator(AllocatorKind::FixedPool);
        self.key.try_with(ThreadSlot::get).map_err(ended)?
    }
}

/// The pool that a type has on one thread, as a handle: where the values of `#[pooled(threading = local)]` go back to.
///
/// It keeps the pool, and stays on its thread, as do its boxes. A leaked box keeps the memory of the pool of its thread
/// when the thread has ended.
///
/// ```
/// # #[cfg(feature = "macros")] {
/// use std::rc::Rc;
/// use nebula_memory::{LocalPool, PoolBox, Pooled};
///
/// #[derive(Pooled)]
/// #[pooled(capacity = 64, threading = local)]
/// struct Event {
///     name: Rc<str>,
/// }
///
/// let event: PoolBox<Event, LocalPool<Event>> = Event::acquire()?.name("start".into()).finish();
/// assert_eq!((&*event.name, Event::pool().in_use()), ("start", 1));
/// std::thread::spawn(|| assert_eq!(Event::pool().in_use(), 0)).join().unwrap();
/// # }
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
pub struct LocalPool<T: Pooled>(PoolRc<<T::Pool as ThreadPools>::Pool>)
where
    T::Pool: ThreadPools;

impl<T: Pooled> LocalPool<T>
where
    T::Pool: ThreadPools,
{
    /// The pool of this thread.
    ///
    /// # Errors
    /// There is no memory for it, or the thread is ending and its pool has ended
    /// ([`PoolClosed`](AllocErrorCode::PoolClosed)).
    #[inline]
    pub fn current() -> Result<Self, AllocError> {
        match T::pool().at_hand() {
            Some(pool) => Ok(Self(pool)),
            None => Ok(Self(T::pool().make()?)),
        }
    }
}

// SAFETY: the handle keeps the pool, which is on the heap and stays there, and and whose slots are valid for that long.
unsafe impl<T: Pooled> PoolHandle for LocalPool<T>
where
    T::Pool: ThreadPools<Pool: InlineSlots<Item = T>>,
{
    type Item = T;

    #[inline(always)]
    fn acquire_raw(&self) -> Result<NonNull<T>, AllocError> {
        self.0.block().pool.take_slot()
    }

    #[inline(always)]
    unsafe fn release_raw(&self, slot: NonNull<T>) {
        // SAFETY: the caller's promise; the slot is from this pool.
        unsafe { self.0.block().pool.put_slot_back(slot) };
    }

    #[inline(always)]
    unsafe fn end(&self, slot: NonNull<T>) {
        // SAFETY: the caller's promise; the slot is from this pool.
        unsafe { self.0.block().pool.end(slot) };
    }

    #[inline(always)]
    fn on_acquire(&self, value: &mut T) {
        T::acquired(value);
    }

    #[inline(always)]
    fn on_release(&self, value: &mut T) {
        T::releasing(value);
    }
}

// SAFETY: the handle is of one pool, and keeps it.
unsafe impl<T: Pooled> InlineHandle for LocalPool<T>
where
    T::Pool: ThreadPools<Pool: InlineSlots<Item = T>>,
{
    type Pool = <T::Pool as ThreadPools>::Pool;

    #[inline(always)]
    fn pool(&self) -> &Self::Pool {
        &self.0.block().pool
    }
}

impl<T: Pooled> fmt::Debug for LocalPool<T>
where
    T::Pool: ThreadPools,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LocalPool")
    }
}

/// The pool that a type has on one thread, and the heap when that is exhausted: what `threading = local` with
/// `on_exhausted = heap` makes `acquire()` take from.
pub type LocalOrHeap<T> = OrHeap<LocalPool<T>>;

impl<T: Pooled> LocalOrHeap<T>
where
    T::Pool: ThreadPools,
{
    /// The pool of this thread, and the heap.
    ///
    /// # Errors
    /// As [`LocalPool::current`].
    #[inline]
    pub fn current() -> Result<Self, AllocError> {
        Ok(Self::with(LocalPool::current()?))
    }
}
