//! A value that is on its way to who has asked is not lost if the drop of another one panics.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

mod support;

use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nebula_memory::cache::SharedCache;
use nebula_memory::cache::layers::{ComputeCache, DedupCache};
#[cfg(feature = "compression")]
use nebula_memory::cache::{Codec, CodecError, TieredCache, layers::Store};

/// How many values there are, and how many drops of the frail ones it takes until one panics.
#[derive(Clone, Default)]
struct Frailty(Arc<(AtomicUsize, AtomicUsize)>);

/// A value that counts, or a clone of it. As a key it is like any other.
struct Frail {
    of: Frailty,
    breaks: bool,
}

impl Frailty {
    /// One that is whole whatever happens.
    fn whole(&self) -> Frail {
        self.value(false)
    }

    /// One of which a drop may panic.
    fn frail(&self) -> Frail {
        self.value(true)
    }

    fn value(&self, breaks: bool) -> Frail {
        self.0.0.fetch_add(1, Ordering::Relaxed);
        Frail { of: self.clone(), breaks }
    }
}

impl Clone for Frail {
    fn clone(&self) -> Self {
        self.of.value(self.breaks)
    }
}

impl Drop for Frail {
    fn drop(&mut self) {
        let (alive, fatal) = &*self.of.0;
        alive.fetch_sub(1, Ordering::Relaxed);
        if self.breaks {
            assert_ne!(fatal.fetch_sub(1, Ordering::Relaxed), 1, "a drop panics");
        }
    }
}

impl PartialEq for Frail {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Frail {}

impl Hash for Frail {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// Whichever drop of a frail value panics, each value is dropped.
fn nothing_is_lost(run: impl Fn(&Frailty)) {
    for fatal in 1..20 {
        let frailty = Frailty::default();
        frailty.0.1.store(fatal, Ordering::Relaxed);
        let went_well = catch_unwind(AssertUnwindSafe(|| run(&frailty)));
        assert_eq!(frailty.0.0.load(Ordering::Relaxed), 0, "values are lost if drop {fatal} panics");
        if went_well.is_ok() {
            assert!(fatal > 1, "no drop has panicked");
            return;
        }
    }
    unreachable!("there are not so many drops");
}

/// `call` asks the cache for a key: it is to call what it is given for the value, which is too late.
fn another_was_faster<C>(
    layer: impl Fn(SharedCache<u32, Frail>) -> C,
    store: impl Fn(&C) -> &SharedCache<u32, Frail>,
    call: impl Fn(&C, &dyn Fn() -> Frail) -> Frail,
) {
    nothing_is_lost(|frailty| {
        let cache = layer(SharedCache::new(10));
        let too_late = || {
            store(&cache).insert(1, frailty.whole());
            frailty.frail()
        };
        assert!(!call(&cache, &too_late).breaks, "the one that was there first is for all");
    });
}

/// `call` asks the cache for the only key, which is frail, with a load that is not called, and has a frail value.
fn it_is_there<C>(
    layer: impl Fn(SharedCache<Frail, Frail>) -> C,
    store: impl Fn(&C) -> &SharedCache<Frail, Frail>,
    call: impl Fn(&C, Frail, Frail) -> Frail,
) {
    nothing_is_lost(|frailty| {
        let cache = layer(SharedCache::new(10));
        store(&cache).insert(frailty.frail(), frailty.whole());
        let value = call(&cache, frailty.frail(), frailty.frail());
        drop(cache);
        drop(value);
    });
}

#[test]
fn by_a_shared_cache() {
    it_is_there(
        |store| store,
        |store| store,
        |store, key, unused| store.get_or_insert_with(key, move || unused),
    );
    another_was_faster(|store| store, |store| store, |store, compute| store.get_or_insert_with(1, compute));
}

#[test]
fn by_a_cache_that_computes() {
    it_is_there(ComputeCache::over, ComputeCache::store, |cache, key, unused| {
        cache.get_or_compute(key, move || unused)
    });
    another_was_faster(ComputeCache::over, ComputeCache::store, |cache, compute| {
        cache.get_or_compute(1, compute)
    });
}

#[test]
fn by_one_that_computes_once_for_all() {
    it_is_there(
        DedupCache::over,
        |cache| cache.inner().store(),
        |cache, key, unused| cache.get_or_compute(key, move || unused),
    );
    another_was_faster(
        DedupCache::over,
        |cache| cache.inner().store(),
        |cache, compute| cache.get_or_compute(1, compute),
    );
}

#[cfg(feature = "async")]
mod tasks {
    use nebula_memory::cache::layers::{AsyncCache, AsyncDedupCache};

    use super::support::task::ready;
    use super::*;

    #[test]
    fn by_a_cache_that_computes() {
        it_is_there(AsyncCache::over, AsyncCache::store, |cache, key, unused| {
            ready(cache.get_or_compute(key, async move || unused))
        });
        another_was_faster(AsyncCache::over, AsyncCache::store, |cache, compute| {
            ready(cache.get_or_compute(1, async || compute()))
        });
    }

    #[test]
    fn by_one_that_may_fail() {
        let call = |cache: &AsyncCache<_, _>, compute: &dyn Fn() -> Frail| {
            ready(cache.try_get_or_compute(1, async || Ok::<_, u8>(compute())))
                .unwrap_or_else(|_| unreachable!())
        };
        another_was_faster(AsyncCache::over, AsyncCache::store, call);
    }

    #[test]
    fn by_one_that_computes_once_for_all() {
        it_is_there(
            AsyncDedupCache::over,
            |cache| cache.inner().store(),
            |cache, key, unused| ready(cache.get_or_compute(key, async move || unused)),
        );
        nothing_is_lost(|frailty| {
            let cache = AsyncDedupCache::new(10);
            let mine = frailty.clone();
            let value = ready(cache.get_or_compute(1, async move || mine.frail()));
            drop(cache);
            drop(value);
        });
    }
}

/// Of two tiers: what is removed, though the key of it was that of the cache.
#[cfg(feature = "compression")]
#[test]
fn by_a_cache_of_two_tiers() {
    struct Never;

    impl Codec<Frail> for Never {
        fn encode(&self, _: &Frail, _: &mut Vec<u8>) -> Result<(), CodecError> {
            Err("nothing leaves the first tier".into())
        }

        fn decode(&self, _: &[u8]) -> Result<Frail, CodecError> {
            Err("nothing leaves the first tier".into())
        }
    }

    let cache = || TieredCache::builder().first(10).second(1000).codec(Never).build();
    nothing_is_lost(|frailty| {
        let (cache, key) = (cache(), frailty.whole());
        cache.insert(frailty.frail(), frailty.whole());
        assert!(cache.remove(&key).is_some());
    });
    nothing_is_lost(|frailty| {
        let cache = cache();
        cache.insert(frailty.whole(), frailty.whole());
        cache.get_or_insert_with(frailty.frail(), || unreachable!("it is there"));
        assert!(cache.insert_new(frailty.frail(), frailty.frail(), || true).is_some());
    });
}
