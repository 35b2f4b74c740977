//! `impl_allocator!` where names are shadowed and nothing is imported.
#![no_implicit_prelude]

use ::core::alloc::Layout;
use ::core::ptr::NonNull as Pointer;
use ::nebula_memory::{AllocError as Problem, Allocator as _, SystemAllocator};

mod core {}
enum Result {}
enum NonNull {}

struct Plain;
struct Many<A, const N: usize>([A; N]);
struct Nested<A>(A);

macro_rules! methods {
    ($($memory:tt)*) => {
        fn allocate_impl(&self, layout: Layout) -> ::core::result::Result<Pointer<[u8]>, Problem> {
            $($memory)*.allocate(layout)
        }

        unsafe fn deallocate_impl(&self, block: Pointer<u8>, layout: Layout) {
            // SAFETY: the caller's promise.
            unsafe { $($memory)*.deallocate(block, layout) }
        }
    };
}

impl Plain {
    methods!(SystemAllocator);
}

impl<A: ::nebula_memory::Allocator, const N: usize> Many<A, N> {
    methods!(SystemAllocator);
}

impl<A> Nested<A> {
    methods!(SystemAllocator);
}

// SAFETY: every block is the heap's.
::nebula_memory::impl_allocator!(unsafe Plain);
// SAFETY: as above.
::nebula_memory::impl_allocator!(unsafe impl<A, const N: usize> for Many<A, N> where A: ::nebula_memory::Allocator);
// SAFETY: as above.
::nebula_memory::impl_allocator!(unsafe impl<A: ::core::iter::Iterator<Item = ::core::option::Option<u8>>> for Nested<A>);
// SAFETY: as above.
::nebula_memory::impl_allocator!(unsafe Nested<Plain>);

fn main() {
    let memory = Many([Plain]);
    use_once(&memory);
    use_once(&Nested(Plain));
    let _ = &memory.0;
    let _ = &Nested(0).0;
}

fn use_once(memory: &impl ::nebula_memory::Allocator) {
    let layout = Layout::new::<u64>();
    let ::core::result::Result::Ok(block) = memory.allocate(layout) else { ::core::panic!("the heap gives") };
    // SAFETY: allocated just above.
    unsafe { memory.deallocate(block.cast(), layout) };
}
