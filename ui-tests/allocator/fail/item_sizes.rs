//! Sizes that cannot work, in types; the types are there all the same.
use nebula_memory::allocator;

allocator! {
    struct Small { small: pool(64 bytes x 1024), budget: 4 KiB, stats: on }
}
allocator! {
    struct Zero { small: pool(64 bytes x 0), large: bump(0), budget: 0 }
}
allocator! {
    struct Overlap { a: pool(64 x 10), b: pool(64 x 20), c: pool(32 x 10), fallback: system }
}
allocator! {
    struct Unreachable { a: bump(1 MiB), b: pool(64 x 10) }
}
allocator! {
    struct Limits { a: bump(64) up to 256 bytes, b: bump(1 MiB) up to 1 KiB }
}

fn main() {
    let memory = Small::new();
    println!("{:?} {} {}", memory.stats(), memory.budget().limit(), memory.small().blocks());
    let _ = (Zero::try_new(), Overlap::default(), Unreachable::new().b().blocks(), Limits::new());
    fn is_allocator<A: nebula_memory::Allocator>(_: A) {}
    is_allocator(memory);
}
