use std::{
    num::NonZero,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use nebula_memory::cache::{
    policy::AnyPolicy,
    sim::{self, SimResult, Trace},
};

use super::Progress;

/// The optimum among the policies.
pub(super) const OPTIMAL: &str = "optimal";

/// Which share counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Of the requests.
    Requests,
    /// Of what the requests weigh.
    Weight,
}

impl Measure {
    /// What was found, from 0 to 1.
    #[must_use]
    pub fn hit_ratio(self, found: &SimResult) -> f64 {
        match self {
            Self::Requests => found.hit_ratio(),
            Self::Weight => found.weight_hit_ratio(),
        }
    }
}

/// What every policy has found at every size.
#[derive(Clone, Debug)]
pub struct Results {
    /// The sizes, the smallest first.
    pub sizes: Vec<u64>,
    /// Each policy, and what it has found at each size; the optimum last.
    pub rows: Vec<(String, Vec<SimResult>)>,
}

/// Replays the trace over these policies and the optimum, at these sizes: on all cores.
///
/// # Panics
///
/// If a size is 0.
#[must_use]
pub fn run(trace: &Trace, policies: &[AnyPolicy], sizes: &[u64], progress: &Progress) -> Results {
    let mut sizes = sizes.to_vec();
    sizes.sort_unstable();
    sizes.dedup();
    let jobs: Vec<(usize, usize)> =
        (0..=policies.len()).flat_map(|row| (0..sizes.len()).map(move |size| (row, size))).collect();
    let found = Mutex::new(vec![SimResult::default(); jobs.len()]);
    let next = AtomicUsize::new(0);
    let work = || {
        while let Some(&(row, size)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            let result = match policies.get(row) {
                Some(policy) => sim::replay_any(trace, policy, sizes[size]),
                None => sim::optimal(trace, sizes[size]),
            };
            found.lock().unwrap_or_else(PoisonError::into_inner)[row * sizes.len() + size] = result;
            progress.one_more();
        }
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        for _ in 1..cores.min(jobs.len()) {
            scope.spawn(work);
        }
        work();
    });
    let found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    let names = policies.iter().map(AnyPolicy::to_string).chain([OPTIMAL.to_owned()]);
    let rows = names.zip(found.chunks(sizes.len()).map(<[_]>::to_vec)).collect();
    Results { sizes, rows }
}
