use std::string::String;
use std::time::Duration;
use std::vec::Vec;

use super::books::Books;
use super::local::LOCAL;
use super::names;
use super::profile::{Profile, ScopeProfile, StackProfile};
use super::scope::Scope;
use crate::AllocContext;

/// No samples are taken as long as it lives.
struct Quiet(bool);

impl Quiet {
    fn begin() -> Self {
        Self(LOCAL.with(|local| local.busy.replace(true)))
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        LOCAL.with(|local| local.busy.set(self.0));
    }
}

impl Profile {
    pub(super) fn of<const SAMPLE_EVERY: usize>(books: &Books<SAMPLE_EVERY>) -> Self {
        let _quiet = Quiet::begin();
        let _scope = AllocContext::enter("(profile)");
        let mut scopes: Vec<_> = books.scopes().map(ScopeProfile::of).collect();
        scopes.sort_by(|one, other| (other.bytes, &one.name).cmp(&(one.bytes, &other.name)));
        let mut profile = Self { sample_every: SAMPLE_EVERY as u64, scopes, ..Self::default() };
        if let Some(sampler) = books.sampler() {
            profile.peak_at = Duration::from_micros(sampler.peak_at());
            profile.lost = sampler.lost();
            for site in sampler.sites() {
                let figures = sampler.figures(site);
                profile.stacks.push(StackProfile {
                    trail: site.trail.kept().iter().copied().map(String::from).collect(),
                    frames: names::frames(&site.stack),
                    allocations: figures.allocated,
                    resizes: figures.resized,
                    bytes: figures.new_bytes,
                    handed_out: figures.bytes,
                    live_blocks: figures.live.0,
                    live_bytes: figures.live.1,
                    most_blocks: figures.most.0,
                    most_bytes: figures.most.1,
                    peak_blocks: figures.at_peak.0,
                    peak_bytes: figures.at_peak.1,
                    lifetimes: Duration::from_micros(figures.lifetimes),
                });
            }
            profile.stacks.sort_by_key(|stack| core::cmp::Reverse(stack.bytes));
            profile.elapsed = Duration::from_micros(sampler.now());
        }
        profile
    }
}

impl ScopeProfile {
    fn of(scope: &Scope) -> Self {
        let stats = scope.stats();
        Self {
            name: scope.title().into(),
            allocations: stats.allocations,
            bytes: stats.bytes,
            // Not what is left of those allocated here: blocks that were resized here are, too.
            live_blocks: scope.live.now().0,
            live_bytes: stats.in_use,
        }
    }
}
