//! Which required fields are set, as types.

/// The state of a required field that has a value.
#[derive(Debug)]
pub enum Set {}

/// The state of a required field that has no value yet.
#[derive(Debug)]
pub enum Unset {}

mod sealed {
    // Two traits, not one: a user may implement `IsSet<MyField, MyType>` for any type that meets the supertrait, so
    // `Unset` must not meet that of `IsSet`.
    pub trait IsSet {}
    impl IsSet for super::Set {}

    pub trait IsUnset {}
    impl IsUnset for super::Unset {}
}

/// Holds when the field `F` of the type `T` has been set.
#[diagnostic::on_unimplemented(
    message = "cannot finish building `{T}`: required field `{F}` is not set",
    label = "field `{F}` is missing: call `.{F}(..)` before this"
)]
pub trait IsSet<F, T: ?Sized>: sealed::IsSet {}
#[diagnostic::do_not_recommend]
impl<F, T: ?Sized> IsSet<F, T> for Set {}

/// Holds when the field `F` of the type `T` has not been set yet.
#[diagnostic::on_unimplemented(
    message = "field `{F}` of `{T}` is already set",
    label = "`{F}` is set twice: remove one of the two calls"
)]
pub trait IsUnset<F, T: ?Sized>: sealed::IsUnset {}
#[diagnostic::do_not_recommend]
impl<F, T: ?Sized> IsUnset<F, T> for Unset {}
