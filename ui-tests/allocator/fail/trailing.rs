//! Tokens after the description.
use nebula_memory::allocator;

fn main() {
    allocator!(bump 4096 extra);
    allocator!(bump 4096, { threading: shared });
    allocator!(scoped bump 4096 => |a| { 1 } extra);
}
