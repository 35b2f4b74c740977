//! One grammar: with and without parentheses, with `:` and `=`, in expressions and in types.
#![deny(warnings)]
#![forbid(unsafe_code)]

use nebula_memory::{AllocHandle, KIB, allocator};

const SIZE: usize = 64;
const COUNT: usize = 4;

allocator! {
    struct Parentheses {
        a: pool(SIZE x COUNT),
        b: bump(4 * KIB) up to 256 bytes,
        c: stack((1 + 1) * KIB) up to 512 bytes,
        rest: bump(64 KiB),
        fallback: bump(1 MiB),
        stats: on,
    }
}
allocator! {
    struct Bare {
        a: pool SIZE x COUNT,
        b = bump 4 * KIB up to 256 bytes,
        c: stack (1 + 1) * KIB up to 512 bytes,
        rest = bump 64 KiB,
        fallback = bump 1 MiB,
        stats = on,
    }
}

fn main() {
    let (a, b) = (Parentheses::new(), Bare::new());
    assert_eq!(a.b().capacity(), b.b().capacity());
    assert_eq!((a.c().capacity(), b.c().capacity(), b.rest().capacity()), (2048, 2048, 65_536));
    let _value = AllocHandle::try_new([0_u8; 64], &b).unwrap();
    assert_eq!((b.a().blocks_in_use(), a.stats().live(), b.stats().live()), (1, 0, 1));

    let n = 2;
    assert_eq!(allocator!(bump(4 KiB)).capacity(), 4096);
    assert_eq!(allocator!(bump (n + 1) * 1024).capacity(), 3072);
    assert_eq!(allocator!(bump, (4096)).capacity(), 4096);
    assert_eq!(allocator!(stack(8 KiB),).capacity(), 8192);
    let pool = allocator!(pool(64 bytes x 1024), { align = 64 });
    assert_eq!(pool.block_layout().align(), 64);
    assert_eq!(allocator!(scoped bump(64) => |a| { *a.alloc(2) }), 2);
    let counted = allocator!(bump(1 KiB) { stats = on, budget: 1 KiB });
    assert_eq!(counted.tracker().snapshot().live(), 0);
}
