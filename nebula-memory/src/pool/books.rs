//! The free list of a pool, and the books: how many objects there may be, who waits, which slots are empty.
//!
//! Nothing here runs code of the user: objects, recipes and wakers are passed out and called where no lock is held.
//!
//! | who | does | then | then |
//! | --- | --- | --- | --- |
//! | gives an object back | puts a slot on the free list | `light_fence` | looks at `state` |
//! | is about to wait, closes, shrinks | sets a flag in `state` | `heavy_fence` | takes slots from the free list |
//!
//! So of the one who gives back and the one who waits at least one sees what the other did (Dijkstra's flags, with the costs
//! on one side). Where the kernel does not help with that, a flag in `state` says so from the start, and who sees it looks again after
//! a full fence.
//!
//! Who takes an object looks at `state` before, with no fence: not to overtake those who wait. That no slot is overlooked
//! does not depend on it: whoever waits has found that at some moment every slot was in somebody's hands, after its flag was up, and
//! each of those comes back after that.

use core::mem;
use core::ptr::NonNull;
use core::task::Waker;
use std::sync::PoisonError;
use std::vec::Vec;

use super::Priority;
use super::entry::{Entry, Slot};
use super::panics::FirstPanic;
use super::waiters::{Ticket, Waiters};
use crate::allocator::free_list::growing::GrowingSlots;
use crate::error::{AllocError, AllocErrorCode, AllocatorKind};
use crate::sync::{AtomicUsize, Mutex, MutexGuard, Ordering, asymmetric};

/// What who asked gets. Owns the slot, so it is passed on by value.
pub(super) enum Grant<T, N> {
    /// An idle object, to be used.
    Object(Slot<T, N>),
    /// An empty slot, to make an object in.
    Vacant(Slot<T, N>),
    /// Nothing.
    Refused(Refusal),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    Exhausted,
    Closed,
    Memory(AllocErrorCode),
}

/// Somebody waits.
const WAITING: usize = 1;
/// The pool was closed.
const CLOSED: usize = 2;
/// There are more objects than there may be.
const SURPLUS: usize = 4;
/// The light fence has to be a full one. Does not go once it is there.
const FENCE: usize = 8;

pub(super) struct Books<T, N> {
    /// Idle objects.
    slots: GrowingSlots<Entry<T, N>>,
    /// Zero while nothing special is going on, and the kernel helps. Changed under the lock only; read by all, so it shares no line with what changes.
    state: AtomicUsize,
    pages: Apart<Mutex<Pages<T, N>>>,
}

/// On cache lines of its own: two, because processors fetch them in pairs.
#[repr(align(128))]
struct Apart<T>(T);

struct Pages<T, N> {
    /// Objects that exist, are being made, or are being destroyed.
    live: usize,
    /// Those of them that are being destroyed because there are too many.
    leaving: usize,
    limit: usize,
    closed: bool,
    /// Slots without an object. Has room for all slots, so that adding one cannot fail.
    empty: Vec<Slot<T, N>>,
    /// How many slots there are.
    slots: usize,
    /// All of them, if their notes are to be read.
    all: Option<Vec<NonNull<Entry<T, N>>>>,
    waiters: Waiters<Grant<T, N>>,
    waits: u64,
}

// SAFETY: objects and notes are owned, or reached by who has taken their slot; they go where both may.
unsafe impl<T: Send, N: Send> Send for Books<T, N> {}
// SAFETY: a slot is taken by one thread at a time, so objects move between threads and are not shared; notes are shared.
unsafe impl<T: Send, N: Send + Sync> Sync for Books<T, N> {}

/// The books at one moment.
pub(super) struct Balance {
    pub(super) live: usize,
    pub(super) limit: usize,
    pub(super) waiting: usize,
    pub(super) waits: u64,
    pub(super) closed: bool,
}

impl<T, N: Default> Books<T, N> {
    /// `read`: whether [`entries`](Self::entries) will be asked for.
    pub(super) fn new(limit: usize, read: bool) -> Self {
        let pages = Pages {
            live: 0,
            leaving: 0,
            limit,
            closed: false,
            empty: Vec::new(),
            slots: 0,
            all: read.then(Vec::new),
            waiters: Waiters::new(),
            waits: 0,
        };
        Self {
            slots: GrowingSlots::new(),
            state: AtomicUsize::new(Self::fence_flag()),
            pages: Apart(Mutex::new(pages)),
        }
    }

    fn fence_flag() -> usize {
        if asymmetric::is_cheap() { 0 } else { FENCE }
    }

    /// An idle object, whoever waits: the caller looks whether it [`is_quiet`](Self::is_quiet) before.
    #[inline(always)]
    pub(super) fn take(&self) -> Option<Slot<T, N>> {
        self.slots.take()
    }

