use core::fmt;

use alloc_crate::vec::Vec;

use super::{POLICIES, SimResult, Trace, optimal, replay_named};

/// All policies over one trace at some capacities, beside the optimum: [`Display`](fmt::Display) is a table of hit ratios in percent.
///
/// ```
/// use nebula_memory::cache::sim::{Comparison, Trace};
///
/// let trace = Trace::new((0..2000_u32).map(|turn| turn * turn % 101));
/// let table = Comparison::new(&trace, &[5, 20, 80]);
/// println!("{table}");
/// for (capacity, policy, found) in table.rows() {
///     assert!(found.hit_ratio() <= 1.0, "{policy} at {capacity}");
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Comparison {
    capacities: Vec<u64>,
    /// By policy, then by capacity.
    found: Vec<(&'static str, Vec<SimResult>)>,
}

impl Comparison {
    /// Replays the trace with every policy and capacity.
    ///
    /// # Panics
    ///
    /// If a capacity is 0.
    #[must_use]
    pub fn new(trace: &Trace, capacities: &[u64]) -> Self {
        let each =
            |run: &dyn Fn(u64) -> SimResult| capacities.iter().map(|&capacity| run(capacity)).collect();
        let policies = POLICIES.iter().map(|&name| {
            (name, each(&|capacity| replay_named(trace, name, capacity).expect("all policies have names")))
        });
        let found = policies.chain([("optimal", each(&|capacity| optimal(trace, capacity)))]).collect();
        Self { capacities: capacities.to_vec(), found }
    }

    /// Every result: capacity, name of the policy (`optimal` for the optimum), what it found.
    pub fn rows(&self) -> impl Iterator<Item = (u64, &'static str, SimResult)> {
        self.found.iter().flat_map(|(name, found)| {
            self.capacities.iter().zip(found).map(|(&capacity, &found)| (capacity, *name, found))
        })
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:12}", "capacity")?;
        for capacity in &self.capacities {
            write!(f, " {capacity:>9}")?;
        }
        for (name, found) in &self.found {
            write!(f, "\n{name:12}")?;
            for found in found {
                write!(f, " {:>9.2}", 100.0 * found.hit_ratio())?;
            }
        }
        Ok(())
    }
}
