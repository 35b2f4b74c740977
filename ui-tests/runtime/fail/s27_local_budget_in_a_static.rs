//! A budget for one thread cannot be shared, so not be a `static`.

use nebula_memory::Budget;

static BUDGET: Budget = Budget::new(100);

fn main() {
    let _ = BUDGET.used();
}
