//! In an unsafe block, which is needed and therefore no lint; of every pointer and allocator.
#![deny(warnings)]
use nebula_memory::{AllocError, Arena, SystemAllocator, TypedAllocator, dealloc};

struct Holder<'a> {
    arena: &'a Arena,
}

unsafe fn outer(number: std::ptr::NonNull<u64>) {
    unsafe { dealloc!(SystemAllocator, number) }
}

fn main() -> Result<(), AllocError> {
    let (number, table) = (SystemAllocator.alloc_init(1_u64)?, SystemAllocator.alloc_array::<u32>(10)?);
    let (more, arena) = (SystemAllocator.alloc_init([0_u8; 3])?, Arena::new());
    let holder = Holder { arena: &arena };
    let here = (&arena).alloc_init(1_u8)?;
    let there = (&arena).alloc_init(2_u8)?;
    // SAFETY: all allocated above, and given back once.
    unsafe {
        dealloc!(SystemAllocator, table);
        dealloc!(&SystemAllocator, more.as_ptr(),);
        dealloc!(holder.arena, there);
        dealloc!(crate = nebula_memory, arena, here);
        outer(number);
    }
    Ok(())
}
