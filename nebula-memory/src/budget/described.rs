//! What `budget!` writes a call to.

use super::{AsBudget, Budget};
use crate::sync::CountMode;

/// A budget of `total` bytes, of which one block may have `per_alloc`.
///
/// # Panics
/// If one block may have more than there is, or there is nothing; in a constant, while compiling.
#[cfg(not(loom))]
#[track_caller]
#[must_use]
pub const fn budget<'p, M: CountMode>(total: usize, per_alloc: Option<usize>) -> Budget<'p, M> {
    assert!(total > 0, "a budget must be greater than zero");
    let budget = Budget::with_limit(total);
    match per_alloc {
        Some(bytes) => {
            assert!(bytes > 0, "the limit for one block must be greater than zero");
            assert!(bytes <= total, "the limit for one block is larger than the total");
            budget.with_allocation_limit(bytes)
        }
        None => budget,
    }
}

/// A number of bytes: where one of another type is refused.
#[inline(always)]
#[must_use]
pub const fn limit(bytes: usize) -> usize {
    bytes
}

/// A soft limit for a budget of `total` bytes.
///
/// # Panics
/// If it is larger; in a constant, while compiling.
#[track_caller]
#[must_use]
pub const fn soft_limit(soft: usize, total: usize) -> usize {
    assert!(soft <= total, "the soft limit is larger than the total");
    soft
}

/// A budget that is part of nothing and calls nobody: what a type that `allocator!` defines has for its own.
#[derive(Debug)]
pub struct Root<M: CountMode> {
    /// Without parent and callback, and lent by `&` only.
    budget: Budget<'static, M>,
}

impl<M: CountMode> Root<M> {
    /// A budget of `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { budget: Budget::with_limit(limit) }
    }
}

impl<M: CountMode> AsBudget for Root<M> {
    type Mode = M;

    #[inline(always)]
    fn as_budget(&self) -> &Budget<'_, M> {
        &self.budget
    }
}

// SAFETY: it is numbers, and what keeps a local budget in its thread, references to a parent and to a callback, is not there.
// A child borrows this value, which then stays where it is; children of a local one are not `Send`.
unsafe impl<M: CountMode> Send for Root<M> {}
