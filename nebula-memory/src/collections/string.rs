use core::borrow::Borrow;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::ops::{Deref, DerefMut};
use core::ptr::NonNull;

use super::{ArenaVec, or_panic};
#[cfg(feature = "alloc")]
use crate::Arena;
use crate::allocator::bump::{ArenaBox, BumpMemory};
use crate::error::AllocError;

/// Text that grows in an arena, a bump allocator, a stack, or in a scope of one: what std's `String` is on the heap.
///
/// An [`ArenaVec`] of bytes that are UTF-8. For text that is written at once there is `alloc_fmt` of the arena.
///
/// ```
/// use core::fmt::Write;
/// use nebula_memory::{Arena, ArenaString};
///
/// let arena = Arena::new();
/// let mut text = ArenaString::new_in(&arena);
/// for (number, name) in ["ada", "grace"].iter().enumerate() {
///     write!(text, "{number}={name};").unwrap();
/// }
/// let text: &str = text.into_str(); // a text of the arena
/// assert_eq!(text, "0=ada;1=grace;");
/// ```
pub struct ArenaString<
    'a,
    #[cfg(feature = "alloc")] B: BumpMemory = Arena,
    #[cfg(not(feature = "alloc"))] B: BumpMemory,
> {
    /// UTF-8.
    bytes: ArenaVec<'a, u8, B>,
}

impl<'a, B: BumpMemory> ArenaString<'a, B> {
    /// No text. Takes no memory.
    #[inline]
    pub const fn new_in(memory: &'a B) -> Self {
        Self { bytes: ArenaVec::new_in(memory) }
    }

    /// No text, with room for exactly `capacity` bytes.
    ///
    /// # Panics
    /// If there is no memory; see [`try_with_capacity_in`](Self::try_with_capacity_in).
    #[inline]
    #[track_caller]
    pub fn with_capacity_in(capacity: usize, memory: &'a B) -> Self {
        or_panic(Self::try_with_capacity_in(capacity, memory))
    }

    /// No text, with room for exactly `capacity` bytes.
    ///
    /// # Errors
    /// If there is no memory.
    #[inline]
    pub fn try_with_capacity_in(capacity: usize, memory: &'a B) -> Result<Self, AllocError> {
        Ok(Self { bytes: ArenaVec::try_with_capacity_in(capacity, memory)? })
    }

    /// A copy of a text.
    ///
    /// # Panics
    /// If there is no memory; see [`try_from_str_in`](Self::try_from_str_in).
    #[inline]
    #[track_caller]
    pub fn from_str_in(text: &str, memory: &'a B) -> Self {
        or_panic(Self::try_from_str_in(text, memory))
    }

    /// A copy of a text.
    ///
    /// # Errors
    /// If there is no memory.
    #[inline]
    pub fn try_from_str_in(text: &str, memory: &'a B) -> Result<Self, AllocError> {
        let mut string = Self::try_with_capacity_in(text.len(), memory)?;
        string.try_push_str(text)?;
        Ok(string)
    }

    /// The text that bytes are.
    ///
    /// # Errors
    /// If they are not UTF-8. The vector is dropped then: look first, by [`core::str::from_utf8`], to keep it.
    pub fn from_utf8(bytes: ArenaVec<'a, u8, B>) -> Result<Self, core::str::Utf8Error> {
        core::str::from_utf8(&bytes)?;
        Ok(Self { bytes })
    }

