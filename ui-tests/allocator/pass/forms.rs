//! All forms of the expression, with options and units.
#![deny(warnings)]
#![forbid(unsafe_code)]
extern crate nebula_memory as renamed;
use nebula_memory::{BumpAllocator, KIB, PoolAllocator, StackAllocator, SystemAllocator, allocator};

fn main() {
    let a: BumpAllocator = allocator!(bump 64);
    let b: BumpAllocator = allocator!(bump, 4 * KIB,);
    let c: BumpAllocator = allocator!(bump 4 KiB);
    assert_eq!((*a.alloc(1) + *b.alloc(2), c.capacity()), (3, 4096));
    let shared = allocator!(bump 4096, { threading: shared });
    let also = allocator!(bump 4096, { thread_safe: true, track_stats: true });
    fn parallel<T: Sync>(_: &T) {}
    parallel(&shared);
    parallel(&also);
    assert_eq!(also.tracker().snapshot().live(), 0);
    let aligned: BumpAllocator<_, 8> = allocator!(bump 64, { min_align: 8, tracked: false, threading: local });
    assert_eq!(aligned.capacity(), 64);
    let pool: PoolAllocator = allocator!(pool 64 bytes x 1024);
    let same: PoolAllocator = allocator!(pool, 64 x 1024, { alignment: 16 });
    assert_eq!((pool.block_layout().align(), same.block_layout().align()), (64, 16));
    let stack: StackAllocator = allocator!(stack 8192);
    assert_eq!(stack.capacity(), 8192);
    let _: SystemAllocator = allocator!(system);
    let limited = allocator!(system, { budget: 1 MiB, stats: on, });
    assert_eq!(limited.allocator().budget().limit(), 1024 * KIB);
    assert_eq!(allocator!(scoped bump 64 => |a| { *a.alloc(2) }), 2);
    assert_eq!(allocator!(scoped stack, 64 => |_| { 1 },), 1);
    assert_eq!(allocator!(scoped bump 64, { align: 8 } => |a| { *a.alloc(2) }), 2);
    let d = allocator!(crate = renamed, bump 64);
    assert_eq!(*d.alloc(1), 1);
}
