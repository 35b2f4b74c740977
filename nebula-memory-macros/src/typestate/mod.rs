//! A builder whose type says which of the required fields are set: what `#[derive(Pooled)]` and `#[derive(Builder)]`
//! have in common. Each adds where the value is built, and how it is finished.

pub(crate) mod check;
pub(crate) mod expand;
pub(crate) mod model;
pub(crate) mod other;
pub(crate) mod parse;
mod types;

/// Which derive it is, for its messages and for what differs.
pub(crate) struct Derive {
    /// What the user writes in `#[derive(…)]`.
    pub(crate) name: &'static str,
    /// The name of its attributes.
    pub(crate) attribute: &'static str,
    /// Methods of every builder, which no setter may be called like.
    pub(crate) reserved: &'static [&'static str],
    /// Whether large fields get a second setter, which initialises them where they will stay.
    pub(crate) in_place: bool,
    /// The keys of its attribute on a type.
    pub(crate) keys: &'static [&'static str],
    /// Those of its attribute on a field.
    pub(crate) field_keys: &'static [&'static str],
    /// The other one.
    pub(crate) other: other::Other,
}
