use core::convert::Infallible;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::boxed::Box;

use super::Loaded;

/// A load that may fail, as a future with a name: calls what was given when it is polled first, and polls what that returns.
#[doc(hidden)]
pub struct Fetch<F, O>(Stage<F, O>);

/// One that cannot fail.
#[doc(hidden)]
pub struct FetchSure<F, O>(Stage<F, O>);

enum Stage<F, O> {
    Begin(F),
    Wait(Pin<Box<O>>),
    Over,
}

// Nothing in it is pinned but what has a box of its own.
impl<F, O> Unpin for Stage<F, O> {}

impl<F, O> Fetch<F, O> {
    pub(super) fn new(compute: F) -> Self {
        Self(Stage::Begin(compute))
    }
}

impl<F, O> FetchSure<F, O> {
    pub(super) fn new(compute: F) -> Self {
        Self(Stage::Begin(compute))
    }
}

impl<F: FnOnce() -> O, O: Future> Stage<F, O> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<O::Output> {
        if let Self::Begin(_) = self
            && let Self::Begin(compute) = core::mem::replace(self, Self::Over)
        {
            *self = Self::Wait(Box::pin(compute()));
        }
        let Self::Wait(future) = self else { panic!("a load was polled after it was over") };
        future.as_mut().poll(context)
    }
}

impl<F: FnOnce() -> O, O: Future<Output = Result<V, E>>, V, E> Future for Fetch<F, O> {
    type Output = Result<Loaded<V>, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll(context).map_ok(Loaded::fresh)
    }
}

impl<F: FnOnce() -> O, O: Future<Output = V>, V> Future for FetchSure<F, O> {
    type Output = Result<Loaded<V>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll(context).map(|value| Ok(Loaded::fresh(value)))
    }
}
