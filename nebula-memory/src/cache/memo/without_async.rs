//! What says that the feature `async` is missing, where it is.

use core::future::Pending;

use super::call::{Deduplicated, Missed};
use super::keep::Keep;
use crate::cache::layers::Store;

/// Nothing is: that there is a cache for tasks.
#[diagnostic::on_unimplemented(
    message = "`single_flight` of an `async fn` needs the feature `async` of `nebula-memory`",
    label = "the feature `async` is off"
)]
pub trait WithAsync {}

/// The type that the function which gives the cache would return.
pub type AsyncDeduplicated<K, V, C> = Deduplicated<K, V, C>;

/// Says that it is missing.
pub fn async_deduplicated<K, V, C: Store<K, V> + WithAsync>(_: C) -> AsyncDeduplicated<K, V, C> {
    unreachable!("no type has the bound")
}

/// Says that it is missing: once, as what it returns has no such bound.
pub fn fly_async<M, R, K, C, F>(_: Missed<'_, C, K, M::Kept>, _: F) -> Pending<R>
where
    M: Keep<R>,
    F: WithAsync,
{
    unreachable!("no type has the bound")
}
