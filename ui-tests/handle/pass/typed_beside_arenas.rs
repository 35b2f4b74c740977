//! With `TypedAllocator` in scope, arenas and scopes keep their own `alloc`; what is only an `Allocator` has the other.

use nebula_memory::prelude::*;
use nebula_memory::{BumpAllocator, TypedAllocator};

fn generic<A: Allocator>(memory: &A) -> Result<(), AllocError> {
    let number = memory.alloc::<u32>()?;
    // SAFETY: allocated just above.
    unsafe { memory.dealloc(number) };
    Ok(())
}

struct Holder<'a> {
    arena: &'a Arena,
}

fn main() -> Result<(), AllocError> {
    let mut arena = Arena::new();
    {
        let holder = Holder { arena: &arena };
        let one: &mut u8 = arena.alloc(1);
        let two: &mut u8 = holder.arena.alloc(2);
        let three: Vec<&mut u8> = (0..1).map(|n| holder.arena.alloc(n)).collect();
        assert_eq!((*one, *two, *three[0]), (1, 2, 0));
    }
    let scope = arena.scope();
    let four: &mut u8 = scope.alloc(4);
    let bump = BumpAllocator::new(64);
    let five: &mut u8 = bump.alloc(5);
    assert_eq!((*four, *five), (4, 5));
    generic(&&scope)?;
    generic(&&bump)?;
    generic(&SystemAllocator)
}
