use alloc_crate::{collections::BinaryHeap, vec, vec::Vec};

use super::{SimResult, Trace};

/// What the best of all policies finds, which knows the future: the entry that is wanted last of all goes, even if it is the one
/// that just came in.
///
/// No policy finds more in a trace without weights. With weights this is an estimate, and a policy may find more now and then: which
/// entries are best kept is then a hard problem. Takes O(n log n) time.
///
/// László A. Bélády: A Study of Replacement Algorithms for a Virtual-Storage Computer, IBM Systems Journal 5, 1966.
#[must_use]
pub fn optimal(trace: &Trace, capacity: u64) -> SimResult {
    let next = next_uses(trace);
    // Of each key: when it is wanted next and its weight, if it is there.
    let mut there: Vec<Option<(u32, u32)>> = vec![None; trace.unique()];
    let mut last = BinaryHeap::new();
    let mut used = 0;
    let mut found = SimResult::default();
    for ((key, weight), &next) in trace.requests().zip(&next) {
        let entry = &mut there[key as usize];
        found.count(entry.is_some(), weight);
        let weight = entry.map_or_else(
            || {
                used += u64::from(weight);
                weight
            },
            |(_, weight)| weight,
        );
        *entry = Some((next, weight));
        last.push((next, key));
        while used > capacity {
            let Some((next, key)) = last.pop() else { break };
            let entry = &mut there[key as usize];
            // Others are what the heap still has of an earlier use.
            if let Some((_, weight)) = entry.take_if(|(when, _)| *when == next) {
                used -= u64::from(weight);
            }
        }
    }
    found
}

/// When the key of each request is wanted again; `u32::MAX` for never.
#[expect(clippy::cast_possible_truncation, reason = "a trace has fewer requests")]
fn next_uses(trace: &Trace) -> Vec<u32> {
    let mut seen = vec![u32::MAX; trace.unique()];
    let keys: Vec<u32> = trace.requests().map(|(key, _)| key).collect();
    let mut next: Vec<u32> = keys
        .iter()
        .rev()
        .zip(0_u32..)
        .map(|(&key, back)| core::mem::replace(&mut seen[key as usize], keys.len() as u32 - 1 - back))
        .collect();
    next.reverse();
    next
}
