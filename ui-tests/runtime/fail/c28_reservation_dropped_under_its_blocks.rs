//! What is charged to a reservation must be given back before it.

use allocator_api2::vec::Vec;
use nebula_memory::allocator::Budgeted;
use nebula_memory::{Budget, SystemAllocator};

fn main() {
    let budget = Budget::new(100);
    let reserved = budget.reserve(50).unwrap();
    let mut bytes = Vec::new_in(Budgeted::new(SystemAllocator, &reserved));
    drop(reserved);
    bytes.push(1);
}
