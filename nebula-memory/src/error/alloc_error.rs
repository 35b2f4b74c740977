use core::alloc::Layout;
use core::fmt;
use core::num::NonZero;
use core::ptr::NonNull;

use super::{AllocErrorCode, Trail};

/// Which kind of allocator an [`AllocError`] comes from.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AllocatorKind {
    /// The global heap.
    System,
    /// A [`BumpAllocator`](crate::BumpAllocator) or one of its scopes.
    Bump,
    /// An arena or one of its scopes.
    Arena,
    /// A stack of blocks and frames.
    Stack,
    /// A [`FixedPool`](crate::FixedPool).
    FixedPool,
    /// A growing pool of equal blocks.
    BlockPool,
    /// A pool of objects that are used again.
    ObjectPool,
    /// A cache.
    Cache,
    /// An allocator with a budget, or the budget itself.
    Budgeted,
    /// An allocator that guards its blocks against stray writes.
    Poisoned,
    /// An allocator of yours.
    Custom,
}

impl AllocatorKind {
    /// The name used in messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Bump => "bump",
            Self::Arena => "arena",
            Self::Stack => "stack",
            Self::FixedPool => "pool",
            Self::BlockPool => "block pool",
            Self::ObjectPool => "object pool",
            Self::Cache => "cache",
            Self::Budgeted => "budget",
            Self::Poisoned => "poisoned",
            Self::Custom => "custom",
        }
    }

    /// What this kind counts its room in, one of it.
    pub(super) const fn unit(self) -> &'static str {
        match self {
            Self::FixedPool => "slot",
            Self::BlockPool => "block",
            Self::ObjectPool => "object",
            _ => "byte",
        }
    }
}

/// Why memory could not be had.
///
/// Small, `Copy` and without heap memory of its own, so that it can be made when there is none left;
/// built on cold paths only. `{}` prints the whole story over several lines, `{:#}` adds the scopes it
/// happened in.
///
/// ```
/// use nebula_memory::{AllocErrorCode, BumpAllocator};
///
/// let block = BumpAllocator::new(64);
/// let error = block.try_alloc([0_u8; 100]).unwrap_err();
/// assert_eq!(error.code(), AllocErrorCode::OutOfMemory);
/// assert_eq!(error.layout().unwrap().size(), 100);
/// assert!(error.to_string().contains("Allocator: bump (64 bytes, 64 available)"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct AllocError {
    pub(super) code: AllocErrorCode,
    pub(super) allocator: AllocatorKind,
    layout: Option<Layout>,
    /// Whether the allocator told how much it held: an `Option` around the next field would be a word more.
    told: bool,
    state: AllocatorState,
    /// The address of the block that the error is about.
    block: Option<NonZero<usize>>,
    /// What a pool holds.
    of: Option<TypeName>,
    pub(super) trail: Trail,
}

/// The name of a type, in one word.
#[derive(Clone, Copy)]
struct TypeName(fn() -> &'static str);

/// Where a function is says nothing: that of one type may be in two places, and those of two types in one.
impl PartialEq for TypeName {
    fn eq(&self, other: &Self) -> bool {
        self.0() == other.0()
    }
}

impl Eq for TypeName {}

/// What a fallible allocation answers.
pub type AllocResult<T> = Result<T, AllocError>;

/// How much an allocator held, and how much of that was free, when it failed: bytes, or slots or blocks for a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AllocatorState {
    /// In all.
    pub capacity: usize,
    /// What was free of it.
    pub available: usize,
}

impl AllocError {
    /// The memory for `layout` is not there.
    #[cold]
    pub fn out_of_memory(allocator: AllocatorKind, layout: Layout) -> Self {
        Self::new(AllocErrorCode::OutOfMemory, allocator, Some(layout))
    }

    /// The size asked for overflows; there is no layout to tell of.
    #[cold]
    pub fn capacity_overflow(allocator: AllocatorKind) -> Self {
        Self::new(AllocErrorCode::CapacityOverflow, allocator, None)
    }

    /// All `capacity` slots of a pool of `layout` are in use.
    #[cold]
    pub fn pool_exhausted(layout: Layout, capacity: usize) -> Self {
        Self::new(AllocErrorCode::PoolExhausted, AllocatorKind::FixedPool, Some(layout))
            .with_room(capacity, 0)
    }

    /// A pool of objects gave none.
    #[cold]
    #[cfg(feature = "std")]
    pub(crate) fn of_pool(code: AllocErrorCode) -> Self {
        Self::new(code, AllocatorKind::ObjectPool, None)
    }

    /// A cache has no value.
    #[cold]
    #[cfg(all(feature = "cache", feature = "std"))]
    pub(crate) fn of_cache(code: AllocErrorCode) -> Self {
        Self::new(code, AllocatorKind::Cache, None)
    }

    /// The allocator was not made for this size or alignment.
    #[cold]
    pub fn invalid_layout(allocator: AllocatorKind, layout: Layout) -> Self {
        Self::new(AllocErrorCode::InvalidLayout, allocator, Some(layout))
    }

    /// The allocator cannot be made with the options it was given; `layout` is what it was to begin with.
    #[cold]
    pub fn invalid_options(allocator: AllocatorKind, layout: Layout) -> Self {
        Self::new(AllocErrorCode::InvalidOptions, allocator, Some(layout))
    }

    /// A budget of `limit` bytes of which `available` are left does not allow `layout`.
    #[cold]
    pub fn budget_exceeded(layout: Layout, limit: usize, available: usize) -> Self {
        Self::new(AllocErrorCode::BudgetExceeded, AllocatorKind::Budgeted, Some(layout))
            .with_room(limit, available)
    }

