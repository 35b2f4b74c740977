use std::format;
use std::string::String;
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use std::vec::Vec;

use super::books::Grant;
use super::entry::note_of;
use super::held::{Held, Vacancy};
use super::panics::FirstPanic;
use super::{Lease, ObjectHooks, ObjectPool, PoolError, Recipe, Watch};
use crate::sync::{Condvar, Mutex, Ordering};
use crate::unwind::guarded;

impl<T, R: ObjectHooks<T>, W: Watch> ObjectPool<T, R, W> {
    /// No more objects for anybody: who waits gets [`PoolError::Closed`], idle objects are destroyed now, and those in use when
    /// they come back. Does not wait for these. Whether the pool was open.
    ///
    /// ```
    /// use nebula_memory::pool::{ObjectPool, PoolError};
    ///
    /// let pool = ObjectPool::new(4, String::new);
    /// let text = pool.acquire()?;
    /// assert!(pool.close());
    /// assert!(matches!(pool.acquire(), Err(PoolError::Closed)));
    /// drop(text);
    /// assert_eq!((pool.stats().destroyed, pool.stats().size), (1, 0));
    /// # Ok::<(), PoolError>(())
    /// ```
    pub fn close(&self) -> bool {
        let mut panics = FirstPanic::default();
        let mut was_open = false;
        panics.run(|| was_open = self.books.close());
        panics.run(|| self.shed(0));
        was_open
    }

    /// Whether the pool was closed.
    pub fn is_closed(&self) -> bool {
        self.books.balance().closed
    }

    /// How many objects there may be.
    pub fn capacity(&self) -> usize {
        self.books.limit()
    }

    /// How many objects there are, idle or in use.
    pub fn size(&self) -> usize {
        self.books.balance().live
    }

    /// Changes how many objects there may be. If there are more, idle ones are destroyed now, and those in use when they come
    /// back.
    ///
    /// # Panics
    /// If `max` is 0: that is what [`close`](Self::close) is for.
    #[track_caller]
    pub fn resize(&self, max: usize) {
        assert!(max > 0, "a pool of capacity zero can hold nothing: it must be at least 1");
        self.books.set_limit(max);
        self.shed(max);
    }

    /// How many objects are kept at least.
    #[cfg(feature = "config")]
    pub(crate) const fn least(&self) -> usize {
        self.least
    }

    /// How long objects may be idle, and how long they may be there at all.
    #[cfg(feature = "config")]
    pub(crate) fn oldest(&self) -> (Option<Duration>, Option<Duration>) {
        self.watch.oldest()
    }

    /// Destroys idle objects until there are no more than `size`, in use or not, or none is idle. How many there may be stays
    /// as it is.
    pub fn shrink_to(&self, size: usize) {
        self.shed(size);
    }

    /// Destroys the idle objects that `keep` does not want. They are looked at one after the other; those that were stay out of
    /// the pool until all are, or until somebody waits for one.
    ///
    /// ```
    /// use nebula_memory::pool::ObjectPool;
    ///
    /// let pool = ObjectPool::new(4, Vec::<u8>::new);
    /// let mut large = pool.acquire()?;
    /// large.resize(1 << 20, 0);
    /// drop((large, pool.acquire()?));
    /// pool.retain(|buffer| buffer.capacity() < 1 << 16);
    /// assert_eq!((pool.stats().idle, pool.stats().destroyed), (1, 1));
    /// # Ok::<(), nebula_memory::pool::PoolError>(())
    /// ```
    pub fn retain(&self, mut keep: impl FnMut(&mut T) -> bool) {
        self.inspect(|held| keep(held.object()));
    }

    /// Looks at idle objects; those that are not good are destroyed.
    fn inspect(&self, mut good: impl FnMut(&mut Held<'_, T, R, W>) -> bool) {
        let mut aside = self.set_aside();
        while let Some(mut held) = aside.next() {
            if good(&mut held) {
                aside.keep(held);
            } else {
                drop(held.destroy());
            }
        }
    }

    /// The idle objects, one after the other.
    pub(super) fn set_aside(&self) -> Aside<'_, T, R, W> {
        Aside { pool: self, left: self.books.idle(), kept: Vec::new() }
    }

    /// Puts an object of yours in the pool, as if it had been made there; gives it back if there may be no more, or the
    /// pool was closed.
    ///
    /// # Errors
    /// The object.
    pub fn adopt(&self, object: T) -> Result<(), T> {
        match self.books.request_vacant() {
            Grant::Vacant(slot) => {
                // SAFETY: granted: ours, without an object.
                let vacancy = unsafe { Vacancy::new(self, slot) };
                let held = vacancy.fill(object);
                self.tally.adopted.fetch_add(1, Ordering::Relaxed);
                self.watch.created(held.note());
                held.shelve();
                Ok(())
            }
            _ => Err(object),
        }
    }

    /// Who has an object, and since when; those who have had one longest come first. Empty unless the pool
    /// [tracks leaks](super::Builder::track_leaks).
    pub fn leases(&self) -> Vec<Lease> {
        let mut leases = Vec::new();
        if W::READ {
            for entry in self.books.entries() {
                // SAFETY: an entry of this pool, which is borrowed.
                leases.extend(self.watch.lease(unsafe { note_of(entry) }));
            }
        }
        leases.sort_by_key(|lease| core::cmp::Reverse(lease.held_for));
        leases
    }

