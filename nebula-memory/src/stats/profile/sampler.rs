//! The samples of one allocator: where they came from, and which of their blocks are still there.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | memory that is asked of the allocator that is watched | everything here is in the system's |
//! | a sample of a place that has gone | places go with their sampler, and samples are in it |
//! | a number that overflows | sums of estimates wrap |

use core::alloc::{GlobalAlloc, Layout};
use core::ptr;
use std::alloc::System;
use std::time::Instant;

use super::estimate::{Estimate, ONE, Weight, rounded};
use super::hash::Hash;
use super::live::{Filter, Live};
use super::scope::Scope;
use super::stack::Stack;
use super::table::Table;
use crate::error::Names;
use crate::sync::{AtomicU64, Ordering};

/// Places are told apart up to this many. All others are one.
const SITES: usize = if cfg!(miri) { 15 } else { 4095 };
const SITE_SLOTS: usize = (SITES + 1) * 2;
/// As many samples can be of blocks that are live. At the usual rate that is a heap of some ten GiB.
const LIVE: usize = if cfg!(miri) { 64 } else { 1 << 15 };

/// The filter in front of the live samples.
pub(super) type Sampled = Filter<{ if cfg!(miri) { 64 } else { 1 << 12 } }>;

/// A place that allocates: a trail of scopes, and a stack.
pub(super) struct Site {
    pub(super) trail: Names,
    pub(super) stack: Stack,
    /// Blocks that were allocated, and those that were resized, in parts of [`ONE`],
    allocated: AtomicU64,
    resized: AtomicU64,
    /// what all of them have, and what of it is new.
    bytes: AtomicU64,
    new_bytes: AtomicU64,
    live: Estimate,
    /// How long the blocks have lived that were freed, in microseconds, together.
    lifetimes: AtomicU64,
    /// What was live when all places together had the most bytes, unless nothing has changed here since then.
    peak_blocks: AtomicU64,
    peak_bytes: AtomicU64,
    /// The peak that this is about.
    peak: AtomicU64,
}

/// A block that was allocated or resized.
pub(super) struct HandedOut {
    pub(super) weight: Weight,
    /// The bytes that were not counted before.
    pub(super) new: u64,
    pub(super) fresh: bool,
}

/// What a snapshot tells of a place. Pairs are blocks and bytes.
pub(super) struct SiteFigures {
    pub(super) allocated: u64,
    pub(super) resized: u64,
    pub(super) bytes: u64,
    pub(super) new_bytes: u64,
    pub(super) live: (u64, u64),
    pub(super) most: (u64, u64),
    pub(super) at_peak: (u64, u64),
    pub(super) lifetimes: u64,
}

/// The scope of a sample: one of those that its owner has within itself, and that may be elsewhere when the block is freed; or
/// another one, which stays where it is as long as the owner has it.
#[derive(Clone, Copy)]
pub(super) enum Origin {
    None,
    Other,
    Known(*const Scope),
}

/// A sampled block that is live.
#[derive(Clone, Copy)]
pub(super) struct Sample {
    site: *const Site,
    pub(super) origin: Origin,
    weight: Weight,
    at: u64,
}

// SAFETY: it refers to a site and a scope, which any thread may look at.
unsafe impl Send for Sample {}

pub(super) struct Sampler {
    sites: Table<Site, SITE_SLOTS>,
    live: Live<Sample, LIVE>,
    total: Estimate,
    /// How many peaks there have been, each higher than the one before,
    peak: AtomicU64,
    /// and when the last one was.
    peak_at: AtomicU64,
    /// Samples of blocks for which there was no room among those that are live.
    lost: AtomicU64,
    start: Instant,
}

impl Sampler {
    /// An empty one, if there is memory.
    pub(super) fn allocate() -> Option<*mut Self> {
        // SAFETY: not of size zero.
        let memory = unsafe { System.alloc_zeroed(Layout::new::<Self>()) };
        #[expect(clippy::cast_ptr_alignment, reason = "allocated with its alignment")]
        let memory = memory.cast::<Self>();
        if memory.is_null() {
            return None;
        }
        // SAFETY: within what was allocated.
        let start = unsafe { &raw mut (*memory).start };
        // All else is valid when zero: null pointers, counts, and keys that say there is no value.
        // SAFETY: allocated for it, and nobody else has it.
        unsafe { start.write(Instant::now()) };
        Some(memory)
    }

    /// # Safety
    /// From [`allocate`](Self::allocate), and nobody will look at it again.
    pub(super) unsafe fn free(this: *mut Self) {
        // SAFETY: as the caller says.
        unsafe { ptr::drop_in_place(this) };
        // SAFETY: allocated so.
        unsafe { System.dealloc(this.cast(), Layout::new::<Self>()) };
    }

    #[expect(clippy::cast_possible_truncation, reason = "half a million years")]
    pub(super) fn now(&self) -> u64 {
        self.start.elapsed().as_micros() as u64
    }

    pub(super) fn peak_at(&self) -> u64 {
        self.peak_at.load(Ordering::Relaxed)
    }

    pub(super) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    pub(super) fn sites(&self) -> impl Iterator<Item = &Site> {
        self.sites.iter()
    }

