//! Blocks that two threads take while there are none yet: each grows, or waits for the other one to.

use loom::sync::Arc;
use loom::thread;
use nebula_memory::allocator::free_list_model::become_thread;
use nebula_memory::{PoolOptions, SharedPoolAllocator};
use std::alloc::Layout;

#[test]
fn one_thread_grows_and_the_other_waits() {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(2);
    builder.max_branches = 20_000;
    builder.check(|| {
        become_thread(1);
        let mut options = PoolOptions::new(1);
        options.max_blocks = Some(2);
        let pool = Arc::new(SharedPoolAllocator::try_new(Layout::new::<u64>(), &options).unwrap());
        let take = |pool: &SharedPoolAllocator| pool.try_allocate_block().expect("one for each").cast::<u8>();
        let other = {
            let pool = Arc::clone(&pool);
            thread::spawn(move || {
                become_thread(2);
                let block = take(&pool);
                // SAFETY: just taken.
                unsafe { pool.try_deallocate(block) }.unwrap();
                block.addr()
            })
        };
        let block = take(&pool);
        let theirs = other.join().unwrap();
        // They had it before or after us, or it is another one.
        assert!(pool.blocks() <= 2 && (theirs == block.addr() || pool.blocks() == 2));
        // SAFETY: taken above.
        unsafe { pool.try_deallocate(block) }.unwrap();
        assert_eq!(pool.blocks_in_use(), 0);
    });
}
