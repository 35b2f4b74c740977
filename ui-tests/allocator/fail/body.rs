//! A body needs `scoped`, and the other way round.
use nebula_memory::allocator;

fn main() {
    allocator!(scoped bump 4096);
    allocator!(bump 4096 => |a| { 1 });
    allocator!(scoped bump 4096 => { 1 });
    allocator!(scoped bump 4096 => |a| a.alloc(1));
}
