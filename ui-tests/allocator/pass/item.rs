//! The form that defines a type: composed of what its lines say, in a crate that forbids unsafe code.
#![deny(warnings, missing_docs)]
#![forbid(unsafe_code)]
extern crate nebula_memory as renamed;

use nebula_memory::{AllocHandle, Budget, KIB, MIB, PoolAllocator, Shared, allocator};

const SMALL: usize = 64;

allocator! {
    /// Memory of one request.
    #[derive(Debug)]
    pub struct RequestMemory {
        /// Nodes.
        small: pool(SMALL x 16),
        large: bump(64 * KIB),
        fallback: system,
        budget: 8 * MIB,
        stats: on,
    }
}

allocator! {
    struct Plain { all: bump(4 KiB) }
}

allocator! {
    struct Three {
        tiny: pool(16 bytes x 4),
        middle: bump(4 KiB) up to 256 bytes,
        rest: system,
    }
}

allocator! {
    crate = renamed,
    pub(crate) struct Many {
        all: bump(4096bytes),
        fallback: bump(1KiB),
        budget: 4 KiB,
        thread_safe: true,
        stats: true,
    }
}

allocator! {
    struct Nodes { r#type: stack(1 KiB), fallback: system, stats: off, threading: local }
}

#[allow(dead_code)]
mod inner {
    nebula_memory::allocator! {
        #[cfg(any())]
        pub struct Absent { all: bump(1), budget: 1 }
    }
    pub struct Absent;
    nebula_memory::allocator! {
        pub(super) struct Private { pub_: pool(8 x 2) }
    }
}

macro_rules! define {
    ($name:ident, $kind:ident, $size:expr, $count:literal) => {
        allocator! {
            struct $name { small: $kind($size x $count), large: bump($count KiB), fallback: system }
        }
    };
}
define!(Defined, pool, 8 * 8, 3);

fn parallel<T: Sync + Send>(_: &T) {}

fn main() {
    let memory = RequestMemory::new();
    let pool: &PoolAllocator = memory.small();
    assert_eq!(pool.blocks_in_use(), 0);
    let node = AllocHandle::new([0_u8; 64], &memory);
    let page = AllocHandle::new([0_u8; 4096], &memory);
    let book = AllocHandle::new([0_u8; 100_000], &memory);
    let budget: &Budget = memory.budget();
    assert_eq!(budget.used(), 64 + 4096 + 100_000);
    assert_eq!((memory.small().blocks_in_use(), memory.large().used()), (1, 4096));
    assert_eq!(memory.stats().live(), 3);
    drop((node, page, book));
    assert_eq!((memory.stats().in_use, memory.budget().used()), (0, 0));

    let plain = Plain::default();
    let moved = AllocHandle::new(1, plain);
    assert_eq!(*moved, 1);

    let three = Three::try_new().unwrap_or_default();
    let handles: Vec<_> = [8, 100, 1000].iter().map(|n| AllocHandle::new(*n, &three)).collect();
    assert_eq!((handles.len(), three.tiny().blocks_in_use(), three.middle().used()), (3, 3, 0));

    let many = Many::new();
    parallel(&many);
    let budget: &Budget<Shared> = many.budget();
    assert_eq!((budget.limit(), many.stats().live()), (4096, 0));

    assert_eq!(Nodes::new().r#type().used(), 0);
    let _ = (inner::Private::new(), inner::Absent);
    {
        allocator! {
            struct Local { all: bump(16) }
        }
        assert_eq!(Local::new().all().capacity(), 16);
    }
    assert_eq!(Defined::new().large().capacity(), 3 * KIB);
}
