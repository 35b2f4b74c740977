//! The time line. A page is some hundred pixels wide, and nobody can tell more than a few colours apart: so there are no more points
//! and no more bands than that, and those that were left out are counted.

use std::sync::Arc;
use std::vec::Vec;

use serde::Serialize;

use crate::stats::{AllocatorId, Kind, StatsSnapshot};

/// So many stretches of time have two points each: when least and when most was in use.
const STRETCHES: usize = 200;
/// So many allocators have a band of their own.
const BANDS: usize = 8;

/// Kept snapshots, by column.
#[derive(Serialize)]
pub(super) struct History<'a> {
    /// How many snapshots there were.
    kept: usize,
    /// In seconds since the collector was made.
    elapsed: Vec<f64>,
    in_use: Vec<u64>,
    peak: Vec<u64>,
    /// Those that had most, in the order in which they were registered.
    bands: Vec<Band<'a>>,
    /// All others together.
    others: Option<Others>,
}

#[derive(Serialize)]
struct Band<'a> {
    id: AllocatorId,
    name: &'a str,
    in_use: Vec<u64>,
}

#[derive(Serialize)]
struct Others {
    allocators: usize,
    in_use: Vec<u64>,
}

impl<'a> History<'a> {
    /// Of snapshots in the order in which they were made, and the one that is shown.
    pub(super) fn new(kept: &'a [Arc<StatsSnapshot>], now: &'a StatsSnapshot) -> Self {
        let mut snapshots: Vec<&StatsSnapshot> = kept.iter().map(|snapshot| &**snapshot).collect();
        // What was made after the one that is shown is not shown either.
        snapshots.retain(|snapshot| snapshot.elapsed < now.elapsed);
        snapshots.push(now);
        let kept = snapshots.len();
        let shown = thin(&snapshots);

        let mut ranked = most_in_use(&shown);
        let rest = ranked.split_off(ranked.len().min(BANDS));
        ranked.sort_unstable_by_key(|(id, ..)| *id);
        let column = |ids: &[AllocatorId]| {
            let sum = |snapshot: &&StatsSnapshot| {
                let of = holders(snapshot).filter(|(id, ..)| ids.contains(id));
                of.fold(0_u64, |sum, (.., bytes)| sum.saturating_add(bytes))
            };
            shown.iter().map(sum).collect::<Vec<_>>()
        };
        let bands = ranked.iter().map(|&(id, name, _)| Band { id, name, in_use: column(&[id]) }).collect();
        let rest: Vec<_> = rest.into_iter().map(|(id, ..)| id).collect();
        let others = (!rest.is_empty()).then(|| Others { allocators: rest.len(), in_use: column(&rest) });
        Self {
            kept,
            elapsed: shown.iter().map(|snapshot| snapshot.elapsed.as_secs_f64()).collect(),
            in_use: shown.iter().map(|snapshot| snapshot.global.in_use).collect(),
            peak: shown.iter().map(|snapshot| snapshot.global.peak).collect(),
            bands,
            others,
        }
    }
}

/// Who has how many bytes: those whose bytes are in the sum of all.
fn holders(snapshot: &StatsSnapshot) -> impl Iterator<Item = (AllocatorId, &str, u64)> {
    let is_part = |kind| matches!(kind, Kind::Scope | Kind::Budget);
    let alive = snapshot.allocators.iter().filter(move |entry| entry.alive && !is_part(entry.kind));
    alive.map(|entry| (entry.id, entry.name.as_str(), entry.stats.in_use))
}

/// All that ever had anything, those that had most at any time first.
fn most_in_use<'a>(snapshots: &[&'a StatsSnapshot]) -> Vec<(AllocatorId, &'a str, u64)> {
    let mut all = std::collections::HashMap::new();
    for (id, name, bytes) in snapshots.iter().flat_map(|snapshot| holders(snapshot)) {
        let (_, most) = all.entry(id).or_insert((name, 0));
        *most = bytes.max(*most);
    }
    let held = all.into_iter().filter(|(_, (_, most))| *most > 0);
    let mut ranked: Vec<_> = held.map(|(id, (name, most))| (id, name, most)).collect();
    ranked.sort_unstable_by_key(|&(id, _, most)| (core::cmp::Reverse(most), id));
    ranked
}

