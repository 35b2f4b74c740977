use core::alloc::Layout;
use core::fmt;
use core::ops::Deref;
use core::ptr::NonNull;
use std::borrow::Cow;
use std::time::Instant;

use super::sink::{surely_wants, tell, wants};
use super::{Level, LogSink, MemoryOperation, Operation};
use crate::allocator::interop::implement_api2;
use crate::allocator::{Allocator, Checkpoint, Independent, MemoryUsage, Owns, Resettable};
use crate::error::AllocError;
use crate::stats::{AllocatorStats, Gauge, Kind, Measure};
use crate::sync::{AtomicU32, Ordering};

/// An allocator, or something else with memory, that tells a [`LogSink`] what it does: see the [module](super).
///
/// Blocks are passed through as they are. How many bytes are in use is counted by a [`Gauge`], if the sink's type has room for
/// anything that says so.
///
/// Beside blocks: [`Resettable`] and [`Checkpoint`] are logged, and that the thing was made and dropped. Everything else is
/// there by [`Deref`], and is not logged: of an arena, log what it takes its chunks from.
///
/// ```
/// use std::sync::Mutex;
/// use nebula_memory::logging::{LogSink, Logged, MemoryOperation};
/// use nebula_memory::{Arena, SystemAllocator};
///
/// #[derive(Default)]
/// struct Lines(Mutex<Vec<&'static str>>);
///
/// impl LogSink for Lines {
///     fn log(&self, operation: &MemoryOperation<'_>) {
///         self.0.lock().unwrap().push(operation.operation.name());
///     }
/// }
///
/// let lines = Lines::default();
/// let arena: Arena<_> = Arena::new_in(Logged::new("chunks", SystemAllocator, &lines));
/// arena.alloc(7);
/// drop(arena);
/// assert_eq!(*lines.0.lock().unwrap(), ["create", "allocate", "deallocate", "destroy"]);
/// ```
pub struct Logged<T, S: LogSink> {
    inner: T,
    sink: S,
    name: Cow<'static, str>,
    kind: &'static str,
    in_use: Gauge,
    /// Of events about blocks, one in so many is told.
    sample_every: u32,
    passed: AtomicU32,
    /// More bytes than this are near to the capacity.
    warn_above: u64,
}

impl<T, S: LogSink> Logged<T, S> {
    /// Whether there can be an event that has the bytes in use in it, beside the last one.
    const COUNTS: bool = S::LEVEL as u8 >= Level::Warn as u8;

    /// `inner`, whose operations are told to `sink`, the first one being that there is such an allocator.
    pub fn new(name: impl Into<Cow<'static, str>>, inner: T, sink: S) -> Self {
        Self::of_type("allocator", name, inner, sink)
    }

    /// As [`new`](Self::new); `allocator_type` is what events say of what it is.
    pub fn of_type(
        allocator_type: &'static str,
        name: impl Into<Cow<'static, str>>,
        inner: T,
        sink: S,
    ) -> Self {
        let this = Self {
            inner,
            sink,
            name: name.into(),
            kind: allocator_type,
            in_use: Gauge::new(),
            sample_every: 1,
            passed: AtomicU32::new(0),
            warn_above: u64::MAX,
        };
        this.tell(Operation::Create, |operation| operation);
        this
    }

    /// Of blocks that are allocated, given back and resized, tells of one in `count` only. All others are still counted, and refused blocks
    /// all told.
    #[must_use]
    pub fn sampled(mut self, count: u32) -> Self {
        self.sample_every = count.max(1);
        self
    }

    /// Warns when more than `bytes` are in use: once each time that happens, when it is noticed, which is within 64 KiB for each thread.
    #[must_use]
    pub fn warn_above(mut self, bytes: u64) -> Self {
        self.warn_above = bytes;
        self
    }

    /// What is inside.
    pub const fn inner(&self) -> &T {
        &self.inner
    }

    /// What is inside, for who ends it.
    #[cfg(all(feature = "observe", not(loom)))]
    pub(crate) const fn inner_mut(&mut self) -> &mut T {
        &mut self.inner
    }

    /// The bytes in use in blocks that came from here; zero if the sink takes errors only, because then nobody counts.
    pub fn in_use(&self) -> u64 {
        self.in_use.get()
    }

