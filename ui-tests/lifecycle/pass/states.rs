//! Each state has its methods, a struct can keep one, and a loop can go round them.

use core::alloc::Layout;

use nebula_memory::allocator::lifecycle::{Exhausted, Ready};
use nebula_memory::{AllocError, Arena, BumpAllocator, Exclusive, SystemAllocator};

struct Session {
    memory: Exclusive<BumpAllocator>, // `Ready`
}

fn refill(full: Exclusive<BumpAllocator, Exhausted>) -> Exclusive<BumpAllocator, Ready> {
    eprintln!("{}", full.error());
    full.reset()
}

fn main() -> Result<(), AllocError> {
    let layout = Layout::new::<u64>();
    let memory = Exclusive::new(|| BumpAllocator::try_new(20)).initialize()?;
    let mut session = Session { memory };
    for _ in 0..10 {
        // Several blocks at once, and the allocator's own methods beside them.
        let name = session.memory.allocator().try_alloc_str("abc");
        let error = match (session.memory.allocate(layout), session.memory.allocate(layout)) {
            (Ok(one), Ok(two)) => {
                one[0].write(1);
                two[0].write(2);
                assert_eq!(name.map(|name| name.len()), Ok(3));
                continue;
            }
            (Err(error), _) | (_, Err(error)) => error,
        };
        session.memory = refill(session.memory.into_exhausted(error));
    }

    // What cannot be reset can still be exhausted.
    let heap = Exclusive::ready(SystemAllocator);
    assert!(heap.try_allocate(Layout::from_size_align(isize::MAX as usize, 1).unwrap()).is_err());
    let arena = Exclusive::ready(Arena::new());
    assert!(arena.try_allocate(layout).is_ok());
    Ok(())
}
