//! Values of the wrong kind, at the value.
use nebula_memory::arena;

#[arena(capacity = "3")]
fn quoted() {}

#[arena(capacity = "x")]
fn text() {}

#[arena(4096)]
fn no_key() {}

#[arena(capacity: 4096, name: scratch)]
fn colon() {
    scratch.alloc(1);
}

#[arena(capacity = 4 kB)]
fn unit() {}

#[arena(capacity = 1.5 KiB)]
fn fraction() {}

#[arena(name = self)]
fn keyword() {}

fn main() {}
