use alloc_crate::vec::{self, Vec};
use core::alloc::Layout;
use core::cell::UnsafeCell;
use core::fmt;

use crate::error::{self, AllocError, AllocatorKind};

/// Values of one type that live as long as the arena, and are dropped with it.
///
/// Allocating is a push to a vector that never moves: when it is full, the next one is twice as large. Values may
/// refer to each other, also in circles. For values of several types, one arena for each is faster than an arena that
/// keeps a list of destructors.
///
/// ```
/// use core::cell::Cell;
/// use nebula_memory::TypedArena;
///
/// struct Person<'a> {
///     name: String, // dropped with the arena
///     friend: Cell<Option<&'a Person<'a>>>,
/// }
///
/// let people = TypedArena::new();
/// let ada = people.alloc(Person { name: "Ada".into(), friend: Cell::new(None) });
/// let grace = people.alloc(Person { name: "Grace".into(), friend: Cell::new(Some(ada)) });
/// ada.friend.set(Some(grace));
/// assert_eq!(grace.friend.get().unwrap().friend.get().unwrap().name, "Grace");
/// ```
///
/// Any type will do: of size zero, or aligned to a page. Belongs to one thread at a time; [`Send`] if `T` is.
pub struct TypedArena<T> {
    /// Vectors that have been filled, in the order of allocation. Never shorter again before `&mut` access.
    full: UnsafeCell<Vec<Vec<T>>>,
    /// The vector that is being filled, within its capacity: its values never move.
    ///
    /// Dropping is the vectors' business. A `Drop` of our own would forbid values that refer to each other.
    last: UnsafeCell<Vec<T>>,
}

/// The bytes of the first vector.
const FIRST: usize = 1024;
/// Doubling ends here.
const LARGEST: usize = 1 << 20;

impl<T> TypedArena<T> {
    /// An empty arena. Allocates nothing until it is used.
    pub const fn new() -> Self {
        Self { full: UnsafeCell::new(Vec::new()), last: UnsafeCell::new(Vec::new()) }
    }

    /// An arena with room for `values` values.
    ///
    /// # Panics
    /// If there is no memory; see [`try_with_capacity`](Self::try_with_capacity).
    #[track_caller]
    pub fn with_capacity(values: usize) -> Self {
        Self::try_with_capacity(values).unwrap_or_else(|error| error::out_of_memory(error))
    }

    /// An arena with room for `values` values.
    ///
    /// # Errors
    /// If the heap refuses, or the size overflows.
    pub fn try_with_capacity(values: usize) -> Result<Self, AllocError> {
        let mut last = Vec::new();
        last.try_reserve_exact(values).map_err(|_| refused::<T>(values))?;
        Ok(Self { full: UnsafeCell::new(Vec::new()), last: UnsafeCell::new(last) })
    }

    /// Puts a value in the arena. Amortised O(1).
    ///
    /// # Panics
    /// If there is no memory; see [`try_alloc`](Self::try_alloc).
    #[inline]
    #[track_caller]
    #[expect(clippy::mut_from_ref, reason = "each call returns memory that nobody else has")]
    pub fn alloc(&self, value: T) -> &mut T {
        // SAFETY: not shared between threads, and no reference to the vector outlives a method.
        let mut last = unsafe { &mut *self.last.get() };
        if last.len() == last.capacity() {
            // SAFETY: as above; the one before is not used any more.
            last = unsafe { &mut *self.start_another(1) };
        }
        let len = last.len();
        // SAFETY: below the capacity.
        let slot = unsafe { last.as_mut_ptr().add(len) };
        // SAFETY: as above.
        unsafe { slot.write(value) };
        // SAFETY: just written.
        unsafe { last.set_len(len + 1) };
        // SAFETY: the value stays there as long as the arena is borrowed, and nobody else gets a reference to it: what
        // others do with the vector meanwhile goes through its pointer, and not to this element.
        unsafe { &mut *slot }
    }

    /// Puts a value in the arena. Amortised O(1).
    ///
    /// # Errors
    /// If there is no memory; the value is dropped then.
    #[inline]
    pub fn try_alloc(&self, value: T) -> Result<&mut T, AllocError> {
        self.try_reserve(1)?;
        Ok(self.alloc(value))
    }

    /// Puts what an iterator yields in the arena, as one slice. The iterator may allocate here too.
    ///
    /// # Panics
    /// If there is no memory; see [`try_alloc_extend`](Self::try_alloc_extend).
    #[track_caller]
    pub fn alloc_extend(&self, values: impl IntoIterator<Item = T>) -> &mut [T] {
        self.try_alloc_extend(values).unwrap_or_else(|error| error::out_of_memory(error))
    }

    /// Puts what an iterator yields in the arena, as one slice. The iterator may allocate here too.
    ///
    /// # Errors
    /// If there is no memory; what was yielded is dropped then.
    #[expect(clippy::mut_from_ref, reason = "each call returns memory that nobody else has")]
    pub fn try_alloc_extend(&self, values: impl IntoIterator<Item = T>) -> Result<&mut [T], AllocError> {
        // Collected elsewhere first: while the iterator runs, this arena is not ours alone.
        let mut values = collect(values.into_iter())?;
        self.try_reserve(values.len())?;
        // SAFETY: not shared between threads, and no reference to the vector outlives a method.
        let last = unsafe { &mut *self.last.get() };
        let (start, len) = (last.len(), values.len());
        // Within the capacity, so that nothing moves.
        last.append(&mut values);
        // SAFETY: within the vector.
        let slots = unsafe { last.as_mut_ptr().add(start) };
        // SAFETY: the values stay there as long as the arena is borrowed, and nobody else gets a reference to them.
        Ok(unsafe { core::slice::from_raw_parts_mut(slots, len) })
    }

