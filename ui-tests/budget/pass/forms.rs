//! Simple and detailed, in constants, statics and elsewhere.
#![deny(warnings)]
#![forbid(unsafe_code)]
extern crate nebula_memory as renamed;
use nebula_memory::{Budget, BudgetUsage, MIB, Shared, budget, memory_budget};

const LIMIT: usize = 8 * MIB;
const SIMPLE: Budget = budget!(8 * MIB);
static ALL: Budget<Shared> = budget!(total: LIMIT, per_alloc: 1 MiB, threading: shared);
static LOUD: Budget<Shared> = memory_budget! {
    total: 8 MiB,
    soft: 7 MiB => &|now: BudgetUsage| eprintln!("{} bytes are used", now.used),
    threading: shared,
};

macro_rules! limited {
    ($total:expr, $($limits:tt)*) => {
        budget!($total, $($limits)*)
    };
}

fn main() {
    assert_eq!((SIMPLE.limit(), ALL.limit(), LOUD.limit()), (LIMIT, LIMIT, LIMIT));
    let local = budget!(64 KiB,);
    let detailed = budget!(per_allocation: 10, total: 100);
    assert_eq!((local.limit(), detailed.limit()), (65_536, 100));
    assert_eq!(limited!(100, per_alloc: 5, threading: local).limit(), 100);
    assert_eq!(budget!(crate = renamed, 10).limit(), 10);
    let calls = std::cell::Cell::new(0);
    let notify = |_: BudgetUsage| calls.set(calls.get() + 1);
    let careful = budget!(total: 10, soft: 5 => &notify);
    drop(careful.reserve(6));
    assert_eq!(calls.get(), 1);
}
