//! What is counted of one global allocator, and by whom.
//!
//! A thread writes to cells that nobody else writes to, and has pointers to them at hand for as long as it is in one scope of one
//! allocator. All else is done by functions that are not inlined.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | a thread writes to cells that are another thread's by now | what it has at hand names its number, and it has another one, or none, when it has given that back |
//! | or to those of another allocator at the same address | an allocator's identity is a number that is not used again |
//! | a scope that has gone | scopes go with their allocator, whose identity is compared before |
//! | a scope that was moved with its allocator | samples have no pointers to those |
//! | counting allocates, and so counts, and so on | nothing here allocates but by the system's allocator; what registers a thread's number does, once, and then the thread has none |
//! | a sample is taken within a sample | `busy` |
//! | thread-local memory that has gone | it has no destructor |

use core::ptr;

use super::chance::weight;
use super::hash::Hash;
use super::local::{Bound, LOCAL, Local, Scoped};
use super::sampler::{HandedOut, Origin, Sample, Sampled, Sampler};
use super::scope::Scope;
use super::stack::Stack;
use super::table::Table;
use crate::error::{current, innermost};
use crate::stats::{Counter, Gauge};
use crate::sync::{AtomicPtr, AtomicU64, Ordering, thread_id};

/// Scopes are told apart up to this many. All others are one.
pub(super) const SCOPES: usize = if cfg!(miri) { 64 } else { 1024 };

/// Changes of what is in use are passed on when they come to this.
const BATCH: u64 = 16 << 10;

/// With one sample in so many bytes; none if it is zero.
pub(super) struct Books<const SAMPLE_EVERY: usize> {
    /// Zero until somebody asks.
    identity: AtomicU64,
    /// No scope.
    none: Scope,
    /// Scopes for which there was no room.
    other: Scope,
    scopes: Table<Scope, { SCOPES * 2 }>,
    deallocations: Counter,
    refused: Counter,
    level: Gauge,
    filter: Sampled,
    /// Null until there is a sample.
    sampler: AtomicPtr<Sampler>,
}

impl<const SAMPLE_EVERY: usize> Books<SAMPLE_EVERY> {
    pub(super) const fn new() -> Self {
        Self {
            identity: AtomicU64::new(0),
            none: Scope::new(""),
            other: Scope::new("(other)"),
            scopes: Table::new(),
            deallocations: Counter::new(),
            refused: Counter::new(),
            level: Gauge::with_batch(BATCH),
            filter: Sampled::new(),
            sampler: AtomicPtr::new(ptr::null_mut()),
        }
    }

    /// A block was allocated.
    #[inline(always)]
    pub(super) fn allocated(&self, address: usize, size: usize) {
        LOCAL.with(|local| {
            match (self.at_hand(local), local.scoped(innermost())) {
                (Some(bound), Some(scoped)) => {
                    add_alone(scoped.allocations, 1);
                    add_alone(scoped.bytes, size as u64);
                    self.level.add_at(bound.level, size as u64);
                }
                _ => self.allocated_slowly(size as u64),
            }
            if SAMPLE_EVERY != 0 && count_down(local, size) {
                self.sample(address, size, size, true);
            }
        });
    }

    /// A block is about to be freed.
    ///
    /// # Safety
    /// It is the caller's.
    #[inline(always)]
    pub(super) unsafe fn freed(&self, address: usize, size: usize) {
        if SAMPLE_EVERY != 0 && self.filter.may_have(address) {
            // SAFETY: as the caller says.
            unsafe { self.settle(address) };
        }
        LOCAL.with(|local| match self.at_hand(local) {
            Some(bound) => {
                add_alone(bound.deallocations, 1);
                self.level.subtract_at(bound.level, size as u64);
            }
            None => self.freed_slowly(size as u64),
        });
    }

    /// A block was made larger or smaller, and may be elsewhere.
    #[inline(never)]
    pub(super) fn resized(&self, address: usize, old: usize, new: usize) {
        let more = new.saturating_sub(old);
        if let Some((bound, scoped)) = self.bind(innermost()) {
            add_alone(scoped.resizes, 1);
            add_alone(scoped.bytes, more as u64);
            if more > 0 {
                self.level.add_at(bound.level, more as u64);
            } else {
                self.level.subtract_at(bound.level, (old - new) as u64);
            }
        } else {
            let scope = self.scope(innermost());
            scope.resizes.increment();
            scope.bytes.add(more as u64);
            self.level.change((new as u64).wrapping_sub(old as u64));
        }
        if SAMPLE_EVERY != 0 && LOCAL.with(|local| count_down(local, new)) {
            self.sample(address, new, more, false);
        }
    }

