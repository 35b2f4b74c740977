use super::entry::note_of;
use super::{ObjectHooks, ObjectPool, Watch};
use crate::sync::{AtomicUsize, Ordering};

/// What a pool has done and has, at one moment.
///
/// Exact while nobody uses the pool; else each number is one that there was, but they need not be of the same moment. When
/// exact, `created + adopted = destroyed + detached + idle + held`; guards that were leaked are held for good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStats {
    /// How many objects there may be.
    pub capacity: usize,
    /// Objects that exist, and those that are being made.
    pub size: usize,
    /// Objects that wait to be used.
    pub idle: usize,
    /// Objects that are in use, or being made or destroyed.
    pub held: usize,
    /// Who waits for an object.
    pub waiting: usize,
    /// Objects made since the pool was.
    pub created: usize,
    /// Objects that came from elsewhere ([`adopt`](ObjectPool::adopt)).
    pub adopted: usize,
    /// Objects destroyed.
    pub destroyed: usize,
    /// Objects taken out for good.
    pub detached: usize,
    /// Creations that failed or panicked.
    pub failed: usize,
    /// How often somebody had to wait.
    pub waits: u64,
    /// How often somebody waited in vain: threads, because a task that gives up does not say why.
    pub timeouts: usize,
    /// How often an object was handed out, if the pool [counts that](super::Builder::count_uses).
    pub acquired: Option<u64>,
}

impl PoolStats {
    /// Whether `created + adopted = destroyed + detached + idle + held`: it does while nobody uses the pool, whatever was done
    /// to it before. For tests of yours.
    ///
    /// ```
    /// let pool = nebula_memory::pool::ObjectPool::new(4, String::new);
    /// std::mem::forget(pool.acquire()?);
    /// assert!(pool.stats().is_balanced());
    /// # Ok::<(), nebula_memory::pool::PoolError>(())
    /// ```
    pub const fn is_balanced(&self) -> bool {
        self.created + self.adopted == self.destroyed + self.detached + self.idle + self.held
    }

    /// How many of a hundred objects handed out were used before, if the pool counts that and has handed out any.
    #[expect(clippy::cast_precision_loss, reason = "a percentage")]
    pub fn reuse_percent(&self) -> Option<f64> {
        let acquired = self.acquired.filter(|acquired| *acquired > 0)?;
        Some(100.0 - 100.0 * (self.created as f64 / acquired as f64).min(1.0))
    }
}

/// What is counted where it costs nothing: on the ways that make, destroy and wait.
#[derive(Debug)]
pub(super) struct Tally {
    pub(super) created: AtomicUsize,
    pub(super) adopted: AtomicUsize,
    pub(super) destroyed: AtomicUsize,
    pub(super) detached: AtomicUsize,
    pub(super) failed: AtomicUsize,
    pub(super) timeouts: AtomicUsize,
}

impl Tally {
    pub(super) fn new() -> Self {
        let zero = || AtomicUsize::new(0);
        Self {
            created: zero(),
            adopted: zero(),
            destroyed: zero(),
            detached: zero(),
            failed: zero(),
            timeouts: zero(),
        }
    }

    /// An object is being made; counted as failed unless it [succeeded](Attempt::succeeded).
    pub(super) fn attempt(&self) -> Attempt<'_> {
        Attempt(self)
    }
}

pub(super) struct Attempt<'t>(&'t Tally);

impl Attempt<'_> {
    pub(super) fn succeeded(self) {
        core::mem::forget(self);
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        self.0.failed.fetch_add(1, Ordering::Relaxed);
    }
}

impl<T, R: ObjectHooks<T>, W: Watch> ObjectPool<T, R, W> {
    /// What the pool has done and has. Takes the lock, and looks at every slot if uses are counted.
    pub fn stats(&self) -> PoolStats {
        let balance = self.books.balance();
        let idle = self.books.idle().min(balance.live);
        let read = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        let acquired = W::COUNTS.then(|| {
            // SAFETY: entries of this pool, which is borrowed.
            self.books.entries().into_iter().map(|entry| self.watch.uses(unsafe { note_of(entry) })).sum()
        });
        PoolStats {
            capacity: balance.limit,
            size: balance.live,
            idle,
            held: balance.live - idle,
            waiting: balance.waiting,
            created: read(&self.tally.created),
            adopted: read(&self.tally.adopted),
            destroyed: read(&self.tally.destroyed),
            detached: read(&self.tally.detached),
            failed: read(&self.tally.failed),
            waits: balance.waits,
            timeouts: read(&self.tally.timeouts),
            acquired,
        }
    }
}
