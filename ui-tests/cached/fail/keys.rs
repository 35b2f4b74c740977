//! Arguments that cannot be keys, and closures that cannot make one.
#![allow(unused)]
use nebula_memory::cached;
use std::borrow::Cow;

#[cached]
fn float(x: f64) -> u8 {
    0
}

#[cached]
fn changed(buffer: &mut Vec<u8>) -> u8 {
    0
}

#[cached]
fn pattern((a, b): (u8, u8)) -> u8 {
    a + b
}

#[cached]
fn borrows(a: Cow<'_, str>, b: (&str, u8), c: Option<Option<&str>>) -> u8 {
    0
}

#[cached(skip = [b, a, a])]
fn skipped(a: u8, c: u8) -> u8 {
    0
}

#[cached(key = |a| a)]
fn untyped(a: u8) -> u8 {
    0
}

#[cached(key = |b| -> u8 { *b })]
fn unknown(a: u8) -> u8 {
    0
}

#[cached(key = |a: &u8| -> f32 { 1.0 })]
fn typed(a: u8) -> u8 {
    0
}

#[cached(key = move |a| -> Cow<'_, str> { a.into() }, skip = [a])]
fn owned(a: &str) -> u8 {
    0
}

#[cached(name = of_all)]
fn nameless(a: impl Clone) -> u8 {
    0
}

#[cached]
fn many(a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8, i: u8, j: u8, k: u8, l: u8, m: u8) -> u8 {
    0
}

#[cached(single_flight)]
async fn flown(a: &&str, b: &mut u8, c: &str) -> u8 {
    0
}

fn main() {}
