//! Which caches go from thread to thread, and which are shared by threads: those whose keys and values may be, and all else in them.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

use std::cell::Cell;
use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::MutexGuard;

use nebula_memory::cache::expiry::{PerEntryTtl, Tti, Ttl};
use nebula_memory::cache::layers::{CircuitBreakerCache, ComputeCache, DedupCache};
use nebula_memory::cache::policy::{
    Adaptive, AnyPolicy, Elastic, Fifo, Lfu, Lru, Random, S3Fifo, Sieve, WTinyLfu,
};
use nebula_memory::cache::{
    Cache, Counted, DefaultHashBuilder, FixedCache, Iter, IterMut, NoListener, Pinnable, SharedCache,
    UnitWeight,
};

/// What is said of a type: its own constant, if it has one; else that of the trait.
struct Of<T: ?Sized>(PhantomData<T>);

trait No {
    const SEND: bool = false;
    const SYNC: bool = false;
}

impl<T: ?Sized> No for T {}

impl<T: ?Sized + Send> Of<T> {
    const SEND: bool = true;
}

impl<T: ?Sized + Sync> Of<T> {
    const SYNC: bool = true;
}

/// Whether a type is `Send`, and whether it is `Sync`.
macro_rules! of {
    ($type:ty) => {
        (Of::<$type>::SEND, Of::<$type>::SYNC)
    };
}

/// Goes anywhere, but one thread has it at a time.
type Alone = Cell<u32>;
/// Stays where it is, but others may look.
type Guard = MutexGuard<'static, u32>;
/// Neither.
type Local = Rc<u32>;

#[test]
fn a_cache_of_one_owner_is_as_what_is_in_it() {
    assert_eq!(of!(Cache<String, Vec<u8>>), (true, true));
    assert_eq!(of!(Cache<u32, Alone>), (true, false));
    assert_eq!(of!(Cache<u32, Guard>), (false, true));
    assert_eq!(of!(Cache<Local, u32>), (false, false));
    assert_eq!(of!(Cache<u32, u32, Lru, DefaultHashBuilder, UnitWeight, Alone>), (true, false));
    assert_eq!(of!(FixedCache<u32, u32, 4>), (true, true));
    assert_eq!(of!(FixedCache<u32, Alone, 4>), (true, false));
    assert_eq!(of!(FixedCache<Guard, u32, 4>), (false, true));
    assert_eq!(of!(Iter<'static, u32, u32, Lru>), (true, true));
    assert_eq!(of!(Iter<'static, u32, Alone, Lru>), (false, false));
    assert_eq!(of!(IterMut<'static, u32, Alone, Lru>), (true, false));
    assert_eq!(of!(IterMut<'static, u32, Guard, Lru>), (false, true));
}

#[test]
fn a_shared_one_is_shared_if_what_is_in_it_may_be_dropped_and_seen_anywhere() {
    assert_eq!(of!(SharedCache<String, Vec<u8>>), (true, true));
    assert_eq!(of!(SharedCache<u32, Alone>), (true, false));
    assert_eq!(of!(SharedCache<Alone, u32>), (true, false));
    // Others would drop them.
    assert_eq!(of!(SharedCache<u32, Guard>), (false, false));
    assert_eq!(of!(SharedCache<Guard, u32>), (false, false));
    assert_eq!(of!(SharedCache<u32, Local>), (false, false));
    // A hasher, a weigher and a listener are used by all threads.
    assert_eq!(of!(SharedCache<u32, u32, Lru, Alone>), (true, false));
    assert_eq!(of!(SharedCache<u32, u32, Lru, DefaultHashBuilder, UnitWeight, Alone>), (true, false));
    assert_eq!(of!(SharedCache<u32, u32, Lru, DefaultHashBuilder, UnitWeight, Local>), (false, false));
    assert_eq!(
        of!(SharedCache<u32, u32, Lru, DefaultHashBuilder, UnitWeight, Counted<NoListener>>),
        (true, true)
    );
}

#[test]
fn every_policy_can_be_shared() {
    macro_rules! all {
        ($($policy:ty),* $(,)?) => {
            $(assert_eq!(of!(SharedCache<u32, u32, $policy>), (true, true), stringify!($policy));)*
        };
    }
    all!(Lru, Lfu, Fifo, Random, Sieve, S3Fifo, Elastic, WTinyLfu, Adaptive, AnyPolicy);
    all!(
        Ttl<Lru>,
        Tti<S3Fifo>,
        PerEntryTtl<AnyPolicy>,
        Pinnable<Lfu>,
        Pinnable<Ttl<PerEntryTtl<Tti<Sieve>>>>
    );
}

#[test]
fn layers_are_as_what_they_are_around() {
    type Fluent<V> = CircuitBreakerCache<u32, V, DedupCache<u32, V>>;
    assert_eq!(of!(ComputeCache<u32, u32>), (true, true));
    assert_eq!(of!(DedupCache<u32, u32>), (true, true));
    assert_eq!(of!(Fluent<u32>), (true, true));
    assert!(!of!(ComputeCache<u32, Alone>).1);
    // Who waits gets a clone of a value that another thread has.
    assert!(!of!(DedupCache<u32, Alone>).1);
    assert!(!of!(Fluent<Alone>).1);
    assert_eq!(of!(DedupCache<u32, Local>), (false, false));
    assert_eq!(of!(ComputeCache<Local, u32>), (false, false));
}

#[cfg(feature = "async")]
#[test]
fn so_are_those_for_tasks() {
    use nebula_memory::cache::layers::{AsyncCache, AsyncDedupCache};
    assert_eq!(of!(AsyncCache<u32, u32>), (true, true));
    assert_eq!(of!(AsyncDedupCache<u32, u32>), (true, true));
    assert!(!of!(AsyncDedupCache<u32, Alone>).1);
    assert_eq!(of!(AsyncDedupCache<u32, Local>), (false, false));
}

#[cfg(feature = "compression")]
#[test]
fn so_are_tiers() {
    use nebula_memory::cache::TieredCache;
    assert_eq!(of!(TieredCache<u32, String>), (true, true));
    // Values are given out as what several threads may hold.
    assert!(!of!(TieredCache<u32, Alone>).1);
    assert_eq!(of!(TieredCache<u32, Local>), (false, false));
    assert_eq!(of!(TieredCache<Local, String>), (false, false));
}
