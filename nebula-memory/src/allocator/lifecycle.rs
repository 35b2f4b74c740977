//! An allocator whose state is part of its type: not made yet, ready, or exhausted.
//!
//! For code that wants the compiler to see to the order: memory is taken when [`initialize`](Exclusive::initialize) is
//! called and not before; what is exhausted cannot be asked again; what can be reset has no live blocks. Nothing is checked
//! at run time, and the wrapper is as large as what is in it.
//!
//! | state | what it holds | methods |
//! | --- | --- | --- |
//! | [`Uninitialized`] | a closure that makes the allocator | `initialize` |
//! | [`Ready`] | the allocator | `allocate`, `try_allocate`, `allocator`, `into_exhausted` |
//! | [`Exhausted`] | the allocator and the error | `error`, `reset` |
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a block is used after a reset | blocks of `allocate` borrow the allocator, and a reset takes it by value; those of `try_allocate` are pointers |
//! | two blocks overlap | nothing but the allocator itself hands out its memory; it is lent by shared reference only |

use core::alloc::Layout;
use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr::NonNull;

use super::{Allocator, Resettable};
use crate::error::AllocError;

mod sealed {
    /// A state, and what an allocator `A` in that state is.
    pub trait State<A> {
        type Holds;
    }
}

/// There is no allocator yet, only the way to make one.
pub struct Uninitialized<F>(PhantomData<F>);

/// Memory can be allocated.
pub struct Ready(());

/// There was no memory: only a [reset](Exclusive::reset) helps.
pub struct Exhausted(());

impl<A, F: FnOnce() -> Result<A, AllocError>> sealed::State<A> for Uninitialized<F> {
    type Holds = F;
}

impl<A> sealed::State<A> for Ready {
    type Holds = A;
}

impl<A> sealed::State<A> for Exhausted {
    type Holds = (A, AllocError);
}

/// An allocator `A` in a state `S` that the compiler knows: see the [module](self).
///
/// ```
/// use core::alloc::Layout;
/// use nebula_memory::{BumpAllocator, Exclusive};
///
/// let planned = Exclusive::new(|| BumpAllocator::try_new(64)); // takes no memory
/// let memory = planned.initialize()?;
///
/// let block = memory.allocate(Layout::new::<[u64; 4]>())?;
/// assert_eq!(block.len(), 32);
/// let name = memory.allocator().alloc_str("all of its own methods");
/// assert_eq!(name.len(), 22);
///
/// let Err(error) = memory.allocate(Layout::new::<[u64; 4]>()) else { panic!("it was full") };
/// let exhausted = memory.into_exhausted(error); // `block` and `name` can't be used after this
/// assert_eq!(exhausted.error().available(), Some(10));
///
/// let memory = exhausted.reset();
/// assert!(memory.allocate(Layout::new::<[u64; 8]>()).is_ok());
/// # Ok::<(), nebula_memory::AllocError>(())
/// ```
///
/// What belongs to another state does not compile:
///
/// ```compile_fail,E0599
/// use core::alloc::Layout;
/// use nebula_memory::{BumpAllocator, Exclusive};
///
/// let planned = Exclusive::new(|| BumpAllocator::try_new(64));
/// planned.allocate(Layout::new::<u64>()); // not initialized
/// ```
#[must_use = "dropping it gives the memory back"]
pub struct Exclusive<A, S: sealed::State<A> = Ready> {
    holds: S::Holds,
}

impl<A, F: FnOnce() -> Result<A, AllocError>> Exclusive<A, Uninitialized<F>> {
    /// An allocator that `make` will make.
    pub const fn new(make: F) -> Self {
        Self { holds: make }
    }

    /// Makes the allocator.
    ///
    /// # Errors
    /// Those of the closure: there is no memory to begin with.
    pub fn initialize(self) -> Result<Exclusive<A>, AllocError> {
        (self.holds)().map(Exclusive::ready)
    }
}

impl<A> Exclusive<A> {
    /// An allocator that is there already.
    pub const fn ready(allocator: A) -> Self {
        Self { holds: allocator }
    }

    /// The allocator, for what it can do beside this. Its values borrow it, as those of [`allocate`](Self::allocate) do.
    pub const fn allocator(&self) -> &A {
        &self.holds
    }

