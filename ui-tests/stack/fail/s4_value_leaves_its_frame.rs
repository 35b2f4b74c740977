//! A value of an inner frame cannot be kept by the outer one.

use nebula_memory::StackAllocator;

fn main() {
    let mut stack = StackAllocator::new(256);
    let mut outer = stack.frame();
    let mut kept: &u64 = outer.alloc(0);
    {
        let inner = outer.frame();
        kept = inner.alloc(1);
    }
    outer.alloc(2_u64);
    println!("{kept}");
}
