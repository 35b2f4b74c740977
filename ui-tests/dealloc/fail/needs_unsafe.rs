//! A macro must not hide what is unsafe.
use nebula_memory::{SystemAllocator, TypedAllocator, dealloc};

fn main() {
    let number = SystemAllocator.alloc_init(1_u64).unwrap();
    dealloc!(SystemAllocator, number);
}
