//! `PoolBox<T>` is for types that have a pool of their own.

use nebula_memory::PoolBox;

struct Plain;

fn keep(_: PoolBox<Plain>) {}

fn main() {}
