//! What the derive is to generate, as plain data: everything in it has been checked.

use syn::{Expr, Type};

use crate::typestate::model::Target;

/// A type, its builder, and how that ends.
pub(super) struct Model {
    pub(super) target: Target,
    pub(super) build: Build,
}

/// What `build` does with the complete value.
pub(super) enum Build {
    /// It returns it.
    Plain,
    /// It asks `check` first, which fails with `error`, or with the runtime's error.
    Checked { check: Expr, error: Option<Type> },
    /// There may be a check, but the attribute is wrong: enough of it to keep the user's code free of errors that follow
    /// from the first.
    Broken { error: Option<Type> },
}
