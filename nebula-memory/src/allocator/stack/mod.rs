//! Stack allocation: blocks are given back in the reverse of the order in which they were allocated, each by itself.
//!
//! * `cursor`: the chain of blocks and the arithmetic of one allocation
//! * `allocator`: [`StackAllocator`]
//! * `frame`: [`StackFrame`], part of its life, and [`StackMarker`], a state of it
//!
//! Before each block stands a header that says how much was used before, padding included, and where the block before
//! it is. So all of the padding comes back, and an order that is violated is noticed before anything is changed.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a block is given back while a later one lives | only the last block is taken off; `try_deallocate` answers with an error, `Allocator::deallocate` marks the block and takes it off when it has become the last |
//! | a header is reached through a pointer that is good for the block only | headers are always reached from the pointer to all of the memory |
//! | a header is overwritten | lies outside of every block; writing there takes unsafe code |
//! | a value outlives its frame | references carry the frame's lifetime; whoever opened the frame is borrowed exclusively |
//! | a marker that is too old | compared with the state after each block that would be freed |

mod allocator;
mod cursor;
mod frame;

pub use allocator::StackAllocator;
pub use frame::{StackFrame, StackMarker};
