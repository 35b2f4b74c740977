use core::convert::Infallible;

use crate::cache::CacheValue;

/// Which results of type `R` are kept, and what of them.
#[diagnostic::on_unimplemented(
    message = "results of type `{R}` cannot be kept like this",
    label = "the type of the result",
    note = "`keep = ok` is for functions that return a `Result`, `keep = some` for those that return an `Option`, and \
            `keep = all` for every other one"
)]
pub trait Keep<R> {
    /// What is kept.
    type Kept: CacheValue;

    /// What is not.
    type Lost;

    /// What is there to keep.
    ///
    /// # Errors
    ///
    /// What is not kept.
    fn split(result: R) -> Result<Self::Kept, Self::Lost>;

    /// The result again.
    fn join(split: Result<Self::Kept, Self::Lost>) -> R;
}

/// Every result is kept.
pub enum All {}

impl<R: CacheValue> Keep<R> for All {
    type Kept = R;
    type Lost = Infallible;

    #[inline]
    fn split(result: R) -> Result<R, Infallible> {
        Ok(result)
    }

    #[inline]
    fn join(split: Result<R, Infallible>) -> R {
        match split {
            Ok(result) => result,
            Err(never) => match never {},
        }
    }
}

/// What is `Ok` is kept.
pub enum OnlyOk {}

impl<T: CacheValue, E> Keep<Result<T, E>> for OnlyOk {
    type Kept = T;
    type Lost = E;

    #[inline]
    fn split(result: Result<T, E>) -> Result<T, E> {
        result
    }

    #[inline]
    fn join(split: Result<T, E>) -> Result<T, E> {
        split
    }
}

/// What is `Some` is kept.
pub enum OnlySome {}

impl<T: CacheValue> Keep<Option<T>> for OnlySome {
    type Kept = T;
    type Lost = ();

    #[inline]
    fn split(result: Option<T>) -> Result<T, ()> {
        result.ok_or(())
    }

    #[inline]
    fn join(split: Result<T, ()>) -> Option<T> {
        split.ok()
    }
}
