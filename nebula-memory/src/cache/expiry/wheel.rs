use alloc_crate::boxed::Box;

use super::note::{NEVER, Note};
use super::timed::Timed;
use crate::cache::policy::{Id, NONE, Nodes, Notes};

/// A tick is so many bits of nanoseconds: 66 microseconds. Not longer after its deadline an entry can be found to be over.
const TICK: u32 = 16;
/// A level has 64 buckets, each as long as the whole level below it; so each has one bit in a word.
const BITS: u32 = 6;
/// All ticks there are have 48 bits: no deadline is out of reach.
const LEVELS: usize = 8;
const LAST: u64 = (1 << (BITS * 8)) - 1;
const BUCKETS: usize = LEVELS << BITS;
/// In place of the one before it, the first entry of a bucket has the number of that, counted from here.
#[expect(clippy::cast_possible_truncation, reason = "512")]
const FIRST: Id = NONE - BUCKETS as Id;
/// How many entries one call looks at.
const MOVES: usize = 16;

/// Entries by their deadlines: in buckets of the one tick in which they are over, those that have longer in coarser ones.
///
/// A hierarchical timing wheel (Varghese, Lauck: "Hashed and Hierarchical Timing Wheels", 1987) in which the level follows from
/// the highest bit in which a tick differs from the one that is reached. An entry comes in, leaves, and goes down a level in
/// constant time; what is empty is skipped by its bits. Deadlines may be put off behind its back: an entry that is due and has a
/// later deadline by now goes to where that is.
///
/// All entries of a level have the bits above it in common with what is reached, and none is before its bucket.
#[derive(Clone)]
pub(super) struct Wheel {
    heads: Box<[Id; BUCKETS]>,
    /// Which buckets of a level have entries.
    occupied: [u64; LEVELS],
    /// Which levels have.
    levels: u8,
    /// This tick; what was due before has been found, or its bucket was at least begun.
    reached: u64,
}

/// The neighbours of an entry in its bucket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// The one before it, or its bucket; [`NONE`] if it is in none.
    prev: Id,
    next: Id,
}

impl Default for Spot {
    fn default() -> Self {
        Self { prev: NONE, next: NONE }
    }
}

impl Wheel {
    pub(super) fn new() -> Self {
        Self { heads: Box::new([NONE; BUCKETS]), occupied: [0; LEVELS], levels: 0, reached: 0 }
    }

    /// Whether no entry is in it.
    #[inline(always)]
    pub(super) fn is_empty(&self) -> bool {
        self.levels == 0
    }

    /// An entry that is not in it comes in.
    #[inline]
    pub(super) fn place<N>(&mut self, nodes: &mut impl Nodes<Timed<N>>, id: Id, deadline: u64) {
        if deadline == NEVER {
            return;
        }
        let tick = deadline.div_ceil(1 << TICK).clamp(self.reached, LAST);
        let level = ((tick ^ self.reached) | 1).ilog2() / BITS;
        let bucket = (level << BITS) | slot(tick >> (level * BITS));
        let next = self.heads[bucket as usize];
        nodes.node_mut(id).spot = Spot { prev: FIRST + bucket, next };
        if next == NONE {
            self.occupied[level as usize] |= 1 << (bucket & 63);
            self.levels |= 1 << level;
        } else {
            nodes.node_mut(next).spot.prev = id;
        }
        self.heads[bucket as usize] = id;
    }

    /// An entry leaves, if it is in.
    #[inline]
    pub(super) fn remove<N>(&mut self, nodes: &mut impl Nodes<Timed<N>>, id: Id) {
        let spot = core::mem::take(&mut nodes.node_mut(id).spot);
        if spot.prev == NONE {
            return;
        }
        if spot.next != NONE {
            nodes.node_mut(spot.next).spot.prev = spot.prev;
        }
        match spot.prev.checked_sub(FIRST) {
            None => nodes.node_mut(spot.prev).spot.next = spot.next,
            Some(bucket) => self.set_head(bucket, spot.next),
        }
    }

    /// Asks for the memory of what is changed when an entry leaves: that of its neighbours.
    #[inline]
    pub(super) fn look_ahead<N>(nodes: &mut impl Nodes<Timed<N>>, id: Id) {
        let Spot { prev, next } = nodes.node(id).spot;
        // What is not an entry is nowhere.
        nodes.fetch(prev);
        nodes.fetch(next);
    }

    fn set_head(&mut self, bucket: u32, head: Id) {
        self.heads[bucket as usize] = head;
        if head == NONE {
            let level = bucket >> BITS;
            self.occupied[level as usize] &= !(1 << (bucket & 63));
            if self.occupied[level as usize] == 0 {
                self.levels &= !(1 << level);
            }
        }
    }

    /// Finds an entry whose deadline is not after `now`, and takes it out; or none, also because that would take too long.
    pub(super) fn due<N, T>(
        &mut self,
        nodes: &mut (impl Nodes<Timed<N>> + Notes<Note<T>>),
        now: u64,
    ) -> Option<Id> {
        let tick = now >> TICK;
        for _ in 0..MOVES {
            let Some((bucket, start)) = self.begun(tick) else {
                // A clock that has gone back does not undo what was found.
                self.reached = self.reached.max(tick);
                return None;
            };
            self.reached = self.reached.max(start);
            let id = self.heads[bucket as usize];
            self.remove(nodes, id);
            let deadline = nodes.note(id).deadline();
            if deadline <= now {
                return Some(id);
            }
            self.place(nodes, id, deadline);
        }
        None
    }

