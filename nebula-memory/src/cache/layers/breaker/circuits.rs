use core::fmt;
use core::time::Duration;
use std::collections::HashMap;
use std::sync::PoisonError;
use std::vec::Vec;

use super::circuit::{Circuit, End, Limit, Permit, Rules, Standing};
use crate::cache::DefaultHashBuilder;
use crate::sync::{Mutex, MutexGuard};

/// The circuits of all classes of keys of which something is known.
///
/// Classes are numbers, so nothing of others is called under the lock. There are never more than there may be: those that are as
/// if nothing was known of them go first, then those that were not used for longest.
pub(super) struct Circuits {
    rules: Rules,
    most: usize,
    known: Mutex<Known>,
}

struct Known {
    circuits: HashMap<u64, Circuit, DefaultHashBuilder>,
    /// The number of the last time that a circuit was half open.
    period: u64,
}

impl Circuits {
    pub(super) fn new(rules: Rules, most: usize) -> Self {
        let known = Known { circuits: HashMap::default(), period: 0 };
        Self { rules, most: most.max(1), known: Mutex::new(known) }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Nothing panics under the lock that leaves it halfway.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there may be a load; if not, in how long there may be.
    pub(super) fn ask(&self, class: u64, now: Duration) -> Result<Permit, Duration> {
        let Known { circuits, period } = &mut *self.known();
        match circuits.get_mut(&class) {
            Some(circuit) => circuit.ask(now, &self.rules, period),
            None => Ok(Permit::Usual { begun: now }),
        }
    }

    /// How a load went that was permitted.
    pub(super) fn tell(&self, class: u64, now: Duration, permit: Permit, end: End) {
        let known = &mut *self.known();
        if let Some(circuit) = known.circuits.get_mut(&class) {
            circuit.tell(now, &self.rules, permit, end);
            return;
        }
        // What need not be known is not: as long as nothing fails, there is nothing here.
        let counts = match self.rules.limit {
            Limit::Failures(_) => end == End::Failed,
            Limit::Rate { .. } => end != End::GivenUp,
        };
        if counts && let Permit::Usual { .. } = permit {
            known.make_room(self.most, now, &self.rules);
            let mut circuit = Circuit::new(now);
            circuit.tell(now, &self.rules, permit, end);
            known.circuits.insert(class, circuit);
        }
    }

    pub(super) fn standing(&self, class: u64, now: Duration) -> Standing {
        self.known()
            .circuits
            .get(&class)
            .map_or(Standing::Closed, |circuit| circuit.standing(now, &self.rules))
    }

    /// Nothing is known of this class any more.
    pub(super) fn forget(&self, class: u64) {
        self.known().circuits.remove(&class);
    }

    /// Of how many classes something is known.
    pub(super) fn len(&self) -> usize {
        self.known().circuits.len()
    }
}

impl Known {
    /// There is room for one more.
    fn make_room(&mut self, most: usize, now: Duration, rules: &Rules) {
        if self.circuits.len() < most {
            return;
        }
        self.circuits.retain(|_, circuit| !circuit.is_at_rest(now, rules));
        // An eighth at a time, so that to look at all of them is not done for each.
        let spare = (most / 8).max(1);
        if self.circuits.len() + spare <= most {
            return;
        }
        let mut uses: Vec<_> = self.circuits.iter().map(|(class, circuit)| (circuit.used, *class)).collect();
        let excess = (self.circuits.len() + spare - most).min(uses.len());
        uses.select_nth_unstable(excess - 1);
        for (_, class) in &uses[..excess] {
            self.circuits.remove(class);
        }
    }
}

impl fmt::Debug for Circuits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Circuits").field("known", &self.len()).finish_non_exhaustive()
    }
}
