use core::any::Any;
use std::boxed::Box;

/// An error that can be given to all who wait: one of the same type for each.
///
/// Implemented for whatever can be. What cannot be cloned, as `std::io::Error`, goes into an `Arc`.
#[diagnostic::on_unimplemented(
    message = "the error `{Self}` cannot be shared among those who wait for one load",
    note = "it has to be `Clone + Send + Sync + 'static`: derive `Clone`, or put it into an `Arc`"
)]
pub trait SharedError: Clone + Send + Sync + 'static {}

// What is said of an error is what stands above, not which of the bounds it lacks.
#[diagnostic::do_not_recommend]
impl<E: Clone + Send + Sync + 'static> SharedError for E {}

/// How a load went. The type of the error is its leader's; those who wait may have asked with another one.
pub(super) type Outcome<V> = Result<V, Box<dyn Any + Send + Sync>>;

/// What somebody who has waited makes of the outcome: nothing if the load has failed with an error of another type.
pub(super) fn share<V: Clone, E: SharedError>(outcome: &Outcome<V>) -> Option<Result<V, E>> {
    match outcome {
        Ok(value) => Some(Ok(value.clone())),
        Err(error) => error.downcast_ref::<E>().map(|error| Err(error.clone())),
    }
}