    /// A block or frame at `block` was given back out of order.
    #[cold]
    pub fn lifo_violation(allocator: AllocatorKind, block: NonNull<u8>) -> Self {
        Self::new(AllocErrorCode::LifoViolation, allocator, None).with_block(block)
    }

    /// The block at `block` was given back twice.
    #[cold]
    pub fn double_free(allocator: AllocatorKind, block: NonNull<u8>) -> Self {
        Self::new(AllocErrorCode::DoubleFree, allocator, None).with_block(block)
    }

    /// What was given back at `block` is not the allocator's.
    #[cold]
    pub fn foreign_pointer(allocator: AllocatorKind, block: NonNull<u8>) -> Self {
        Self::new(AllocErrorCode::ForeignPointer, allocator, None).with_block(block)
    }

    /// Memory around the block at `block`, or in it after it was freed, was overwritten.
    #[cold]
    pub fn corruption(allocator: AllocatorKind, block: NonNull<u8>) -> Self {
        Self::new(AllocErrorCode::Corruption, allocator, None).with_block(block)
    }

    /// Says which kind of allocator could not give.
    #[cold]
    pub fn with_allocator(self, allocator: AllocatorKind) -> Self {
        Self { allocator, ..self }
    }

    /// Adds the layout asked for, or that of the block the error is about.
    #[inline]
    pub fn with_layout(self, layout: Layout) -> Self {
        Self { layout: Some(layout), ..self }
    }

    /// Adds the block that the error is about.
    #[cold]
    pub fn with_block(self, block: NonNull<u8>) -> Self {
        Self { block: Some(block.addr()), ..self }
    }

    /// Adds how much the allocator holds and how much of that was free: bytes, or slots for a pool.
    #[cold]
    pub fn with_room(self, capacity: usize, available: usize) -> Self {
        Self { told: true, state: AllocatorState { capacity, available }, ..self }
    }

    /// Adds the type of what the allocator holds.
    ///
    /// ```
    /// use nebula_memory::FixedPool;
    ///
    /// struct Request;
    ///
    /// let pool = FixedPool::<Request, 1>::new();
    /// let taken = pool.acquire()?;
    /// let error = pool.acquire().unwrap_err();
    /// assert!(error.type_name().unwrap().ends_with("Request"));
    /// assert!(error.to_string().contains("Request` (1 slot, 0 available)"));
    /// # Ok::<(), nebula_memory::AllocError>(())
    /// ```
    #[cold]
    pub fn with_type<T>(self) -> Self {
        Self { of: Some(TypeName(core::any::type_name::<T>)), ..self }
    }

    fn new(code: AllocErrorCode, allocator: AllocatorKind, layout: Option<Layout>) -> Self {
        #[cfg(all(target_has_atomic = "ptr", not(loom)))]
        super::counts::count(code);
        let state = AllocatorState { capacity: 0, available: 0 };
        Self { code, allocator, layout, told: false, state, block: None, of: None, trail: Trail::here() }
    }

    /// What went wrong.
    pub const fn code(&self) -> AllocErrorCode {
        self.code
    }

    /// The kind of allocator that could not give.
    pub const fn allocator(&self) -> AllocatorKind {
        self.allocator
    }

    /// Size and alignment asked for, unless the size itself overflowed.
    pub const fn layout(&self) -> Option<Layout> {
        self.layout
    }

    /// How much the allocator held in all: bytes, or slots for a pool.
    pub fn capacity(&self) -> Option<usize> {
        self.state().map(|state| state.capacity)
    }

    /// How much of that was free: bytes, or slots for a pool.
    pub fn available(&self) -> Option<usize> {
        self.state().map(|state| state.available)
    }

    /// The address of the block that the error is about, if it is about one.
    pub const fn block_address(&self) -> Option<NonZero<usize>> {
        self.block
    }

    /// What to do about it.
    pub const fn suggestion(&self) -> &'static str {
        if self.is_larger_than_all() {
            return "Give the allocator more capacity: this is more than it has when it is empty";
        }
        self.code.suggestion()
    }

    /// Whether the same request may succeed later, once memory was given back.
    pub const fn is_retryable(&self) -> bool {
        self.code.is_retryable() && !self.is_larger_than_all()
    }

    /// Whether a block of fixed size, or a limit, would not do even if nothing were in use.
    const fn is_larger_than_all(&self) -> bool {
        let fixed = matches!(self.allocator, AllocatorKind::Bump | AllocatorKind::Stack)
            || matches!(self.code, AllocErrorCode::BudgetExceeded);
        match (self.state(), &self.layout) {
            (Some(state), Some(layout)) => fixed && layout.size() > state.capacity,
            _ => false,
        }
    }

    /// How much the allocator held and had free, if it told.
    pub const fn state(&self) -> Option<AllocatorState> {
        if self.told { Some(self.state) } else { None }
    }

    /// The type of what the allocator holds, if it is a pool for values of one type. For people to read: the name is not
    /// the same in each version of the compiler.
    pub fn type_name(&self) -> Option<&'static str> {
        self.of.map(|name| name.0())
    }
}

/// The whole story, as `{:#}`: it is what `unwrap` and an error returned from `main` print.
impl fmt::Debug for AllocError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:#}")
    }
}

impl core::error::Error for AllocError {}

/// What the allocating methods without `try_` do when there is no memory.
///
/// # Panics
/// Always, with the error's whole story.
#[cold]
#[inline(never)]
#[track_caller]
pub(crate) fn out_of_memory(error: AllocError) -> ! {
    panic!("{error:#}")
}

// The error travels in every `Result` of the crate.
const _: () = assert!(size_of::<AllocError>() <= size_of::<[usize; 8]>());
