//! An inner frame cannot take the place of one that lives longer.

use nebula_memory::StackAllocator;

fn main() {
    let mut stack = StackAllocator::new(256);
    let mut other = StackAllocator::new(256);
    let mut outer = stack.frame();
    let mut longer = other.frame();
    {
        let mut inner = outer.frame();
        std::mem::swap(&mut inner, &mut longer);
    }
    outer.alloc(1_u64);
    longer.alloc(2_u64);
}
