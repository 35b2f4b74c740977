//! All that is wrong with the options, at once.
use nebula_memory::allocator;

fn main() {
    let a = allocator!(bump 4096, {
        thread_saf: true,
        tracked: 1,
        track_stats: true,
        align: 3,
        alignment: 8,
        threading: many,
        budget: "1 MiB",
    });
    a.alloc(1);
    let flag = true;
    allocator!(bump 4096, { tracked: flag });
    allocator!(pool 64 x 10, { threading: shared });
    allocator!(stack 64, { align: 8 });
    allocator!(scoped bump 64, { stats: on } => |a| { a.alloc(1); });
    allocator!(bump 4096, { fallback: system });
}
