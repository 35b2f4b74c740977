//! Which required fields are set, as types.
//!
//! What the user reads when a field is missing, or set twice, is text of a trait that the derive writes for each
//! required field: the compiler prints the name of a *type* as briefly as that only if nothing else in the whole
//! program is called the same. The derive's traits have those of here as supertraits, which are sealed. Where it cannot
//! name these there, the size of the state still tells, which nobody can forge: `Partial::finish` asks for it.

/// The state of a required field that has a value: of size 0.
#[derive(Debug)]
pub struct Set(());

/// The state of a required field that has no value yet: of size 1.
#[derive(Debug)]
pub struct Unset(#[expect(dead_code, reason = "it is there to have a size")] u8);

/// Whether nothing is missing in a tuple of states, or of tuples of them.
///
/// It stops what the bounds let through, with the text “a builder cannot be finished with a required field missing”:
///
/// ```compile_fail,E0080
/// use nebula_memory as memory;
///
/// macro_rules! forge {
///     () => {{
///         impl __fields::id_is_set for memory::pooled::Unset {}
///         0
///     }};
/// }
///
/// #[derive(memory::Builder)]
/// #[builder(crate = memory)] // means something else in a nested module: the trait is not sealed
/// struct Request {
///     id: u64,
///     #[builder(default = forge!())]
///     tries: u64,
/// }
///
/// Request::builder().build();
/// ```
pub(super) const fn is_complete<S>() -> bool {
    size_of::<S>() == 0
}

mod sealed {
    // Two traits, not one: `Unset` must not meet the supertrait of `IsSet`.
    pub trait IsSet {}
    impl IsSet for super::Set {}

    pub trait IsUnset {}
    impl IsUnset for super::Unset {}
}

/// Holds when a required field has been set.
///
/// The text is read where the traits of fields have none, see `no_implicit_prelude` of the derives.
#[diagnostic::on_unimplemented(
    message = "cannot finish the builder: a required field is not set",
    label = "the field shown below is missing: call its setter before this"
)]
pub trait IsSet: sealed::IsSet {}
#[diagnostic::do_not_recommend]
impl IsSet for Set {}

/// Holds when a required field has not been set yet, as [`IsSet`].
#[diagnostic::on_unimplemented(
    message = "a required field is already set",
    label = "set twice: remove one of the two calls"
)]
pub trait IsUnset: sealed::IsUnset {}
#[diagnostic::do_not_recommend]
impl IsUnset for Unset {}
