//! The blocks of a bump allocator inside of another one could be taken for that one's.

use nebula_memory::BumpAllocator;
use nebula_memory::allocator::Fallback;

fn main() {
    let outer = BumpAllocator::new(1000);
    let inner = BumpAllocator::<_, 1>::new_in(100, &outer);
    let _memory = Fallback::new(&outer, &inner);
}
