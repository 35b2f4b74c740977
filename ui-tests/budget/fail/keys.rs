//! Unknown, repeated and missing limits; values of a wrong type.
use nebula_memory::{Budget, Shared, budget};

fn main() {
    budget!(totl: 10, per_alloc: 1, per_allocation: 2);
    budget!(per_alloc: 1);
    budget!();
    budget!(10, total: 10, 5);
    budget!(10, total: 10, threading: many, soft: 5, per_alloc: 1 => &|_| ());
    budget!(10 bytes extra);
    budget!("10");
    let s = "10";
    budget!(s);
    static WRONG: Budget<Shared> = budget!(10);
}