    /// A block of at least `layout.size()` bytes, aligned to `layout.align()`, that lives until the allocator changes its
    /// state.
    ///
    /// The block itself is never given back: a reset frees it.
    ///
    /// # Errors
    /// If there is no such block; [`into_exhausted`](Self::into_exhausted) draws the conclusion.
    #[expect(clippy::mut_from_ref, reason = "each call returns memory that nobody else has")]
    pub fn allocate<'a>(&'a self, layout: Layout) -> Result<&'a mut [MaybeUninit<u8>], AllocError>
    where
        &'a A: Allocator,
    {
        let block = (&self.holds).allocate(layout)?;
        let bytes = NonNull::slice_from_raw_parts(block.cast::<MaybeUninit<u8>>(), block.len());
        // SAFETY: the whole block may be used, is handed to nobody else until it is given back, which nobody does, and is
        // valid for as long as `&'a A` is there: for `'a`.
        Ok(unsafe { &mut *bytes.as_ptr() })
    }

    /// A block and the allocator, or the allocator as it is now: [`Exhausted`].
    ///
    /// The block is a pointer, because it does not borrow the allocator, which moves. It is valid until the allocator is
    /// reset or dropped, if that keeps its memory elsewhere: on the heap, or in a buffer. Memory that is part of the
    /// allocator ([`Embedded`](crate::allocator::bump::Embedded)) moves with it, and only [`allocate`](Self::allocate) is of use.
    ///
    /// ```
    /// use core::alloc::Layout;
    /// use nebula_memory::{BumpAllocator, Exclusive};
    ///
    /// let mut memory = Exclusive::ready(BumpAllocator::new(100));
    /// let mut blocks = 0;
    /// let exhausted = loop {
    ///     match memory.try_allocate(Layout::new::<[u8; 30]>()) {
    ///         Ok((_block, ready)) => memory = ready,
    ///         Err(exhausted) => break exhausted,
    ///     }
    ///     blocks += 1;
    /// };
    /// assert_eq!(blocks, 3);
    /// assert!(exhausted.error().is_retryable());
    /// ```
    ///
    /// # Errors
    /// If there is no such block, with the [error](Exclusive::error) in it.
    #[expect(clippy::type_complexity, reason = "an alias would hide which state is which")]
    pub fn try_allocate(self, layout: Layout) -> Result<(NonNull<[u8]>, Self), Exclusive<A, Exhausted>>
    where
        for<'a> &'a A: Allocator,
    {
        let block = (&self.holds).allocate(layout);
        match block {
            Ok(block) => Ok((block, self)),
            Err(error) => Err(self.into_exhausted(error)),
        }
    }

    /// Takes `error` for an answer: nothing more is allocated.
    pub fn into_exhausted(self, error: AllocError) -> Exclusive<A, Exhausted> {
        Exclusive { holds: (self.holds, error) }
    }

    /// The allocator without its state.
    pub fn into_inner(self) -> A {
        self.holds
    }
}

impl<A> Exclusive<A, Exhausted> {
    /// Why there was no memory.
    pub const fn error(&self) -> AllocError {
        self.holds.1
    }

    /// Frees everything and goes on with the same memory.
    ///
    /// The heap, which cannot be reset, does not have this method:
    ///
    /// ```compile_fail,E0277
    /// use core::alloc::Layout;
    /// use nebula_memory::{Exclusive, SystemAllocator};
    ///
    /// if let Err(exhausted) = Exclusive::ready(SystemAllocator).try_allocate(Layout::new::<u64>()) {
    ///     exhausted.reset();
    /// }
    /// ```
    pub fn reset(self) -> Exclusive<A>
    where
        A: Resettable,
    {
        let mut allocator = self.holds.0;
        allocator.reset();
        Exclusive::ready(allocator)
    }

    /// The allocator without its state.
    pub fn into_inner(self) -> A {
        self.holds.0
    }
}

impl<A, F: FnOnce() -> Result<A, AllocError>> fmt::Debug for Exclusive<A, Uninitialized<F>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exclusive::Uninitialized")
    }
}

impl<A: fmt::Debug> fmt::Debug for Exclusive<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Exclusive::Ready").field(&self.holds).finish()
    }
}

impl<A: fmt::Debug> fmt::Debug for Exclusive<A, Exhausted> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Exclusive::Exhausted").field(&self.holds.0).field(&self.holds.1).finish()
    }
}
