//! Near to the grammar, and what to write.
use nebula_memory::{KIB, allocator};

const SIZE: usize = 64;

allocator! {
    struct Arguments { a: pool(64, 256), b: pool(SIZE, 256) }
}
allocator! {
    struct Order { a: pool(256 x 64 bytes), b: pool 256 x 1 KiB, rest: system }
}
allocator! {
    struct Units { a: pool(SIZE bytes x 4), b: bump(SIZE KiB), c: bump(1.5 MiB), d: bump(1.3 KiB) }
}
allocator! {
    struct Commas {
        a: pool(64 bytes x 256)
        b: bump(1 MiB) up to 512 bytes
        rest: system
    }
}
allocator! {
    Keyword { a: bump(1 MiB) }
}
allocator! {
    #[derive(Debug, Default)]
    struct Derived { a: bump(1 MiB) }
}
allocator! {
    struct Kind { a: slab 64 bytes x 256, rest: system }
}

fn main() {
    let size = 4;
    allocator!(pool(64, 256));
    allocator!(pool 256 x 64 bytes);
    allocator!(bump size KiB);
    allocator!(bump size * 2 MiB);
    allocator!(bump 1.5 KiB);
    allocator!(pool 64 bytes x 4, budget: 4 KiB);
    allocator!(bump 4 * KIB, threading = shared, stats = on);
    let _ = (Derived::default(), Commas::new().a(), Commas::new().b());
}
