//! What the models of `tests/loom` need to see of what threads share here: small ones.

use super::live;
use super::table;

/// A table of numbers, each by its own hash, which is zero for all: they stand one after the other.
pub struct Table(table::Table<u64, 4>);

impl Table {
    /// Empty.
    #[expect(clippy::new_without_default, reason = "for models")]
    pub fn new() -> Self {
        Self(table::Table::new())
    }

    /// Where it is.
    pub fn place(&self, number: u64, limit: usize) -> Option<usize> {
        self.0
            .find_or_insert(0, |&there| there == number, limit, || number)
            .map(|there| core::ptr::from_ref(there).addr())
    }

    /// All there are.
    pub fn all(&self) -> std::vec::Vec<u64> {
        self.0.iter().copied().collect()
    }
}

/// What is known of two blocks.
pub struct Live(live::Filter<2>, live::Live<u64, 2>);

impl Live {
    /// Nothing.
    #[expect(clippy::new_without_default, reason = "for models")]
    pub fn new() -> Self {
        Self(live::Filter::new(), live::Live::new())
    }

    /// Notes a block.
    pub fn insert(&self, address: usize, value: u64) -> bool {
        self.1.insert(&self.0, address, value)
    }

    /// As whoever frees a block does.
    pub fn take(&self, address: usize) -> Option<u64> {
        if !self.0.may_have(address) {
            return None;
        }
        // SAFETY: the model has each block in one thread at a time.
        unsafe { self.1.take(&self.0, address) }
    }
}
