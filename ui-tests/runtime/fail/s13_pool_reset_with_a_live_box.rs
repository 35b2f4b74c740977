//! A pool of blocks cannot be reset while a box has one of them.

use nebula_memory::PoolAllocator;

fn main() {
    let mut pool = PoolAllocator::for_type::<String>(4);
    let name = pool.typed::<String>().unwrap().alloc_with(|| String::from("in use")).unwrap();
    pool.reset();
    println!("{}", *name);
}
