//! The arena itself is not an allocator: a collection that owned it could move it.

use allocator_api2::vec::Vec;
use nebula_memory::Arena;

fn main() {
    let mut numbers = Vec::new_in(Arena::new());
    numbers.push(1);
}
