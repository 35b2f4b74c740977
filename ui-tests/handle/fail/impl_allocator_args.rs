//! One type: not two, and not none.

use nebula_memory::impl_allocator;

struct One;
struct Two;

impl_allocator!(unsafe);
impl_allocator!(unsafe One, Two);
impl_allocator!();

fn main() {}