    /// Whether nobody waits and nothing ends, as far as can be told at once.
    #[inline(always)]
    pub(super) fn is_quiet(&self) -> bool {
        self.state.load(Ordering::Relaxed) == 0
    }

    /// The same, after a slot was put back: if it is, nobody has begun to wait for it before.
    #[inline(always)]
    pub(super) fn is_quiet_now(&self) -> bool {
        asymmetric::light_fence();
        self.is_quiet()
    }

    /// The same, if it did not seem so.
    #[cold]
    pub(super) fn is_quiet_after_all(&self) -> bool {
        asymmetric::full_fence();
        self.state.load(Ordering::Relaxed) & !FENCE == 0
    }

    /// An object goes back; the caller looks whether it [`is_quiet_now`](Self::is_quiet_now) then.
    ///
    /// # Safety
    /// The slot is the caller's, holds an object, and is not used after this.
    #[inline(always)]
    pub(super) unsafe fn put_back(&self, slot: Slot<T, N>) {
        // SAFETY: by the caller's promise.
        unsafe { self.slots.put_back(slot) };
    }

    /// How many objects are idle.
    pub(super) fn idle(&self) -> usize {
        self.slots.available()
    }

    fn lock(&self) -> MutexGuard<'_, Pages<T, N>> {
        // Nothing that could panic leaves the pages half written.
        self.pages.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What there is to have, for who does not wait.
    pub(super) fn request(&self) -> Grant<T, N> {
        let mut pages = self.lock();
        if pages.closed {
            return Grant::Refused(Refusal::Closed);
        }
        if pages.waiters.waiting() > 0 {
            return Grant::Refused(Refusal::Exhausted);
        }
        self.grant(&mut pages).unwrap_or(Grant::Refused(Refusal::Exhausted))
    }

    /// An empty slot to make an object in, if there may be one more; also if others wait, for an object that is there already
    /// and for one that is made for later.
    pub(super) fn request_vacant(&self) -> Grant<T, N> {
        let mut pages = self.lock();
        if pages.closed {
            return Grant::Refused(Refusal::Closed);
        }
        self.vacancy(&mut pages).unwrap_or(Grant::Refused(Refusal::Exhausted))
    }

    /// Joins those who wait, or gets what there is.
    ///
    /// # Errors
    /// What there is: nothing to wait for.
    pub(super) fn join(&self, priority: Priority, waker: Waker) -> Result<Ticket, Grant<T, N>> {
        // Dropped after the lock: the waker is the user's.
        let mut pages = self.lock();
        if pages.closed {
            return Err(Grant::Refused(Refusal::Closed));
        }
        if pages.waiters.waiting() == 0 {
            if let Some(grant) = self.grant(&mut pages) {
                return Err(grant);
            }
            // From here on who gives back sees the flag, or we see what was given back.
            self.raise(WAITING);
            if let Some(grant) = self.grant(&mut pages) {
                self.publish(&pages);
                return Err(grant);
            }
        }
        // Else the flag has been up, and who gave back since comes to the lock.
        pages.waits += 1;
        Ok(pages.waiters.join(priority, waker))
    }

    /// What a waiter was given; if nothing yet, `waker` is woken when it is.
    pub(super) fn collect(&self, ticket: &Ticket, waker: Waker) -> Option<Grant<T, N>> {
        let (grant, old) = self.lock().waiters.collect(ticket, waker);
        drop(old);
        grant
    }

    /// A waiter leaves; what it was given meanwhile.
    pub(super) fn leave(&self, ticket: &Ticket) -> Option<Grant<T, N>> {
        let mut pages = self.lock();
        let left = pages.waiters.leave(ticket);
        self.publish(&pages);
        drop(pages);
        left.ok()
    }

    /// Gives those who wait what there is, in order.
    #[cold]
    pub(super) fn serve(&self) {
        let mut panics = FirstPanic::default();
        loop {
            let mut pages = self.lock();
            if pages.waiters.waiting() == 0 {
                return;
            }
            let Some(grant) = self.grant(&mut pages) else { return };
            let served = pages.waiters.serve(grant);
            self.publish(&pages);
            drop(pages);
            if let Ok(waker) = served {
                panics.run(|| waker.wake());
            }
        }
    }

    /// A slot has no object any more; one more may be made.
    ///
    /// # Safety
    /// The slot is the caller's, holds no object, and is not used after this.
    #[cold]
    pub(super) unsafe fn vacate(&self, slot: Slot<T, N>, leaving: bool) {
        let mut pages = self.lock();
        debug_assert!(pages.empty.len() < pages.empty.capacity());
        pages.empty.push(slot);
        pages.live -= 1;
        pages.leaving -= usize::from(leaving);
        self.publish(&pages);
        let waits = pages.waiters.waiting() > 0;
        drop(pages);
        if waits {
            self.serve();
        }
    }

