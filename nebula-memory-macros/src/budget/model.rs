//! A budget, as plain data: everything in it has been checked.

use syn::Expr;

use crate::crate_path::CratePath;
use crate::size::Bytes;

pub(super) struct Model {
    pub(super) krate: CratePath,
    /// The limits, in the order in which they are written.
    pub(super) limits: Vec<(Limit, Bytes)>,
    /// Who is called when the soft limit is crossed.
    pub(super) notify: Option<Expr>,
    pub(super) shared: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    Total,
    PerAlloc,
    Soft,
}
