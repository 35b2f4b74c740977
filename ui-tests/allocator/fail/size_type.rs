//! A size of a wrong type is reported at the expression.
use nebula_memory::allocator;

fn main() {
    let s = "4096";
    allocator!(bump s);
}
