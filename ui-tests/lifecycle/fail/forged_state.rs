//! States are sealed: there is no fourth.

use nebula_memory::{BumpAllocator, Exclusive};

struct Revived;

fn main() {
    let _memory: Option<Exclusive<BumpAllocator, Revived>> = None;
}
