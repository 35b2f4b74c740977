//! Whether a thread that has to do something again has brought that about itself.

#[cfg(not(loom))]
pub(super) use on_threads::{Trying, note};
#[cfg(loom)]
pub(super) use without::{Trying, note};

/// So often code of the user's may change what it is called for.
pub(super) const PATIENCE: u32 = 64;

#[cfg(not(loom))]
mod on_threads {
    use core::cell::{Cell, RefCell};
    use core::marker::PhantomData;
    use std::vec::Vec;

    std::thread_local! {
        /// How many there are on this thread.
        static COUNT: Cell<usize> = const { Cell::new(0) };
        static TRIES: RefCell<Vec<Try>> = const { RefCell::new(Vec::new()) };
    }

    struct Try {
        shard: usize,
        half: Option<u32>,
        changed: bool,
    }

    /// Something that is done again if anybody changes a shard meanwhile, or entries with this half of a hash there.
    ///
    /// Of several on one thread the one that began last ends first.
    pub(in crate::cache::shared) struct Trying {
        /// On this thread.
        thread: PhantomData<*const ()>,
        known: bool,
    }

    impl Trying {
        pub(in crate::cache::shared) fn begin(shard: usize, half: Option<u32>) -> Self {
            let tried = with(|tries| tries.push(Try { shard, half, changed: false }));
            if tried.is_some() {
                COUNT.set(COUNT.get() + 1);
            }
            Self { thread: PhantomData, known: tried.is_some() }
        }

        /// Whether this thread has changed it since then.
        pub(in crate::cache::shared) fn is_own(&self) -> bool {
            let Self { thread: PhantomData, known } = self;
            *known && with(|tries| tries.last().is_some_and(|last| last.changed)) == Some(true)
        }
    }

    impl Drop for Trying {
        fn drop(&mut self) {
            if self.known {
                with(Vec::pop);
                COUNT.set(COUNT.get() - 1);
            }
        }
    }

    /// `None` if the thread is about to end, or this is called by its allocator.
    fn with<T>(call: impl FnOnce(&mut Vec<Try>) -> T) -> Option<T> {
        TRIES.try_with(|tries| tries.try_borrow_mut().ok().map(|mut tries| call(&mut tries))).ok().flatten()
    }

    /// This thread has changed an entry with this half of a hash, or all.
    #[inline(always)]
    pub(in crate::cache::shared) fn note(shard: usize, half: Option<u32>) {
        if COUNT.get() != 0 {
            note_down(shard, half);
        }
    }

    #[cold]
    #[inline(never)]
    fn note_down(shard: usize, half: Option<u32>) {
        with(|tries| {
            for it in tries.iter_mut().filter(|it| it.shard == shard) {
                it.changed |= half.is_none() || it.half.is_none() || it.half == half;
            }
        });
    }
}

/// Models have threads of their own kind, and nothing in them changes what it is called for.
#[cfg(loom)]
mod without {
    pub(in crate::cache::shared) struct Trying;

    impl Trying {
        pub(in crate::cache::shared) fn begin(_: usize, _: Option<u32>) -> Self {
            Self
        }

        #[expect(clippy::unused_self, reason = "as the other")]
        pub(in crate::cache::shared) fn is_own(&self) -> bool {
            false
        }
    }

    /// There is one outside of models too, so that to drop one early means something.
    impl Drop for Trying {
        fn drop(&mut self) {}
    }

    pub(in crate::cache::shared) fn note(_: usize, _: Option<u32>) {}
}