    /// The place with this trail and stack, or the one for all others.
    fn site(&self, trail: Names, stack: &Stack) -> Option<&Site> {
        let mut hash = Hash::new();
        for name in trail.kept() {
            hash = hash.text(name);
        }
        for code in stack.frames() {
            hash = hash.number(code.0.addr() as u64);
        }
        let same = |site: &Site| site.trail == trail && site.stack == *stack;
        let other = || {
            let is_other = |site: &Site| site.trail == Names::OTHER;
            self.sites.find_or_insert(0, is_other, SITES + 1, || Site::new(Names::OTHER, &Stack::EMPTY))
        };
        self.sites.find_or_insert(hash.finish(), same, SITES, || Site::new(trail, stack)).or_else(other)
    }

    /// A block was handed out, in this scope.
    pub(super) fn record(
        &self,
        filter: &Sampled,
        address: usize,
        (origin, scope): (Origin, &Scope),
        (trail, stack): (Names, &Stack),
        HandedOut { weight, new, fresh }: HandedOut,
    ) {
        let Some(site) = self.site(trail, stack) else {
            self.lost.fetch_add(1, Ordering::Relaxed);
            return;
        };
        let blocks = if fresh { &site.allocated } else { &site.resized };
        blocks.fetch_add(weight.blocks, Ordering::Relaxed);
        site.bytes.fetch_add(weight.bytes, Ordering::Relaxed);
        site.new_bytes.fetch_add(new, Ordering::Relaxed);
        let at = self.now();
        // First this, because the block is not handed out before.
        self.arrive(site, scope, weight, at);
        if !self.live.insert(filter, address, Sample { site, origin, weight, at }) {
            self.lost.fetch_add(1, Ordering::Relaxed);
            self.leave(site, scope, weight);
        }
    }

    /// What is known of the block if it was sampled; it is not any more.
    ///
    /// # Safety
    /// The block is the caller's.
    pub(super) unsafe fn take(&self, filter: &Sampled, address: usize) -> Option<Sample> {
        // SAFETY: as the caller says.
        unsafe { self.live.take(filter, address) }
    }

    /// The block is there after all, at the same address.
    pub(super) fn put_back(&self, filter: &Sampled, address: usize, sample: Sample, scope: &Scope) {
        if !self.live.insert(filter, address, sample) {
            self.lost.fetch_add(1, Ordering::Relaxed);
            // SAFETY: sites go with their sampler, and samples come from it.
            self.leave(unsafe { &*sample.site }, scope, sample.weight);
        }
    }

    /// The block has gone; its sample's scope is this one.
    pub(super) fn settle(&self, sample: Sample, scope: &Scope) {
        // SAFETY: sites go with their sampler, and samples come from it.
        let site = unsafe { &*sample.site };
        self.leave(site, scope, sample.weight);
        let lived = self.now().saturating_sub(sample.at);
        let blocks = sample.weight.blocks / ONE;
        let together = lived
            .saturating_mul(blocks)
            .saturating_add(lived.saturating_mul(sample.weight.blocks % ONE) / ONE);
        site.lifetimes.fetch_add(together, Ordering::Relaxed);
    }

    fn arrive(&self, site: &Site, scope: &Scope, weight: Weight, now: u64) {
        scope.live.add(weight);
        site.keep_peak(self.peak.load(Ordering::Relaxed));
        site.live.add(weight);
        let before = self.total.most().1;
        if self.total.add(weight) > before {
            self.peak.fetch_add(1, Ordering::Relaxed);
            self.peak_at.store(now, Ordering::Relaxed);
        }
    }

    fn leave(&self, site: &Site, scope: &Scope, weight: Weight) {
        scope.live.subtract(weight);
        site.keep_peak(self.peak.load(Ordering::Relaxed));
        site.live.subtract(weight);
        self.total.subtract(weight);
    }

    /// What there is to tell of a place.
    pub(super) fn figures(&self, site: &Site) -> SiteFigures {
        let load = |number: &AtomicU64| number.load(Ordering::Relaxed);
        let live = site.live.weight();
        let kept = Weight { blocks: load(&site.peak_blocks), bytes: load(&site.peak_bytes) };
        let unchanged = load(&site.peak) != load(&self.peak);
        SiteFigures {
            allocated: rounded(load(&site.allocated)),
            resized: rounded(load(&site.resized)),
            bytes: load(&site.bytes),
            new_bytes: load(&site.new_bytes),
            live: live.rounded(),
            most: site.live.most(),
            at_peak: if unchanged { live } else { kept }.rounded(),
            lifetimes: load(&site.lifetimes),
        }
    }
}

impl Site {
    fn new(trail: Names, stack: &Stack) -> Self {
        Self {
            trail,
            stack: stack.clone(),
            allocated: AtomicU64::new(0),
            resized: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            new_bytes: AtomicU64::new(0),
            live: Estimate::new(),
            lifetimes: AtomicU64::new(0),
            peak_blocks: AtomicU64::new(0),
            peak_bytes: AtomicU64::new(0),
            peak: AtomicU64::new(0),
        }
    }

    /// Before anything changes: if nothing has changed since the last peak, this is what there was then. Where threads
    /// change the same place at the same time, it may be what there was a sample later.
    fn keep_peak(&self, peak: u64) {
        if self.peak.swap(peak, Ordering::Relaxed) != peak {
            let live = self.live.weight();
            self.peak_blocks.store(live.blocks, Ordering::Relaxed);
            self.peak_bytes.store(live.bytes, Ordering::Relaxed);
        }
    }
}
