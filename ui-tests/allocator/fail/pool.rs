//! What a pool is made of, and other kinds are not.
use nebula_memory::allocator;

fn main() {
    allocator!(pool 64);
    allocator!(pool 64x1024);
    allocator!(pool 0 x 0);
    allocator!(bump 64 x 1024);
    allocator!(bump 64 KB);
    allocator!(system 64);
    allocator!(scoped pool 64 x 10 => |p| { 1 });
}
