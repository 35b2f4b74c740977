//! A long table in blocks: it grows without moving what it holds.

use super::{List, Memory};

/// Records of equal width: as many as are expected in one piece, the others in blocks.
///
/// Nothing is copied when it grows, and at most one block is partly empty. In an arena, a vector that doubles
/// would leave every place it has outgrown unused.
pub(crate) struct Blocks<'s, M: Memory, T: 's> {
    space: M::Space<'s>,
    /// How many values a record has.
    width: usize,
    /// How many records stand in `first`, and those.
    expected: usize,
    first: M::List<'s, T>,
    more: M::List<'s, M::List<'s, T>>,
    /// All values in `first` and `more`.
    len: usize,
}

/// The records of a later block: a power of two, so that finding one takes no division.
const SHIFT: u32 = 6;
const BLOCK: usize = 1 << SHIFT;

impl<'s, M: Memory, T: 's> Blocks<'s, M, T> {
    pub(crate) fn new(space: M::Space<'s>, width: usize, expected: usize) -> Self {
        let first = M::list(space, expected * width);
        Self { space, width, expected, first, more: M::list(space, 0), len: 0 }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Appends a value to the last record, or begins the next one with it.
    #[inline]
    pub(crate) fn push(&mut self, value: T) {
        if self.len < self.expected * self.width {
            self.first.push(value);
        } else {
            let block = self.width * BLOCK;
            if (self.len - self.expected * self.width).is_multiple_of(block) {
                self.more.push(M::list(self.space, block));
            }
            let last = self.more.len() - 1;
            self.more[last].push(value);
        }
        self.len += 1;
    }

    #[inline]
    pub(crate) fn record(&self, at: usize) -> &[T] {
        if at < self.expected {
            return &self.first[at * self.width..][..self.width];
        }
        let at = at - self.expected;
        &self.more[at >> SHIFT][(at % BLOCK) * self.width..][..self.width]
    }

    #[inline]
    pub(crate) fn record_mut(&mut self, at: usize) -> &mut [T] {
        if at < self.expected {
            return &mut self.first[at * self.width..][..self.width];
        }
        let at = at - self.expected;
        &mut self.more[at >> SHIFT][(at % BLOCK) * self.width..][..self.width]
    }

    /// How many values there are: of records of width one, how many records.
    pub(crate) fn len(&self) -> usize {
        self.len
    }
}