    /// The memory it stands in.
    pub fn memory(&self) -> &'a B {
        self.bytes.memory()
    }

    /// For how many bytes there is room.
    pub fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// The text.
    #[inline(always)]
    pub fn as_str(&self) -> &str {
        // SAFETY: the invariant.
        unsafe { core::str::from_utf8_unchecked(&self.bytes) }
    }

    /// The text.
    #[inline(always)]
    pub fn as_mut_str(&mut self) -> &mut str {
        // SAFETY: the invariant, which is kept by whoever changes a `str`.
        unsafe { core::str::from_utf8_unchecked_mut(&mut self.bytes) }
    }

    /// Adds text at the end.
    ///
    /// # Panics
    /// If there is no memory; see [`try_push_str`](Self::try_push_str).
    #[inline]
    #[track_caller]
    pub fn push_str(&mut self, text: &str) {
        or_panic(self.try_push_str(text));
    }

    /// Adds text at the end.
    ///
    /// # Errors
    /// If there is no memory. Nothing is changed then.
    #[inline]
    pub fn try_push_str(&mut self, text: &str) -> Result<(), AllocError> {
        self.bytes.try_extend_from_slice_copy(text.as_bytes())
    }

    /// Adds a character at the end.
    ///
    /// # Panics
    /// If there is no memory; see [`try_push`](Self::try_push).
    #[inline]
    #[track_caller]
    pub fn push(&mut self, character: char) {
        match u8::try_from(character) {
            Ok(byte) if byte.is_ascii() => self.bytes.push(byte),
            _ => self.push_str(character.encode_utf8(&mut [0; 4])),
        }
    }

    /// Adds a character at the end.
    ///
    /// # Errors
    /// If there is no memory. Nothing is changed then.
    #[inline]
    pub fn try_push(&mut self, character: char) -> Result<(), AllocError> {
        self.try_push_str(character.encode_utf8(&mut [0; 4]))
    }

    /// Takes the last character off.
    pub fn pop(&mut self) -> Option<char> {
        let last = self.chars().next_back()?;
        self.bytes.truncate(self.len() - last.len_utf8());
        Some(last)
    }

    /// Puts text before the byte at `index`. O(bytes behind).
    ///
    /// # Panics
    /// If a character does not begin there, or if there is no memory; see [`try_insert_str`](Self::try_insert_str).
    #[inline]
    #[track_caller]
    pub fn insert_str(&mut self, index: usize, text: &str) {
        or_panic(self.try_insert_str(index, text));
    }

    /// Puts text before the byte at `index`. O(bytes behind).
    ///
    /// # Errors
    /// If there is no memory. Nothing is changed then.
    ///
    /// # Panics
    /// If a character does not begin there.
    #[track_caller]
    pub fn try_insert_str(&mut self, index: usize, text: &str) -> Result<(), AllocError> {
        assert!(self.is_char_boundary(index), "no character begins at byte {index}");
        self.try_push_str(text)?;
        self.bytes[index..].rotate_right(text.len());
        Ok(())
    }

    /// Takes the character at `index` out. O(bytes behind).
    ///
    /// # Panics
    /// If none begins there.
    #[track_caller]
    pub fn remove(&mut self, index: usize) -> char {
        let Some(character) = self.get(index..).and_then(|rest| rest.chars().next()) else {
            panic!("no character begins at byte {index}");
        };
        self.bytes.drain(index..index + character.len_utf8());
        character
    }

    /// Keeps the first `len` bytes. Does nothing if there are no more.
    ///
    /// # Panics
    /// If that is in the middle of a character.
    #[track_caller]
    pub fn truncate(&mut self, len: usize) {
        if len < self.len() {
            assert!(self.is_char_boundary(len), "byte {len} is in the middle of a character");
            self.bytes.truncate(len);
        }
    }

    /// No text any more. Keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    /// Makes room for at least `additional` bytes more.
    ///
    /// # Panics
    /// If there is no memory; see [`try_reserve`](Self::try_reserve).
    #[inline]
    #[track_caller]
    pub fn reserve(&mut self, additional: usize) {
        self.bytes.reserve(additional);
    }

    /// Makes room for at least `additional` bytes more.
    ///
    /// # Errors
    /// If there is no memory, or the size overflows.
    #[inline]
    pub fn try_reserve(&mut self, additional: usize) -> Result<(), AllocError> {
        self.bytes.try_reserve(additional)
    }

    /// Gives back what room there is behind the text, if it is the last block of its memory; see
    /// [`ArenaVec::shrink_to_fit`].
    pub fn shrink_to_fit(&mut self) {
        self.bytes.shrink_to_fit();
    }

    /// The text as one of the arena. Copies nothing.
    #[inline]
    pub fn into_str(self) -> &'a mut str {
        let bytes = self.bytes.into_slice();
        // SAFETY: the invariant.
        unsafe { core::str::from_utf8_unchecked_mut(bytes) }
    }

    /// The text as an owned one of the arena. Copies nothing.
    #[inline]
    pub fn into_boxed_str(self) -> ArenaBox<'a, str> {
        // SAFETY: a text of the arena that nobody else has.
        unsafe { ArenaBox::from_raw(NonNull::from(self.into_str())) }
    }

    /// The bytes.
    #[inline]
    pub fn into_bytes(self) -> ArenaVec<'a, u8, B> {
        self.bytes
    }
}

/// Fails if there is no memory.
impl<B: BumpMemory> fmt::Write for ArenaString<'_, B> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.try_push_str(text).map_err(|_| fmt::Error)
    }

    #[inline]
    fn write_char(&mut self, character: char) -> fmt::Result {
        self.try_push(character).map_err(|_| fmt::Error)
    }
}

impl<B: BumpMemory> Deref for ArenaString<'_, B> {
    type Target = str;

    #[inline(always)]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl<B: BumpMemory> DerefMut for ArenaString<'_, B> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut str {
        self.as_mut_str()
    }
}

impl<B: BumpMemory> fmt::Display for ArenaString<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

impl<B: BumpMemory> fmt::Debug for ArenaString<'_, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// In the same memory. Panics if there is none.
impl<B: BumpMemory> Clone for ArenaString<'_, B> {
    #[track_caller]
    fn clone(&self) -> Self {
        Self { bytes: self.bytes.clone() }
    }
}

impl<B: BumpMemory, C: BumpMemory> PartialEq<ArenaString<'_, C>> for ArenaString<'_, B> {
    fn eq(&self, other: &ArenaString<'_, C>) -> bool {
        self.as_str() == other.as_str()
    }
}

impl<B: BumpMemory> Eq for ArenaString<'_, B> {}

impl<B: BumpMemory, C: BumpMemory> PartialOrd<ArenaString<'_, C>> for ArenaString<'_, B> {
    fn partial_cmp(&self, other: &ArenaString<'_, C>) -> Option<Ordering> {
        self.as_str().partial_cmp(other.as_str())
    }
}

impl<B: BumpMemory> Ord for ArenaString<'_, B> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl<B: BumpMemory> Hash for ArenaString<'_, B> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl<B: BumpMemory> PartialEq<str> for ArenaString<'_, B> {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl<B: BumpMemory> PartialEq<&str> for ArenaString<'_, B> {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl<B: BumpMemory> AsRef<str> for ArenaString<'_, B> {
    fn as_ref(&self) -> &str {
        self
    }
}

impl<B: BumpMemory> Borrow<str> for ArenaString<'_, B> {
    fn borrow(&self) -> &str {
        self
    }
}

/// Panics if there is no memory.
impl<B: BumpMemory> Extend<char> for ArenaString<'_, B> {
    #[track_caller]
    fn extend<I: IntoIterator<Item = char>>(&mut self, characters: I) {
        for character in characters {
            self.push(character);
        }
    }
}

/// Panics if there is no memory.
impl<'t, B: BumpMemory> Extend<&'t str> for ArenaString<'_, B> {
    #[track_caller]
    fn extend<I: IntoIterator<Item = &'t str>>(&mut self, texts: I) {
        for text in texts {
            self.push_str(text);
        }
    }
}
