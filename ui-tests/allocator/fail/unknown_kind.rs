//! The kind: unknown, missing, nothing at all.
use nebula_memory::allocator;

fn main() {
    allocator!(bmp 4096);
    allocator!(scoped bmp 4096 => |a| { 1 });
    allocator!();
    allocator!(scoped);
    allocator!(4096);
}
