//! An option's value of a wrong type is reported where it is.
use nebula_memory::allocator;

fn main() {
    let s = "1024";
    allocator!(bump 4096, { budget: s });
    const TEXT: &str = "8";
    allocator!(bump 4096, { align: TEXT });
    allocator!(pool 64 x s);
}