    /// A request was refused.
    #[cold]
    #[inline(never)]
    pub(super) fn refused(&self) {
        self.refused.increment();
    }

    /// The cells of this thread, if they are at hand. If so, scopes that are at hand are this allocator's too.
    #[inline(always)]
    fn at_hand(&self, local: &Local) -> Option<Bound> {
        let is_mine =
            |bound: &Bound| bound.is_of(self.identity.load(Ordering::Relaxed), thread_id::current());
        local.bound.get().filter(is_mine)
    }

    #[inline(never)]
    fn allocated_slowly(&self, size: u64) {
        let name = innermost();
        if let Some((bound, scoped)) = self.bind(name) {
            add_alone(scoped.allocations, 1);
            add_alone(scoped.bytes, size);
            self.level.add_at(bound.level, size);
            return;
        }
        let scope = self.scope(name);
        scope.allocations.increment();
        scope.bytes.add(size);
        self.level.change(size);
    }

    #[inline(never)]
    fn freed_slowly(&self, size: u64) {
        if let Some((bound, _)) = self.bind(innermost()) {
            add_alone(bound.deallocations, 1);
            return self.level.subtract_at(bound.level, size);
        }
        self.deallocations.increment();
        self.level.change(size.wrapping_neg());
    }

    /// Gets the cells of this thread at hand, and those for this scope, if it can have any.
    fn bind(&self, name: &'static str) -> Option<(Bound, Scoped)> {
        LOCAL.with(|local| {
            let bound = match self.at_hand(local) {
                Some(bound) => bound,
                None => self.bind_thread(local)?,
            };
            if let Some(scoped) = local.scoped(name) {
                return Some((bound, scoped));
            }
            let scope = self.scope(name);
            let scoped = scope.mine(name)?;
            local.remember(scoped);
            Some((bound, scoped))
        })
    }

    #[cold]
    #[inline(never)]
    fn bind_thread(&self, local: &Local) -> Option<Bound> {
        let owner = self.identity();
        if SAMPLE_EVERY != 0 && local.counts_for.replace(owner) != owner {
            // The next sample is as far away as ever.
            Self::draw(local);
        }
        let number = thread_id::assign()?;
        let (deallocations, level) = (self.deallocations.mine()?, self.level.mine()?);
        let bound = Bound { owner, number, deallocations, level };
        local.forget();
        local.bound.set(Some(bound));
        Some(bound)
    }

    fn identity(&self) -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let known = self.identity.load(Ordering::Relaxed);
        if known != 0 {
            return known;
        }
        let new = NEXT.fetch_add(1, Ordering::Relaxed);
        self.identity
            .compare_exchange(0, new, Ordering::Relaxed, Ordering::Relaxed)
            .map_or_else(|other| other, |_| new)
    }

    /// The scope of this name, which is put down if there is room.
    fn scope(&self, name: &'static str) -> &Scope {
        // Who has these names as well is counted with them.
        match name {
            "" | "(none)" => return &self.none,
            "(other)" => return &self.other,
            _ => {}
        }
        let hash = Hash::new().text(name).finish();
        let same = |scope: &Scope| scope.name == name;
        self.scopes.find_or_insert(hash, same, SCOPES, || Scope::new(name)).unwrap_or(&self.other)
    }

    /// The one of this name, if anything was allocated in it.
    pub(super) fn known_scope(&self, name: &str) -> Option<&Scope> {
        let hash = Hash::new().text(name).finish();
        let scope = self.scopes.find(hash, |scope| scope.name == name);
        scope.or_else(|| [&self.none, &self.other].into_iter().find(|scope| scope.title() == name))
    }

    /// All in which anything was allocated.
    pub(super) fn scopes(&self) -> impl Iterator<Item = &Scope> {
        let fixed = [&self.none, &self.other].into_iter().filter(|scope| scope.allocations.get() > 0);
        fixed.chain(self.scopes.iter())
    }

    pub(super) fn level(&self) -> &Gauge {
        &self.level
    }

    /// Deallocations, and requests refused.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.deallocations.get(), self.refused.get())
    }
}

/// Samples.
impl<const SAMPLE_EVERY: usize> Books<SAMPLE_EVERY> {
    fn draw(local: &Local) {
        let mut chance = local.chance.get();
        local.countdown.set(chance.distance(SAMPLE_EVERY));
        local.chance.set(chance);
    }