    fn operation(&self, operation: Operation) -> MemoryOperation<'_> {
        MemoryOperation::new(&self.name, self.kind, operation)
    }

    #[inline(always)]
    fn tell<'a>(
        &'a self,
        operation: Operation,
        more: impl FnOnce(MemoryOperation<'a>) -> MemoryOperation<'a>,
    ) {
        // A block may have been given up before: nothing unwinds from here.
        if operation.level() <= S::LEVEL && surely_wants(&self.sink, operation.level()) {
            tell(&self.sink, &more(self.operation(operation)));
        }
    }

    /// When something begins that may be told of, if this one is.
    #[inline(always)]
    fn begin(&self) -> Option<Instant> {
        if wants(&self.sink, Level::Trace) { self.sample() } else { None }
    }

    #[cold]
    #[inline(never)]
    fn sample(&self) -> Option<Instant> {
        let passed = if self.sample_every > 1 { self.passed.fetch_add(1, Ordering::Relaxed) } else { 0 };
        passed.is_multiple_of(self.sample_every).then(Instant::now)
    }

    #[cold]
    #[inline(never)]
    fn end(&self, begin: Instant, operation: Operation, block: NonNull<u8>, size: usize) {
        let taken = begin.elapsed();
        let operation = self.operation(operation).with_size(size).with_duration(taken);
        tell(&self.sink, &operation.with_memory_used(self.in_use()).with_addr(block.addr().get()));
    }

    #[inline(always)]
    fn more(&self, bytes: usize) {
        if Self::COUNTS
            && let Some(level) = self.in_use.add_and_tell(bytes as u64)
        {
            self.look(level);
        }
    }

    #[inline(always)]
    fn less(&self, bytes: usize) {
        if Self::COUNTS {
            self.in_use.subtract(bytes as u64);
        }
    }

    /// The bytes in use have become more by a batch.
    #[cold]
    #[inline(never)]
    fn look(&self, (before, after): (u64, u64)) {
        if before <= self.warn_above && after > self.warn_above {
            self.tell(Operation::NearCapacity, |operation| operation.with_memory_used(after));
        }
    }

    #[inline(always)]
    fn got(
        &self,
        begin: Option<Instant>,
        operation: Operation,
        block: Result<NonNull<[u8]>, AllocError>,
        (old, new): (usize, usize),
    ) -> Result<NonNull<[u8]>, AllocError> {
        match block {
            Ok(memory) => {
                if new >= old {
                    self.more(new - old);
                } else {
                    self.less(old - new);
                }
                if let Some(begin) = begin {
                    self.end(begin, operation, memory.cast(), new);
                }
            }
            Err(_) => self.refused(new),
        }
        block
    }

    #[cold]
    #[inline(never)]
    fn refused(&self, size: usize) {
        let used = if Self::COUNTS { Some(self.in_use()) } else { None };
        self.tell(Operation::Refuse, |mut operation| {
            operation.memory_used = used;
            operation.with_size(size)
        });
    }
}

impl<T, S: LogSink> Drop for Logged<T, S> {
    fn drop(&mut self) {
        let used = self.in_use();
        self.tell(Operation::Destroy, |operation| operation.with_memory_used(used));
    }
}

impl<T, S: LogSink> Deref for Logged<T, S> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        &self.inner
    }
}

// SAFETY: everything is passed on as it is; sinks do not unwind through `tell`, nor do gauges.
unsafe impl<A: Allocator, S: LogSink> Allocator for Logged<A, S> {
    #[inline]
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        let begin = self.begin();
        self.got(begin, Operation::Allocate, self.inner.allocate(layout), (0, layout.size()))
    }

    #[inline]
    fn allocate_zeroed(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        let begin = self.begin();
        self.got(begin, Operation::Allocate, self.inner.allocate_zeroed(layout), (0, layout.size()))
    }

    #[inline]
    unsafe fn deallocate(&self, block: NonNull<u8>, layout: Layout) {
        let begin = self.begin();
        // SAFETY: the caller's promise.
        unsafe { self.inner.deallocate(block, layout) };
        self.less(layout.size());
        if let Some(begin) = begin {
            self.end(begin, Operation::Deallocate, block, layout.size());
        }
    }

    #[inline]
    unsafe fn grow(&self, block: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<[u8]>, AllocError> {
        let begin = self.begin();
        // SAFETY: the caller's promise.
        let grown = unsafe { self.inner.grow(block, old, new) };
        self.got(begin, Operation::Grow, grown, (old.size(), new.size()))
    }

    #[inline]
    unsafe fn grow_zeroed(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        let begin = self.begin();
        // SAFETY: the caller's promise.
        let grown = unsafe { self.inner.grow_zeroed(block, old, new) };
        self.got(begin, Operation::Grow, grown, (old.size(), new.size()))
    }

    #[inline]
    unsafe fn shrink(
        &self,
        block: NonNull<u8>,
        old: Layout,
        new: Layout,
    ) -> Result<NonNull<[u8]>, AllocError> {
        let begin = self.begin();
        // SAFETY: the caller's promise.
        let shrunk = unsafe { self.inner.shrink(block, old, new) };
        self.got(begin, Operation::Shrink, shrunk, (old.size(), new.size()))
    }
}

// SAFETY: the blocks are those of the allocator inside, and go back to it as they are.
unsafe impl<A: Owns, S: LogSink> Owns for Logged<A, S> {
    #[inline]
    fn owns(&self, block: NonNull<u8>, layout: Layout) -> bool {
        self.inner.owns(block, layout)
    }
}

// SAFETY: blocks are handed on where they are.
unsafe impl<A: Independent, S: LogSink> Independent for Logged<A, S> {}

implement_api2!([A: Allocator, S: LogSink] Logged<A, S>);

impl<T: Resettable, S: LogSink> Resettable for Logged<T, S> {
    fn reset(&mut self) {
        self.inner.reset();
        self.tell(Operation::Reset, |operation| operation);
    }
}

impl<T: Checkpoint, S: LogSink> Checkpoint for Logged<T, S> {
    type Mark = T::Mark;

    fn checkpoint(&self) -> T::Mark {
        let mark = self.inner.checkpoint();
        self.tell(Operation::Checkpoint, |operation| operation);
        mark
    }

    unsafe fn restore(&self, mark: T::Mark) {
        // SAFETY: the caller's promise.
        unsafe { self.inner.restore(mark) };
        self.tell(Operation::Restore, |operation| operation);
    }
}

impl<T: MemoryUsage, S: LogSink> MemoryUsage for Logged<T, S> {
    fn used(&self) -> usize {
        self.inner.used()
    }

    fn capacity(&self) -> usize {
        self.inner.capacity()
    }

    fn available(&self) -> Option<usize> {
        self.inner.available()
    }
}

impl<T: Measure, S: LogSink> Measure for Logged<T, S> {
    fn kind(&self) -> Kind {
        self.inner.kind()
    }

    fn measure(&self) -> AllocatorStats {
        self.inner.measure()
    }
}

impl<T: fmt::Debug, S: LogSink> fmt::Debug for Logged<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logged").field("name", &self.name).field("inner", &self.inner).finish_non_exhaustive()
    }
}