    /// An idle object that has to go, because there are more than `keep`, or than there may be, or because the pool was
    /// closed. It is to be [vacated](Self::vacate) as one that leaves.
    pub(super) fn surplus(&self, keep: usize) -> Option<Slot<T, N>> {
        let mut pages = self.lock();
        let most = if pages.closed { 0 } else { pages.limit.min(keep) };
        if pages.live - pages.leaving <= most {
            return None;
        }
        let slot = self.slots.take()?;
        pages.leaving += 1;
        self.publish(&pages);
        Some(slot)
    }

    /// No more objects for anybody. Whether it was open.
    pub(super) fn close(&self) -> bool {
        let mut pages = self.lock();
        if mem::replace(&mut pages.closed, true) {
            return false;
        }
        let mut wakers = Vec::new();
        while let Ok(waker) = pages.waiters.serve(Grant::Refused(Refusal::Closed)) {
            wakers.push(waker);
        }
        self.publish(&pages);
        drop(pages);
        let mut panics = FirstPanic::default();
        for waker in wakers {
            panics.run(|| waker.wake());
        }
        true
    }

    /// Sets how many objects there may be.
    pub(super) fn set_limit(&self, limit: usize) {
        let mut pages = self.lock();
        pages.limit = limit;
        self.publish(&pages);
        drop(pages);
        self.serve();
    }

    pub(super) fn balance(&self) -> Balance {
        let pages = self.lock();
        Balance {
            live: pages.live,
            limit: pages.limit,
            waiting: pages.waiters.waiting(),
            waits: pages.waits,
            closed: pages.closed,
        }
    }

    pub(super) fn limit(&self) -> usize {
        self.lock().limit
    }

    /// Every entry there ever was, if notes are read.
    pub(super) fn entries(&self) -> Vec<NonNull<Entry<T, N>>> {
        self.lock().all.clone().unwrap_or_default()
    }

    /// What waiters that were leaked have been given.
    pub(super) fn given_away(&mut self) -> Vec<Grant<T, N>> {
        self.lock().waiters.drain().collect()
    }

    /// The next thing to have.
    fn grant(&self, pages: &mut Pages<T, N>) -> Option<Grant<T, N>> {
        self.slots.take().map(Grant::Object).or_else(|| self.vacancy(pages))
    }

    fn vacancy(&self, pages: &mut Pages<T, N>) -> Option<Grant<T, N>> {
        if pages.live >= pages.limit {
            return None;
        }
        let slot = match pages.empty.pop() {
            Some(slot) => slot,
            None => match self.another(pages) {
                Ok(slot) => slot,
                Err(error) => return Some(Grant::Refused(Refusal::Memory(error.code()))),
            },
        };
        pages.live += 1;
        Some(Grant::Vacant(slot))
    }

    /// A slot that never was. None is empty.
    #[cold]
    fn another(&self, pages: &mut Pages<T, N>) -> Result<Slot<T, N>, AllocError> {
        let no_room = |_| {
            let layout = core::alloc::Layout::new::<Entry<T, N>>();
            AllocError::out_of_memory(AllocatorKind::ObjectPool, layout)
        };
        pages.empty.try_reserve(pages.slots + 1).map_err(no_room)?;
        if let Some(all) = &mut pages.all {
            all.try_reserve(1).map_err(no_room)?;
        }
        let slot = self.slots.add()?;
        // SAFETY: a new slot is memory for an entry, and ours.
        unsafe { slot.write(Entry::empty()) };
        pages.slots += 1;
        if let Some(all) = &mut pages.all {
            all.push(slot);
        }
        Ok(slot)
    }

    /// Makes `state` say what the pages say.
    fn publish(&self, pages: &Pages<T, N>) {
        let flag = |flag, is: bool| if is { flag } else { 0 };
        let state = self.state.load(Ordering::Relaxed) & FENCE
            | flag(WAITING, pages.waiters.waiting() > 0)
            | flag(CLOSED, pages.closed)
            | flag(SURPLUS, pages.live - pages.leaving > pages.limit);
        self.change(state);
    }

    fn raise(&self, flag: usize) {
        self.change(self.state.load(Ordering::Relaxed) | flag);
    }

    /// Under the lock.
    fn change(&self, state: usize) {
        let old = self.state.load(Ordering::Relaxed);
        if old != state {
            self.state.store(state, Ordering::Relaxed);
            if state & !old != 0 && !asymmetric::heavy_fence() && old & FENCE == 0 {
                // From here on who gives back passes a full fence, and looks again.
                self.state.store(state | FENCE, Ordering::Relaxed);
                asymmetric::wait_for_stores();
            }
        }
    }
}
