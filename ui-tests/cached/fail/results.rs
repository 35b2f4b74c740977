//! Results that cannot be kept.
#![allow(unused)]
use nebula_memory::cached;
use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

#[cached]
fn nothing(n: u8) {}

#[cached]
fn unit(n: u8) -> () {}

#[cached]
fn never(n: u8) -> ! {
    loop {}
}

#[cached]
fn borrowed(text: &str) -> &str {
    text
}

#[cached]
fn borrows<'a>(text: &'a str) -> Vec<Cow<'a, str>> {
    vec![text.into()]
}

#[cached]
fn nameless(n: u8) -> impl Iterator<Item = u8> {
    0..n
}

#[cached]
fn future(n: u8) -> impl Future<Output = u8> {
    async move { n }
}

#[cached]
fn boxed(n: u8) -> Pin<Box<dyn Future<Output = u8>>> {
    Box::pin(async move { n })
}

fn main() {}
