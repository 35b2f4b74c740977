//! Neither references nor values; nor what is missing.
use nebula_memory::{Arena, SystemAllocator, alloc, dealloc};

fn main() {
    let arena = Arena::new();
    let number = alloc!(arena, u64 = 1);
    unsafe {
        dealloc!(arena, number);
        dealloc!(SystemAllocator, 5);
        dealloc!(SystemAllocator);
        dealloc!();
        dealloc!(SystemAllocator, std::ptr::null_mut::<u8>() extra);
    }
}
