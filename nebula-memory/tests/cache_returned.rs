//! A value that is on its way to who has asked is not lost if the drop of another one panics.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nebula_memory::cache::SharedCache;
use nebula_memory::cache::layers::{ComputeCache, DedupCache};

/// How many values there are, and how many drops of the frail ones it takes until one panics.
#[derive(Clone, Default)]
struct Frailty(Arc<(AtomicUsize, AtomicUsize)>);

/// A value that counts, or a clone of it.
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

/// Whichever drop of a frail value panics, each value is dropped.
fn nothing_is_lost(run: impl Fn(&Frailty)) {
    for fatal in 1.. {
        let frailty = Frailty::default();
        frailty.0.1.store(fatal, Ordering::Relaxed);
        let went_well = catch_unwind(AssertUnwindSafe(|| run(&frailty)));
        assert_eq!(frailty.0.0.load(Ordering::Relaxed), 0, "values are lost if drop {fatal} panics");
        if went_well.is_ok() {
            assert!(fatal > 1, "no drop has panicked");
            return;
        }
    }
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

#[test]
fn by_a_shared_cache() {
    another_was_faster(|store| store, |store| store, |store, compute| store.get_or_insert_with(1, compute));
}

#[test]
fn by_a_cache_that_computes() {
    another_was_faster(ComputeCache::over, ComputeCache::store, |cache, compute| {
        cache.get_or_compute(1, compute)
    });
}

#[test]
fn by_one_that_computes_once_for_all() {
    another_was_faster(
        DedupCache::over,
        |cache| cache.inner().store(),
        |cache, compute| cache.get_or_compute(1, compute),
    );
}

#[cfg(feature = "async")]
mod tasks {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use nebula_memory::cache::layers::{AsyncCache, AsyncDedupCache};

    use super::*;

    fn ready<F: Future>(future: F) -> F::Output {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => output,
            Poll::Pending => unreachable!("it has nothing to wait for"),
        }
    }

    #[test]
    fn by_a_cache_that_computes() {
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
        nothing_is_lost(|frailty| {
            let cache = AsyncDedupCache::new(10);
            let mine = frailty.clone();
            let value = ready(cache.get_or_compute(1, async move || mine.frail()));
            drop(cache);
            drop(value);
        });
    }
}
