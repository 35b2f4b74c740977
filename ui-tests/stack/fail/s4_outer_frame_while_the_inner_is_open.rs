//! While an inner frame is used, the outer one cannot allocate: it would hand out the same bytes.

use nebula_memory::StackAllocator;

fn main() {
    let mut stack = StackAllocator::new(256);
    let mut outer = stack.frame();
    let inner = outer.frame();
    outer.alloc(1_u64);
    inner.alloc(2_u64);
}
