//! A box knows how long its pool lives.

use nebula_memory::PoolAllocator;

fn main() {
    let name = {
        let pool = PoolAllocator::for_type::<String>(4);
        pool.typed::<String>().unwrap().alloc_with(|| String::from("gone")).unwrap()
    };
    println!("{}", *name);
}
