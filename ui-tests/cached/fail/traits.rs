//! What keys and results have to be.
#![allow(unused)]
use nebula_memory::cached;
use std::rc::Rc;

struct Plain;

#[cached]
fn result_without_clone(n: u8) -> Plain {
    Plain
}

#[cached]
fn argument_without_hash(plain: &Plain) -> u8 {
    0
}

#[cached]
fn value_without_hash(n: u8, plain: Vec<Plain>) -> u8 {
    0
}

#[cached]
fn result_of_one_thread(n: u8) -> Rc<u8> {
    Rc::new(n)
}

#[cached]
fn argument_of_one_thread(n: Rc<u8>) -> u8 {
    *n
}

#[cached(single_flight)]
fn error_without_clone(n: u8) -> Result<u8, Plain> {
    Err(Plain)
}

fn main() {}
