//! Constants, statics and unit structs called like what a careless macro would call its variables: in a pattern they would
//! be themselves. The user's expressions still see them.
#![allow(non_upper_case_globals, non_camel_case_types, dead_code)]
use nebula_memory::{Builder, FixedPool, Pooled};

const value: u8 = 1;
const init: u8 = 2;
const make: u8 = 3;
const partial: u8 = 4;
const error: u8 = 5;
const fields: u8 = 6;
const field_0: u8 = 7;
const f: u8 = 8;
const unfilled: u8 = 9;
const check: u8 = 10;
static pool: u8 = 11;
static state: u8 = 12;
struct slot;
struct index(u8);

#[derive(Pooled)]
#[pooled(capacity = value as usize, on_acquire = touch, on_release = |item| item.a += 1, max_bytes = 4096)]
struct Item {
    a: u8,
    #[pooled(default = value + init + make + partial + error)]
    b: u8,
    #[pooled(into)]
    c: Option<u8>,
    #[pooled(skip = [fields + field_0 + f + unfilled; 2])]
    d: [u8; 2],
    e: [u8; 4],
}

fn touch(item: &mut Item) {
    item.a += value;
}

#[derive(Builder)]
#[builder(check = |item| if item.a == value { Err(check) } else { Ok(()) }, error = u8)]
struct Options {
    a: u8,
    #[builder(default = pool + state)]
    b: u8,
}

fn main() {
    let item = Item::acquire().unwrap().a(1).e_with(|e| e.fill_with(|_| init)).finish();
    assert_eq!((item.a, item.b, item.d, item.e), (2, 15, [30; 2], [2; 4]));
    let items = FixedPool::<Item, 1>::new();
    assert_eq!(Item::build_in(&items).unwrap().a(1).e([0; 4]).finish().a, 2);
    assert_eq!(Options::builder().a(1).build().err(), Some(10));
    assert_eq!(Options::builder().a(2).build().unwrap().b, 23);
}
