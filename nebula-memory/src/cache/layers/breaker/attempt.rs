use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::sync::Arc;

use super::breaking::{Attempt, Breaking};
use super::circuit::End;
use super::classes::Classes;
use super::error::BreakerError;
use super::stale::Fallback;
use crate::cache::expiry::Clock;
use crate::cache::layers::Loaded;

/// One that does not borrow the cache.
type SharedAttempt<G, T, S> = Attempt<Arc<Breaking<G, T, S>>, G, T, S>;

/// A load of a task, if the circuit lets it: asked when it is polled first.
#[doc(hidden)]
pub struct Tried<K, F, G, T: Clock, S> {
    breaking: Arc<Breaking<G, T, S>>,
    key: K,
    load: F,
    attempt: Option<SharedAttempt<G, T, S>>,
    begun: u64,
}

impl<K, F, G, T: Clock, S> Tried<K, F, G, T, S> {
    pub(super) fn new(breaking: &Arc<Breaking<G, T, S>>, key: K, load: F) -> Self {
        Self { breaking: Arc::clone(breaking), key, load, attempt: None, begun: 0 }
    }
}

// Nothing in it is pinned but the load, which does not need to be.
impl<K, F: Unpin, G, T: Clock, S> Unpin for Tried<K, F, G, T, S> {}

impl<K, V, E, F, G, T, S> Future for Tried<K, F, G, T, S>
where
    F: Future<Output = Result<Loaded<V>, E>> + Unpin,
    G: Classes<K>,
    T: Clock,
    S: Fallback<K, V>,
{
    type Output = Result<Loaded<V>, BreakerError<E>>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { breaking, key, load, attempt, begun } = &mut *self;
        if attempt.is_none() {
            *begun = breaking.stale.begin(key);
            match Attempt::begin(Arc::clone(breaking), key) {
                Ok(begun) => *attempt = Some(begun),
                Err(retry_in) => return Poll::Ready(breaking.instead(key, BreakerError::Open { retry_in })),
            }
        }
        if let Some(attempt) = attempt {
            // What ends in the midst of this has panicked; what ends between two polls was given up.
            attempt.otherwise = End::Failed;
        }
        let polled = Pin::new(load).poll(context);
        if let (Poll::Pending, Some(attempt)) = (&polled, &mut *attempt) {
            attempt.otherwise = End::GivenUp;
        }
        let result = ready!(polled);
        let Some(attempt) = attempt.take() else { unreachable!("begun above") };
        Poll::Ready(breaking.over(key, *begun, attempt, result))
    }
}
