//! Texts and keys of an arena in twelve bytes.
//!
//! A `&str` is sixteen bytes and would make a value twenty-four; with these a value is sixteen, and a third more records
//! fit in the cache.
//!
//! | what could break                            | what prevents it                                           |
//! | ------------------------------------------- | ---------------------------------------------------------- |
//! | the bytes are gone, or are written to       | `'s` is that of the reference the value was made from      |
//! | the length does not fit                     | checked when made                                          |
//! | the bytes of a text are not UTF-8           | a text is made from a `&str` only                          |

use std::{
    borrow::Borrow,
    hash::{Hash, Hasher},
    marker::PhantomData,
    ops::Deref,
    ptr::NonNull,
};

/// Some bytes of an arena.
#[derive(Clone, Copy)]
#[repr(C, packed(4))]
pub(crate) struct ShortBytes<'s> {
    start: NonNull<u8>,
    len: u32,
    bytes: PhantomData<&'s [u8]>,
}

/// A text of an arena.
#[derive(Clone, Copy)]
pub(crate) struct ShortText<'s>(ShortBytes<'s>);

const _: () = assert!(size_of::<ShortText<'_>>() <= 12);

impl<'s> ShortBytes<'s> {
    /// # Panics
    /// If there are more than 4 GiB; a CSV field is refused long before.
    #[inline]
    pub(super) fn new(bytes: &'s [u8]) -> Self {
        let len = u32::try_from(bytes.len()).expect("a text of more than 4 GiB");
        Self { start: NonNull::from(bytes).cast(), len, bytes: PhantomData }
    }
}

impl Deref for ShortBytes<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        let (start, len) = (self.start, self.len as usize);
        // SAFETY: start and length are those of a `&'s [u8]`; the result does not outlive `self`, which does not outlive
        // `'s`.
        unsafe { std::slice::from_raw_parts(start.as_ptr(), len) }
    }
}

impl Borrow<[u8]> for ShortBytes<'_> {
    #[inline]
    fn borrow(&self) -> &[u8] {
        self
    }
}

impl Hash for ShortBytes<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl PartialEq for ShortBytes<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for ShortBytes<'_> {}

impl<'s> ShortText<'s> {
    #[inline]
    pub(super) fn new(text: &'s str) -> Self {
        Self(ShortBytes::new(text.as_bytes()))
    }
}

impl Deref for ShortText<'_> {
    type Target = str;

    #[inline]
    fn deref(&self) -> &str {
        // SAFETY: the bytes are those of a `str`.
        unsafe { str::from_utf8_unchecked(&self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_what_it_was_made_from() {
        for text in ["", "UA", "Zürich", "a longer text with a few words"] {
            let owned = text.to_owned();
            assert_eq!(&*ShortText::new(&owned), text);
            assert!(ShortBytes::new(owned.as_bytes()) == ShortBytes::new(text.as_bytes()));
        }
    }
}
