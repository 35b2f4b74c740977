//! What the borrow checker must allow: outer values in inner frames, short borrows, frames in structures and threads.

use nebula_memory::allocator::bump::Backing;
use nebula_memory::{StackAllocator, StackFrame};

fn fibonacci<B: Backing>(frame: &mut StackFrame<'_, B>, n: u32) -> u64 {
    if n < 2 {
        return n.into();
    }
    let sum = frame.alloc(0_u64);
    *sum += fibonacci(&mut frame.frame(), n - 1);
    *sum += fibonacci(&mut frame.frame(), n - 2);
    *sum
}

fn helper<'a, B: Backing>(frame: &StackFrame<'a, B>, text: &str) -> &'a str {
    frame.alloc_str(text)
}

fn main() {
    let mut stack = StackAllocator::new(4096);
    let before = stack.used();
    {
        let mut outer = stack.frame();
        assert_eq!(fibonacci(&mut outer, 10), 55);

        let local = String::from("borrowed by a value of the frame");
        let short = outer.alloc(local.as_str());
        let kept = helper(&outer, "kept");
        let name = outer.alloc_box(String::from("dropped before the frame ends"));
        let inner = outer.frame();
        std::thread::scope(|threads| {
            threads.spawn(move || *inner.alloc(1_u8) += 1);
        });
        assert_eq!((short.len(), kept, name.len()), (local.len(), "kept", 29));
    }
    assert_eq!(stack.used(), before);
    stack.reset();
}
