//! A function that gets an arena, as plain data: everything in it has been checked.

use proc_macro2::{Group, Ident, TokenStream};
use syn::{Expr, Signature};

use crate::crate_path::CratePath;

pub(super) struct Model {
    pub(super) krate: CratePath,
    /// Attributes and visibility.
    pub(super) before: TokenStream,
    pub(super) signature: Signature,
    /// The name of the arena in the body.
    pub(super) name: Ident,
    /// How many bytes the arena has at least.
    pub(super) capacity: Option<Expr>,
    pub(super) body: Group,
}
