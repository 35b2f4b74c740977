//! The same of constants.
use nebula_memory::{Budget, Shared, budget};

const TOTAL: usize = 10;
const PART: usize = 20;
const NONE: usize = 0;

pub const FIRST: Budget = budget!(total: TOTAL, per_alloc: PART);
pub static SECOND: Budget<Shared> = budget!(TOTAL, soft: PART => &|_| (), threading: shared);
pub const THIRD: Budget = budget!(NONE);

fn main() {}