    /// A vector with room for `values` more, in place of the last one, which is full.
    #[cold]
    #[inline(never)]
    fn try_start_another(&self, values: usize) -> Result<*mut Vec<T>, AllocError> {
        // SAFETY: not shared between threads, and no reference to the vectors outlives a method.
        let full = unsafe { &mut *self.full.get() };
        // SAFETY: as above.
        let last = unsafe { &mut *self.last.get() };
        let bytes = last.capacity().saturating_mul(size_of::<T>().saturating_mul(2)).clamp(FIRST, LARGEST);
        let capacity = (bytes / size_of::<T>().max(1)).max(values).max(1);
        let mut next = Vec::new();
        next.try_reserve_exact(capacity).map_err(|_| refused::<T>(capacity))?;
        // Before the last one is moved: values that are borrowed must not be dropped if this fails.
        full.try_reserve(1).map_err(|_| refused::<Vec<T>>(full.len() + 1))?;
        full.push(core::mem::replace(last, next));
        Ok(last)
    }

    #[track_caller]
    fn start_another(&self, values: usize) -> *mut Vec<T> {
        match self.try_start_another(values) {
            Ok(last) => last,
            Err(error) => error::out_of_memory(error),
        }
    }

    /// Makes sure that the next `values` values need no more memory.
    ///
    /// # Errors
    /// If the heap refuses, or the size overflows.
    pub fn try_reserve(&self, values: usize) -> Result<(), AllocError> {
        // SAFETY: not shared between threads, and no reference to the vector outlives a method.
        let last = unsafe { &*self.last.get() };
        if last.capacity() - last.len() < values {
            self.try_start_another(values)?;
        }
        Ok(())
    }

    /// How many values there are. O(log values).
    pub fn len(&self) -> usize {
        // SAFETY: not shared between threads, and nothing else happens meanwhile.
        let full = unsafe { &*self.full.get() };
        // SAFETY: as above.
        let last = unsafe { &*self.last.get() };
        full.iter().map(Vec::len).sum::<usize>() + last.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All values in the order in which they were allocated.
    pub fn iter_mut(&mut self) -> IterMut<'_, T> {
        IterMut {
            vectors: self.full.get_mut().iter_mut(),
            current: [].iter_mut(),
            last: self.last.get_mut().iter_mut(),
        }
    }

    /// Drops all values and keeps the newest vector.
    pub fn clear(&mut self) {
        self.full.get_mut().clear();
        self.last.get_mut().clear();
    }

    /// All values in the order in which they were allocated.
    ///
    /// # Panics
    /// If there is no memory for all of them in one place; they are dropped then.
    #[track_caller]
    pub fn into_vec(self) -> Vec<T> {
        let len = self.len();
        let mut vectors = self.full.into_inner().into_iter().chain([self.last.into_inner()]);
        let mut all = vectors.next().unwrap_or_default();
        if all.try_reserve(len - all.len()).is_err() {
            error::out_of_memory(refused::<T>(len));
        }
        for mut vector in vectors {
            all.append(&mut vector);
        }
        all
    }
}

/// There is no memory for so many values.
#[cold]
fn refused<T>(values: usize) -> AllocError {
    match Layout::array::<T>(values) {
        Ok(layout) => AllocError::out_of_memory(AllocatorKind::Arena, layout),
        Err(_) => AllocError::capacity_overflow(AllocatorKind::Arena),
    }
}

/// As `Iterator::collect`, which ends the process if there is no memory.
fn collect<T>(values: impl Iterator<Item = T>) -> Result<Vec<T>, AllocError> {
    let mut collected = Vec::new();
    let mut expected = values.size_hint().0;
    for value in values {
        if collected.len() == collected.capacity() {
            let more = expected.max(1);
            collected.try_reserve(more).map_err(|_| refused::<T>(collected.len().saturating_add(more)))?;
            expected = 1;
        }
        collected.push(value);
    }
    Ok(collected)
}

impl<T> Default for TypedArena<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> fmt::Debug for TypedArena<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedArena").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl<T> Extend<T> for TypedArena<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        for value in values {
            self.alloc(value);
        }
    }
}

impl<T> FromIterator<T> for TypedArena<T> {
    /// # Panics
    /// If there is no memory.
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let values = collect(values.into_iter()).unwrap_or_else(|error| error::out_of_memory(error));
        Self { full: UnsafeCell::new(Vec::new()), last: UnsafeCell::new(values) }
    }
}

impl<T> IntoIterator for TypedArena<T> {
    type Item = T;
    type IntoIter = vec::IntoIter<T>;

    fn into_iter(self) -> vec::IntoIter<T> {
        self.into_vec().into_iter()
    }
}

impl<'a, T> IntoIterator for &'a mut TypedArena<T> {
    type Item = &'a mut T;
    type IntoIter = IterMut<'a, T>;

    fn into_iter(self) -> IterMut<'a, T> {
        self.iter_mut()
    }
}

/// All values of a [`TypedArena`]; see [`TypedArena::iter_mut`].
#[derive(Debug)]
pub struct IterMut<'a, T> {
    vectors: core::slice::IterMut<'a, Vec<T>>,
    current: core::slice::IterMut<'a, T>,
    last: core::slice::IterMut<'a, T>,
}

impl<'a, T> Iterator for IterMut<'a, T> {
    type Item = &'a mut T;

    fn next(&mut self) -> Option<&'a mut T> {
        loop {
            if let Some(value) = self.current.next() {
                return Some(value);
            }
            match self.vectors.next() {
                Some(vector) => self.current = vector.iter_mut(),
                None => return self.last.next(),
            }
        }
    }
}
