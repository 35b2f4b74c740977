//! What the derive is to generate, as plain data: everything in it has been checked.

use proc_macro2::Span;
use syn::Expr;

use crate::typestate::model::Target;

/// A type, its builder and its pool.
pub(super) struct Model {
    pub(super) target: Target,
    pub(super) pool: Pool,
    pub(super) hooks: Hooks,
    /// Fields of objects of the static pool stay in their slot, as each says; where the user asked for it.
    pub(super) reset: Option<Span>,
}

/// The functions that are called with a value that is complete, and with one that leaves its slot.
pub(super) struct Hooks {
    pub(super) on_acquire: Option<Expr>,
    pub(super) on_release: Option<Expr>,
}

impl Hooks {
    pub(super) fn any(&self) -> bool {
        self.on_acquire.is_some() || self.on_release.is_some()
    }
}

/// The type's own pool.
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub(super) enum Pool {
    None,
    Static {
        capacity: Expr,
        align: Option<Expr>,
        /// How large the pool may be at most.
        max_bytes: Option<Expr>,
        /// Each thread has its own.
        local: bool,
        /// It counts.
        stats: bool,
        /// `acquire()` takes from the heap when the pool is exhausted.
        heap: bool,
    },
    /// The type cannot have one, though it asks for it.
    Refused,
    /// There may have been one, but the attribute is wrong: enough of one to keep the user's code free of errors that
    /// follow from the first.
    Broken,
}
