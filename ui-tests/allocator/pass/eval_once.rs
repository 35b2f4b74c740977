//! Sizes and options are evaluated once, in the order in which they are written.
#![deny(warnings)]
use std::cell::RefCell;

use nebula_memory::allocator;

fn main() {
    let order = RefCell::new(Vec::new());
    let next = |number: usize| {
        order.borrow_mut().push(number);
        number
    };
    let _ = allocator!(bump next(64));
    let _ = allocator!(pool next(8) x next(2), { tracked: true, budget: next(16) });
    assert_eq!(allocator!(scoped bump next(32) => |a| { *a.alloc(1) + *a.alloc(2) }), 3);
    assert_eq!(order.take(), [64, 8, 2, 16, 32]);
    let _ = allocator!(bump next(1), { threading: shared, budget: next(2), align: 4 });
    assert_eq!(order.take(), [1, 2]);
}
