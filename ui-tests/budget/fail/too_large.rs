//! Limits that are larger than the total, or nothing.
use nebula_memory::{budget, memory_budget};

fn main() {
    budget!(total: 10, per_alloc: 20);
    budget!(10, soft: 11 => &|_| ());
    budget!(0);
    budget!(total: 10, per_alloc: 0);
    memory_budget!(total: -1, per_alloc: "1");
}
