//! Sizes with a unit, and values that only look like keys.
#![deny(warnings)]

use std::collections::HashMap;

use nebula_memory::{Builder, Pooled, arena};

#[derive(Pooled)]
#[pooled(capacity = 4, max_bytes = 4 KiB, align = 64 bytes)]
struct Item {
    a: u8,
}

#[derive(Builder)]
struct Values {
    #[builder(default = HashMap::<u8, u8>::new(), rename = other)]
    map: HashMap<u8, u8>,
    #[builder(default = |a: u8, b: u8| a + b)]
    add: fn(u8, u8) -> u8,
}

#[arena(capacity = 4 KiB, name = memory)]
fn with_capacity() -> u8 {
    *memory.alloc(3)
}

fn main() {
    assert_eq!(Item::acquire().unwrap().a(1).finish().a, 1);
    let values = Values::builder().build();
    assert_eq!((values.map.len(), (values.add)(1, 2), with_capacity()), (0, 3, 3));
}