    /// The block at this address is sampled: it has `size` bytes, of which `new` are more than there were.
    #[cold]
    #[inline(never)]
    fn sample(&self, address: usize, size: usize, new: usize, fresh: bool) {
        LOCAL.with(|local| {
            Self::draw(local);
            if local.busy.replace(true) {
                return;
            }
            if let Some(sampler) = self.sampler_or_new() {
                let scope = self.scope(innermost());
                let (weight, new) = weight(size, new, SAMPLE_EVERY);
                let handed_out = HandedOut { weight, new, fresh };
                let scope = (self.origin(scope), scope);
                sampler.record(&self.filter, address, scope, (current(), &Stack::here()), handed_out);
            }
            local.busy.set(false);
        });
    }

    /// # Safety
    /// The block at this address is the caller's.
    #[cold]
    #[inline(never)]
    unsafe fn settle(&self, address: usize) {
        if let Some(sampler) = self.sampler() {
            // SAFETY: as the caller says.
            if let Some(sample) = unsafe { sampler.take(&self.filter, address) } {
                // SAFETY: it is a sample of ours.
                sampler.settle(sample, unsafe { self.scope_of(&sample) });
            }
        }
    }

    /// A block is about to be resized: it is not known at its old address any more.
    ///
    /// # Safety
    /// It is the caller's.
    #[inline(always)]
    pub(super) unsafe fn lift(&self, address: usize) -> Option<Sample> {
        if SAMPLE_EVERY != 0 && self.filter.may_have(address) {
            // SAFETY: as the caller says.
            return unsafe { self.sampler()?.take(&self.filter, address) };
        }
        None
    }

    /// What was lifted is as it was, at its old address, or has gone.
    #[cold]
    pub(super) fn drop_lifted(&self, sample: Sample, back_at: Option<usize>) {
        let Some(sampler) = self.sampler() else { return };
        // SAFETY: it is a sample of ours.
        let scope = unsafe { self.scope_of(&sample) };
        match back_at {
            Some(address) => sampler.put_back(&self.filter, address, sample, scope),
            None => sampler.settle(sample, scope),
        }
    }

    fn origin(&self, scope: &Scope) -> Origin {
        if ptr::eq(scope, &raw const self.none) {
            Origin::None
        } else if ptr::eq(scope, &raw const self.other) {
            Origin::Other
        } else {
            Origin::Known(scope)
        }
    }

    /// # Safety
    /// It is a sample of these books.
    unsafe fn scope_of(&self, sample: &Sample) -> &Scope {
        match sample.origin {
            Origin::None => &self.none,
            Origin::Other => &self.other,
            // SAFETY: a value of our table, which stays where it is, and goes with us.
            Origin::Known(scope) => unsafe { &*scope },
        }
    }

    pub(super) fn sampler(&self) -> Option<&Sampler> {
        // SAFETY: null, or a sampler, which goes with us.
        unsafe { self.sampler.load(Ordering::Acquire).as_ref() }
    }

    fn sampler_or_new(&self) -> Option<&Sampler> {
        if self.sampler().is_none() {
            let new = Sampler::allocate()?;
            let publish =
                self.sampler.compare_exchange(ptr::null_mut(), new, Ordering::Release, Ordering::Relaxed);
            if publish.is_err() {
                // SAFETY: ours, and nobody has seen it.
                unsafe { Sampler::free(new) };
            }
        }
        self.sampler()
    }
}

impl<const SAMPLE_EVERY: usize> Drop for Books<SAMPLE_EVERY> {
    fn drop(&mut self) {
        let sampler = self.sampler.load(Ordering::Acquire);
        if !sampler.is_null() {
            // SAFETY: allocated by us, and nobody has us any more.
            unsafe { Sampler::free(sampler) };
        }
    }
}

/// So many bytes go by. Whether the next sample is among them.
#[inline(always)]
fn count_down(local: &Local, size: usize) -> bool {
    // A size is at most `isize::MAX`, and what was left is not negative.
    let left = local.countdown.get().wrapping_sub((size as u64).cast_signed());
    local.countdown.set(left);
    left < 0
}

/// Nobody else writes it: a load and a store, not one step.
#[inline(always)]
fn add_alone(mine: &AtomicU64, count: u64) {
    mine.store(mine.load(Ordering::Relaxed).wrapping_add(count), Ordering::Relaxed);
}