    /// The earliest bucket of the finest level that has one which begins not after `tick`, and where it does.
    #[inline]
    fn begun(&self, tick: u64) -> Option<(u32, u64)> {
        let mut levels = self.levels;
        while levels != 0 {
            let level = levels.trailing_zeros();
            let slot = self.occupied[level as usize].trailing_zeros();
            let above = BITS * (level + 1);
            let start = (self.reached >> above << above) | u64::from(slot) << (BITS * level);
            if start <= tick {
                return Some(((level << BITS) | slot, start));
            }
            levels &= levels - 1;
        }
        None
    }

    /// All have gone.
    pub(super) fn clear(&mut self) {
        self.heads.fill(NONE);
        self.occupied = [0; LEVELS];
        self.levels = 0;
    }
}

/// The lowest bits: a bucket within its level.
#[inline]
fn slot(ticks: u64) -> u32 {
    (ticks & 63) as u32
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    #[derive(Default)]
    struct Entries {
        nodes: Vec<Timed<()>>,
        notes: Vec<Note<()>>,
        is_in: Vec<bool>,
    }

    impl Nodes<Timed<()>> for Entries {
        fn node(&self, id: Id) -> &Timed<()> {
            &self.nodes[id as usize]
        }

        fn node_mut(&mut self, id: Id) -> &mut Timed<()> {
            &mut self.nodes[id as usize]
        }

        fn mark(&self, _: Id) -> u8 {
            0
        }

        fn set_mark(&mut self, _: Id, _: u8) {}

        fn hash(&self, id: Id) -> u32 {
            id
        }

        fn weight(&self, _: Id) -> u64 {
            1
        }
    }

    impl Notes<Note<()>> for Entries {
        fn note(&self, id: Id) -> &Note<()> {
            &self.notes[id as usize]
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        Come(u64),
        PutOff(usize, u64),
        Leave(usize),
        Time(u64),
        Collect,
    }

    /// Times of all sizes, some of them around those of others.
    fn time() -> impl Strategy<Value = u64> {
        (any::<u64>(), 0_u32..64).prop_map(|(time, bits)| time >> bits)
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            4 => time().prop_map(Step::Come),
            1 => (any::<usize>(), time()).prop_map(|(which, to)| Step::PutOff(which, to)),
            1 => any::<usize>().prop_map(Step::Leave),
            2 => time().prop_map(Step::Time),
            2 => Just(Step::Collect),
        ];
        proptest::collection::vec(step, 0..60)
    }

    fn cases() -> ProptestConfig {
        let normally = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
        if cfg!(miri) { ProptestConfig { cases: 8, ..normally } } else { normally }
    }

    proptest! {
        #![proptest_config(cases())]

        /// What is found is over, each entry is found once, and nothing that was over for a tick stays.
        #[test]
        fn finds_what_is_over(steps in steps()) {
            let (mut wheel, mut all, mut now) = (Wheel::new(), Entries::default(), 0);
            for step in steps.into_iter().chain([Step::Collect, Step::Time(NEVER), Step::Collect]) {
                match step {
                    Step::Come(deadline) => {
                        let id = Id::try_from(all.nodes.len()).unwrap();
                        all.nodes.push(Timed::default());
                        all.notes.push(Note::default());
                        all.is_in.push(true);
                        all.notes[id as usize].set_deadline(deadline);
                        wheel.place(&mut all, id, deadline);
                    }
                    Step::PutOff(which, to) if !all.notes.is_empty() => {
                        let note = &all.notes[which % all.notes.len()];
                        if note.deadline() != NEVER {
                            note.set_deadline(to.max(note.deadline()));
                        }
                    }
                    Step::Leave(which) if !all.nodes.is_empty() => {
                        let which = which % all.nodes.len();
                        wheel.remove(&mut all, Id::try_from(which).unwrap());
                        all.is_in[which] = false;
                    }
                    Step::PutOff(..) | Step::Leave(_) => {}
                    Step::Time(time) => now = time,
                    Step::Collect => {
                        for _ in 0..4 * all.nodes.len() + 4 {
                            if let Some(id) = wheel.due(&mut all, now) {
                                prop_assert!(all.notes[id as usize].deadline() <= now);
                                prop_assert!(core::mem::take(&mut all.is_in[id as usize]));
                            }
                        }
                        let tick = now >> TICK;
                        let left = |(note, is_in): (&Note<()>, &bool)| {
                            *is_in && note.deadline() != NEVER && note.deadline().div_ceil(1 << TICK) <= tick
                        };
                        prop_assert!(tick < wheel.reached || !all.notes.iter().zip(&all.is_in).any(left));
                    }
                }
            }
            let over = |(note, is_in): (&Note<()>, &bool)| !is_in || note.deadline() == NEVER;
            prop_assert!(all.notes.iter().zip(&all.is_in).all(over));
            prop_assert_eq!(wheel.levels == 0, wheel.occupied == [0; LEVELS]);
        }
    }
}
