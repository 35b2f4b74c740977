//! The arena lives in the future, across await points; the future can be sent.
#![deny(warnings)]
use nebula_memory::arena;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

#[arena]
async fn twice(text: &str) -> Result<usize, ()> {
    let a = arena.alloc_str(text);
    std::future::ready(()).await;
    let b = arena.alloc(a.len());
    std::future::ready(Ok(())).await?;
    *b += a.len();
    Ok(*b)
}

fn send<T: Send>(value: T) -> T {
    value
}

fn main() {
    let future = pin!(send(twice("abc")));
    let mut future = future;
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(n) => assert_eq!(n, Ok(6)),
        Poll::Pending => unreachable!(),
    }
}
