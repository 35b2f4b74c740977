//! The callback of a budget that threads share is called by any of them.

use std::cell::Cell;

use nebula_memory::{Budget, BudgetUsage, Shared};

fn main() {
    let calls = Cell::new(0);
    let notify = |_: BudgetUsage| calls.set(calls.get() + 1);
    let _budget = Budget::new_shared(100).with_soft_limit(50, &notify);
}
