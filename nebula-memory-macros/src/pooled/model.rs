//! What the derive is to generate, as plain data: everything in it has been checked.

use syn::Expr;

use crate::typestate::model::Target;

/// A type, its builder and its pool.
pub(super) struct Model {
    pub(super) target: Target,
    pub(super) pool: Pool,
}

/// The type's own pool.
#[expect(clippy::large_enum_variant, reason = "there is one of it")]
pub(super) enum Pool {
    None,
    Static {
        capacity: Expr,
        align: Option<Expr>,
    },
    /// There may have been one, but the attribute is wrong: enough of one to keep the user's code free of errors that
    /// follow from the first.
    Broken,
}
