//! The same of constants, which the compiler checks.
use nebula_memory::{KIB, allocator};

const NONE: usize = 0;
const SIZE: usize = 64;

allocator! {
    struct Small {
        small: pool(SIZE x 1024),
        budget: 4 * KIB,
    }
}
allocator! {
    struct Zero {
        small: pool(SIZE x NONE),
    }
}
allocator! {
    struct Overlap {
        a: pool(SIZE x 10),
        b: pool(SIZE x 20),
        fallback: system,
    }
}
allocator! {
    struct Huge {
        a: pool(SIZE x usize::MAX),
    }
}
allocator! {
    struct Number {
        b: bump(SIZE as u32),
    }
}

fn main() {}