/// The first, the last, and of each stretch between them the lowest and the highest.
fn thin<'a>(snapshots: &[&'a StatsSnapshot]) -> Vec<&'a StatsSnapshot> {
    let [first, between @ .., last] = snapshots else { return snapshots.to_vec() };
    if between.len() <= 2 * STRETCHES {
        return snapshots.to_vec();
    }
    let mut shown = std::vec![*first];
    for stretch in 0..STRETCHES {
        let at = |stretch| stretch * between.len() / STRETCHES;
        let part = &between[at(stretch)..at(stretch + 1)];
        let lowest = (0..part.len()).min_by_key(|&i| part[i].global.in_use);
        let highest = (0..part.len()).max_by_key(|&i| part[i].global.in_use);
        if let (Some(lowest), Some(highest)) = (lowest, highest) {
            shown.push(part[lowest.min(highest)]);
            if lowest != highest {
                shown.push(part[lowest.max(highest)]);
            }
        }
    }
    shown.push(last);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{AllocatorStats, StatsCollector};
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    /// Snapshots of `allocators` allocators, of which each has what `bytes` says at a moment.
    fn history(
        moments: u64,
        allocators: u64,
        bytes: impl Fn(u64, u64) -> u64 + Copy + Send + Sync + 'static,
    ) -> Vec<Arc<StatsSnapshot>> {
        let collector = StatsCollector::new();
        let clock = Arc::new(AtomicU64::new(0));
        for allocator in 0..allocators {
            let clock = Arc::clone(&clock);
            collector.register_with(std::format!("{allocator}"), Kind::Arena, move || {
                let in_use = bytes(clock.load(Ordering::Relaxed), allocator);
                Some(AllocatorStats { in_use, ..AllocatorStats::default() })
            });
        }
        (0..moments)
            .map(|moment| {
                clock.store(moment, Ordering::Relaxed);
                let mut snapshot = collector.snapshot();
                snapshot.elapsed = Duration::from_secs(moment);
                Arc::new(snapshot)
            })
            .collect()
    }

    fn seconds(history: &History<'_>) -> Vec<f64> {
        history.elapsed.clone()
    }

    #[test]
    fn few_moments_are_all_shown_once() {
        let all = history(402, 1, |moment, _| moment);
        let shown = History::new(&all, &all[401]);
        assert_eq!((shown.kept, shown.elapsed.len()), (402, 402));
        let until = History::new(&all, &all[10]);
        assert_eq!((until.kept, seconds(&until).last()), (11, Some(&10.0)), "nothing from after");
        let only = History::new(&[], &all[7]);
        assert_eq!((only.kept, seconds(&only)), (1, std::vec![7.0]));
    }

    #[test]
    fn of_many_moments_the_peaks_and_valleys_are_shown_in_order() {
        let all = history(10_000, 1, |moment, _| match moment {
            777 => 1_000_000,
            5_555 => 0,
            other => 1_000 + other % 7,
        });
        let shown = History::new(&all, &all[9_999]);
        assert!(shown.kept == 10_000 && shown.elapsed.len() <= 402, "{}", shown.elapsed.len());
        assert!(shown.elapsed.is_sorted_by(|a, b| a < b));
        assert_eq!((shown.elapsed[0], shown.elapsed.last()), (0.0, Some(&9_999.0)));
        assert!(shown.in_use.contains(&1_000_000) && shown.in_use.contains(&0));
        assert_eq!(shown.elapsed.iter().filter(|at| [777.0, 5_555.0].contains(at)).count(), 2);
    }

    #[test]
    fn those_with_most_have_bands_and_the_others_are_added_up() {
        // The second half of time belongs to the last ones; number 3 never has anything.
        let all = history(10, 12, |moment, allocator| match allocator {
            3 => 0,
            other if (moment < 5) == (other < 6) => 100 + other,
            other => other,
        });
        let shown = History::new(&all, &all[9]);
        let names: Vec<_> = shown.bands.iter().map(|band| band.name).collect();
        assert_eq!(names, ["2", "4", "5", "6", "7", "8", "9", "10", "11"][1..]);
        let others = shown.others.unwrap();
        assert_eq!(others.allocators, 3);
        for moment in 0..10 {
            let bands: u64 = shown.bands.iter().map(|band| band.in_use[moment]).sum();
            assert_eq!(bands + others.in_use[moment], shown.in_use[moment]);
        }
    }
}
