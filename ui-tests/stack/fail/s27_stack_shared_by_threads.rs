//! A stack is for one thread at a time.

use nebula_memory::StackAllocator;

fn main() {
    let stack = StackAllocator::new(64);
    std::thread::scope(|threads| {
        threads.spawn(|| stack.alloc(1_u8));
        stack.alloc(2_u8);
    });
}
