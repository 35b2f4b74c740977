//! A pool of long-lived values takes no short-lived one, and a builder is not turned into one that does.
use nebula_memory::{FixedPool, Pooled};

#[derive(Pooled)]
struct Item<'a> {
    a: &'a str,
}

fn fill<'s>(pool: &'static FixedPool<Item<'static>, 1>, short: &'s str) {
    let _ = Item::build_in(pool).unwrap().a(short).finish();
}
fn shorten<'s>(builder: ItemBuilder<'static>) -> ItemBuilder<'s> {
    builder
}

fn main() {
    let _ = (fill, shorten);
}
