//! The rules of `allocator!`.
//!
//! * `expression`: of the form that makes an allocator
//! * `item`: of the form that defines a type; `rules`: those about its numbers
//! * `settings`: the keys that both have

mod expression;
mod item;
mod rules;
mod settings;

use proc_macro2::Ident;

use crate::diagnostics::Diagnostics;
use crate::size::Bytes;
use crate::suggest::unknown;

pub(super) use expression::expression;
pub(super) use item::item;

pub(super) const KINDS: [&str; 4] = ["bump", "pool", "stack", "system"];

/// The kind that a word is, or a message that lists them.
fn kind(word: &Ident, diagnostics: &mut Diagnostics) -> Option<&'static str> {
    let name = word.to_string();
    let kind = KINDS.into_iter().find(|kind| *kind == name);
    if kind.is_none() {
        let all = "the kinds are `bump`, `pool`, `stack` and `system`";
        diagnostics.error(word, unknown("allocator kind", &name, &KINDS, all));
    }
    kind
}

/// The size and the number of blocks of a pool.
fn blocks(size: &Bytes, count: &Bytes, diagnostics: &mut Diagnostics) -> bool {
    let size = size.check("the size", diagnostics);
    count.check("the number of blocks", diagnostics) && size
}
