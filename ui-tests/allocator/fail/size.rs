//! The size: missing, no integer, zero, negative.
use nebula_memory::allocator;

fn main() {
    allocator!(bump);
    allocator!(bump,);
    allocator!(scoped bump => |a| { 1 });
    allocator!(bump "4096");
    allocator!(bump 1.5);
    allocator!(bump 0);
    allocator!(bump -1);
}
