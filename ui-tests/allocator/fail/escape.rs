//! What a scoped allocator allocates cannot leave the body.
use nebula_memory::allocator;

fn main() {
    let x = allocator!(scoped bump 4096 => |a| { a.alloc(1) });
    println!("{x}");
}