    /// Those of the [`leases`](Self::leases) that are older than this, as a text with a line for each; nothing if there are
    /// none.
    pub fn leak_report(&self, older_than: Duration) -> Option<String> {
        let old: Vec<_> = self.leases().into_iter().filter(|lease| lease.held_for >= older_than).collect();
        let name = core::any::type_name::<T>();
        let head = format!("{} objects `{name}` in use for {older_than:?} or longer", old.len());
        (!old.is_empty()).then(|| old.iter().fold(head, |text, lease| format!("{text}\n    {lease}")))
    }
}

/// Idle objects that are looked at one after the other. Those that are kept stay out meanwhile, or the same one would come
/// again; they go back when this is dropped.
pub(super) struct Aside<'p, T, R: ObjectHooks<T>, W: Watch> {
    pool: &'p ObjectPool<T, R, W>,
    left: usize,
    kept: Vec<Held<'p, T, R, W>>,
}

impl<'p, T, R: ObjectHooks<T>, W: Watch> Aside<'p, T, R, W> {
    /// The next one; none also if somebody waits for those that are kept.
    pub(super) fn next(&mut self) -> Option<Held<'p, T, R, W>> {
        self.left = self.left.checked_sub(1)?;
        self.pool.take_idle()
    }

    pub(super) fn keep(&mut self, held: Held<'p, T, R, W>) {
        self.kept.push(held);
    }
}

impl<T, R: ObjectHooks<T>, W: Watch> Drop for Aside<'_, T, R, W> {
    fn drop(&mut self) {
        // In reverse: the one used last is taken first again.
        self.kept.drain(..).rev().for_each(Held::shelve_quietly);
        if !self.pool.books.is_quiet_now() {
            self.pool.attend();
        }
    }
}

impl<T, R: Recipe<T>, W: Watch> ObjectPool<T, R, W> {
    /// Makes objects until `idle` are idle, or there may be no more. How many it made.
    ///
    /// # Errors
    /// The first that cannot be made; those made before stay.
    pub fn reserve(&self, idle: usize) -> Result<usize, PoolError> {
        self.make_while(|pool| pool.books.idle() < idle)
    }

    fn make_while(&self, lacking: impl Fn(&Self) -> bool) -> Result<usize, PoolError> {
        let mut made = 0;
        while lacking(self) {
            match self.books.request_vacant() {
                Grant::Vacant(slot) => {
                    // SAFETY: granted: ours, without an object.
                    let vacancy = unsafe { Vacancy::new(self, slot) };
                    self.create_in(vacancy)?.shelve();
                    made += 1;
                }
                Grant::Refused(super::books::Refusal::Exhausted) => break,
                other => return self.accept(other).map(|_| made),
            }
        }
        Ok(made)
    }

    /// As many as there are to be at least.
    pub(crate) fn fill_to_least(&self) -> Result<usize, PoolError> {
        self.make_while(|pool| pool.books.balance().live < pool.least)
    }

    /// Does what is done from time to time: destroys idle objects that are too old or not healthy any more, and makes as many as
    /// there are to be at least. How many were destroyed and made.
    ///
    /// Objects are looked at one after the other, and somebody who waits for one ends it early. See
    /// [`spawn_maintenance`](Self::spawn_maintenance) for a thread that does this.
    ///
    /// # Errors
    /// If an object cannot be made.
    pub fn maintain(&self) -> Result<Maintained, PoolError> {
        let mut destroyed = 0;
        self.inspect(|held| {
            let good = !self.watch.expired(held.note()) && self.recipe.is_healthy(held.object());
            destroyed += usize::from(!good);
            good
        });
        if self.is_closed() {
            return Ok(Maintained { destroyed, created: 0 });
        }
        Ok(Maintained { destroyed, created: self.fill_to_least()? })
    }

    /// A thread that [maintains](Self::maintain) the pool every `interval`, and ends with it: it keeps the pool alive only while
    /// it works on it. Errors are counted ([`PoolStats::failed`](super::PoolStats::failed)), and the next time is another try.
    ///
    /// # Panics
    /// If the system has no thread.
    pub fn spawn_maintenance(self: &Arc<Self>, interval: Duration) -> Maintenance
    where
        T: Send + 'static,
        R: Send + Sync + 'static,
        W: Send + Sync + 'static,
    {
        let stop = Arc::new(Stop { asked: Mutex::new(false), changed: Condvar::new() });
        let pool = Arc::downgrade(self);
        let asked = Arc::clone(&stop);
        let work = move || {
            while !asked.wait(interval) {
                let Some(pool) = pool.upgrade() else { return };
                if pool.is_closed() {
                    return;
                }
                // A hook that panics is not the end of it, and an error is counted.
                guarded(|| pool.maintain());
            }
        };
        let thread = thread::Builder::new().name(String::from("pool maintenance")).spawn(work);
        drop(thread.expect("a thread for the maintenance of a pool"));
        Maintenance { stop }
    }
}

/// What [`maintain`](ObjectPool::maintain) did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Maintained {
    /// Idle objects that were too old or not healthy.
    pub destroyed: usize,
    /// Objects made.
    pub created: usize,
}

/// A thread that maintains a pool, until this is dropped; it is told to stop then and not waited for.
#[must_use = "the thread stops when this is dropped"]
#[derive(Debug)]
pub struct Maintenance {
    stop: Arc<Stop>,
}

#[derive(Debug)]
struct Stop {
    asked: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    /// Sleeps; whether it was told to stop.
    fn wait(&self, interval: Duration) -> bool {
        let until = Instant::now().checked_add(interval);
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        while !*asked {
            let left = until.map_or(interval, |until| until.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return false;
            }
            asked = self.changed.wait_timeout(asked, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

impl Drop for Maintenance {
    fn drop(&mut self) {
        // Under the lock: the thread is asleep, or has not looked yet.
        *self.stop.asked.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.stop.changed.notify_all();
    }
}
