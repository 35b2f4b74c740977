//! What generated code may call, and nothing else: not part of the public interface, and free to change in any
//! version.
//!
//! Generated code reaches everything through here, by an absolute path, so that it means the same wherever it is
//! expanded: whatever the user calls `Option` or `core`, with or without a prelude.

pub use core::{
    assert, compile_error, convert, default, fmt, mem, ops, option::Option, primitive, result::Result,
};

#[cfg(feature = "std")]
pub use std::thread_local;

pub use crate::__with_std as with_std;
#[cfg(feature = "alloc")]
pub use crate::StaticOrHeap;
pub use crate::allocator::bump::Block;
pub use crate::allocator::custom::{Layout, NonNull, validate_and_allocate};
pub use crate::allocator::dealloc::dealloc;
#[cfg(feature = "alloc")]
pub use crate::allocator::described::{or_panic, pool, try_pool};
#[cfg(feature = "std")]
pub use crate::allocator::fixed::{PerThread, ThreadPools, ThreadSlot};
pub use crate::allocator::{Budgeted, Counters, CountersSnapshot, Fallback, Owned, Segregated, Tracked};
#[cfg(feature = "std")]
pub use crate::arena::Scratch;
#[cfg(not(loom))]
pub use crate::budget::described::budget;
pub use crate::budget::described::{Root, limit, soft_limit};
pub use crate::pooled::limits::{align, capacity, max_bytes, reset_without_drop};
pub use crate::pooled::{
    Building, FieldDrop, FieldSlot, Fields, Hooked, Hooks, InPool, InReused, Init, Inline, IsSet, IsUnset,
    NoOwnDrop, OwnDrop, Partial, Place, PoolOf, Reuse, Reused, Set, Unfilled, Uninit, Unset,
};
pub use crate::sync::Local;
#[cfg(target_has_atomic = "ptr")]
pub use crate::sync::Shared;
pub use crate::{AllocError, FixedPool, LocalFixedPool, PoolHandle, Pooled, StaticPool};
#[cfg(feature = "std")]
pub use crate::{LocalOrHeap, LocalPool};

/// What `#[cached]` and `#[derive(CacheKey)]` generate calls into.
#[cfg(all(feature = "cache", target_has_atomic = "64"))]
pub mod cached {
    pub use core::{
        borrow::Borrow,
        clone::Clone,
        cmp::{Eq, PartialEq},
        convert::From,
        default::Default,
        ffi::CStr,
        fmt::{self, Debug, Formatter},
        hash::{Hash, Hasher},
        marker::Copy,
        mem::discriminant,
        option::Option,
        primitive,
        result::Result,
        time::Duration,
    };
    #[cfg(feature = "std")]
    pub use std::{ffi::OsStr, path::Path};

    pub use alloc_crate::borrow::ToOwned;
    pub use equivalent::Equivalent;

    pub use crate::cache::CacheKey;
    pub use crate::cache::key::{copied, made, same_hash};

    #[cfg(all(feature = "std", not(loom)))]
    pub use crate::cache::{
        CacheBuilder, Counted, DefaultHashBuilder, NoListener, SharedCache, UnitWeight,
        expiry::{Tti, Ttl},
        memo::*,
        policy::{Adaptive, Elastic, Fifo, Lfu, Lru, Random, S3Fifo, Sieve, WTinyLfu},
    };
}

/// Items that need `std`, or the reason why there are none.
#[cfg(feature = "std")]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_std {
    ($_reason:literal, $($items:tt)*) => { $($items)* };
}

/// Items that need `std`, or the reason why there are none.
#[cfg(not(feature = "std"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_std {
    ($reason:literal, $($items:tt)*) => {
        $crate::__private::compile_error! { $reason }
    };
}

/// Puts `name` on the error trail, for as long as the guard lives.
#[cfg(feature = "std")]
pub fn enter(name: &'static str) -> crate::AllocContext {
    crate::AllocContext::enter(name)
}

/// Without `std` there is no trail.
#[cfg(not(feature = "std"))]
pub fn enter(_: &'static str) {}

/// The allocator traits of other crates, as far as features ask for them.
pub mod foreign {
    /// Version 0.2 of `allocator-api2`.
    #[cfg(feature = "allocator-api2")]
    pub mod api2 {
        pub use allocator_api2::alloc::{AllocError, Allocator};
    }

    /// Version 0.3 of `allocator-api2`.
    #[cfg(feature = "allocator-api2-03")]
    pub mod api2_03 {
        pub use allocator_api2_03::alloc::{AllocError, Allocator};
    }

    /// Version 0.4 of `allocator-api2`.
    #[cfg(feature = "allocator-api2-04")]
    pub mod api2_04 {
        pub use allocator_api2_04::alloc::{AllocError, Allocator};
    }
}
