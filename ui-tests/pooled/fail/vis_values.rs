//! `vis` is a visibility.
use nebula_memory::{Builder, Pooled};

#[derive(Pooled)]
#[pooled(vis = "pub")]
struct Item {
    a: u64,
}
#[derive(Builder)]
#[builder(vis = private)]
struct Other {
    a: u64,
}
#[derive(Builder)]
#[builder(vis)]
struct Third {
    a: u64,
}
#[derive(Builder)]
#[builder(vis = pub fn)]
struct Fourth {
    a: u64,
}

fn main() {
    let _ = (Item::builder(), Other::builder(), Third::builder(), Fourth::builder());
}
