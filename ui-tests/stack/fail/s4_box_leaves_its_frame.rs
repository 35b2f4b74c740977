//! A box cannot outlive the frame it is in: it would be dropped when its bytes are somebody else's.

use nebula_memory::StackAllocator;

fn main() {
    let mut stack = StackAllocator::new(256);
    let text = {
        let frame = stack.frame();
        frame.alloc_box(String::from("owned"))
    };
    stack.alloc(2_u64);
    println!("{}", *text);
}
