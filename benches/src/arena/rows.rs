//! The workloads of every arena. Each round fills a warm arena in a loop and resets it, or, where it says so, a new one.

use super::contender::{Contender, Visitor, each};
use super::tree::{DEPTH, LARGE_DEPTH, build, nodes, room};
use super::{drops, function, statistics, threads, typed, vector};
use crate::barrier::{opaque, sink};
use crate::case::Case;
use crate::text::{Random, WORDS, words};

/// Small values per round: 32 KiB of them.
pub(super) const SMALL: u64 = 4096;
/// Values of 64 bytes per round.
pub(super) const LARGE: u64 = 512;
/// Scopes per round.
const SCOPES: u64 = 4096;

/// Room for a round, with what alignment and bookkeeping may take.
pub(super) const ROOM: usize = 1 << 17;
const MIX_ROOM: usize = 1 << 19;

/// All cases with an arena, by row.
pub fn cases() -> Vec<Case> {
    let mut cases = Cases::default();
    each(&mut cases);
    let mut cases = cases.0;
    typed::add_all(&mut cases);
    vector::add(&mut cases);
    drops::add(&mut cases);
    function::add(&mut cases);
    threads::add(&mut cases);
    statistics::add(&mut cases);
    let order = |case: &Case| ROWS.iter().position(|row| *row == case.row);
    cases.sort_by_key(order);
    cases
}

const ROWS: [&str; 21] = [
    "arena/u64",
    "arena/u64-align8",
    "arena/u64-shared",
    "arena/64-bytes",
    "arena/words",
    "arena/words-random",
    "arena/mix",
    "arena/list",
    "arena/tree",
    "arena/tree-1M-warm",
    "arena/tree-1M-fresh",
    "arena/vec-grow",
    "arena/vec-short",
    "arena/vec-four",
    "arena/scope",
    "arena/function",
    "arena/drop",
    "arena/drop-two-types",
    "arena/threads-1",
    "arena/threads-2",
    "arena/statistics",
];

#[derive(Default)]
struct Cases(Vec<Case>);

impl Cases {
    /// A case whose rounds have a warm arena.
    fn add<C: Contender>(
        &mut self,
        row: &'static str,
        operations: u64,
        bytes: usize,
        mut round: impl FnMut(&mut C::Memory) + 'static,
    ) -> &mut Case {
        // Made when it is used first: some rows need much.
        let mut memory = None;
        self.0.push(Case::new(row, (C::NAME, C::OURS), operations, move |rounds| {
            let memory = memory.get_or_insert_with(|| C::with_capacity(bytes));
            for _ in 0..rounds {
                round(memory);
            }
        }));
        self.0.last_mut().expect("just added")
    }
}

impl Visitor for Cases {
    fn visit<C: Contender>(&mut self) {
        if C::MIN_ALIGN == 1 {
            self.add::<C>("arena/u64", SMALL, ROOM, integers::<C>);
        }
        if C::MIN_ALIGN == 8 {
            self.add::<C>("arena/u64-align8", SMALL, ROOM, integers::<C>);
        }
        if C::SHARED {
            self.add::<C>("arena/u64-shared", SMALL, ROOM, |memory| {
                integers_through::<C>(C::handle(memory));
                C::reset(memory);
            });
        }
        self.add::<C>("arena/64-bytes", LARGE, ROOM, large::<C>);
        let text = words();
        self.add::<C>("arena/words", WORDS as u64, ROOM, move |memory| copy::<C>(memory, &text));
        let (text, mut random) = (words(), Random::new());
        self.add::<C>("arena/words-random", WORDS as u64, ROOM, move |memory| {
            random = copy_random::<C>(memory, &text, random);
        });
        let text = words();
        self.add::<C>("arena/mix", WORDS as u64, MIX_ROOM, move |memory| mix::<C>(memory, &text));
        self.add::<C>("arena/list", SMALL / 2, ROOM, |memory| {
            {
                let handle = C::handle(memory);
                list(|node| C::alloc(&handle, node));
            }
            C::reset(memory);
        });
        for (row, depth) in [("arena/tree", DEPTH), ("arena/tree-1M-warm", LARGE_DEPTH)] {
            let case = self.add::<C>(row, nodes(depth), room(depth), move |memory| {
                build::<C>(memory, depth);
                C::reset(memory);
            });
            case.long = depth == LARGE_DEPTH;
        }
        if C::GROWS {
            let fresh = move |rounds| {
                for _ in 0..rounds {
                    build::<C>(&mut C::new(), LARGE_DEPTH);
                }
            };
            let contender = (C::NAME, C::OURS);
            self.0.push(Case::new("arena/tree-1M-fresh", contender, nodes(LARGE_DEPTH), fresh).long());
        }
        self.add::<C>("arena/scope", SCOPES, ROOM, |memory| {
            for value in 0..SCOPES {
                C::in_scope(memory, value);
            }
        });
    }
}

#[inline(never)]
fn integers<C: Contender>(memory: &mut C::Memory) {
    {
        let handle = C::handle(memory);
        for value in 0..SMALL {
            sink(C::alloc(&handle, value));
        }
    }
    C::reset(memory);
}

/// As `integers`, by a function that got a shared reference and knows nothing of what else refers to the arena.
#[inline(never)]
#[expect(clippy::needless_pass_by_value, reason = "it is a reference")]
fn integers_through<C: Contender>(handle: C::Handle<'_>) {
    for value in 0..SMALL {
        sink(C::alloc(&handle, value));
    }
}

/// A value that is worth making in place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Large(pub(super) [u64; 8]);

impl Large {
    #[inline(always)]
    pub(super) fn new(seed: u64) -> Self {
        Self([seed, seed ^ 1, seed + 2, !seed, seed << 4, seed.wrapping_mul(5), seed + 6, seed ^ 7])
    }
}

#[inline(never)]
fn large<C: Contender>(memory: &mut C::Memory) {
    {
        let handle = C::handle(memory);
        for seed in 0..LARGE {
            sink(C::alloc_with(&handle, || Large::new(seed)));
        }
    }
    C::reset(memory);
}

#[inline(never)]
fn copy<C: Contender>(memory: &mut C::Memory, text: &[&str; WORDS]) {
    {
        let handle = C::handle(memory);
        for word in text {
            sink(C::alloc_str(&handle, word));
        }
    }
    C::reset(memory);
}

/// As `copy`, but no predictor knows how long the next word is.
#[inline(never)]
fn copy_random<C: Contender>(memory: &mut C::Memory, text: &[&str; WORDS], mut random: Random) -> Random {
    {
        let handle = C::handle(memory);
        for _ in 0..WORDS {
            sink(C::alloc_str(&handle, text[random.below(WORDS)]));
        }
    }
    C::reset(memory);
    random
}

/// A name and a node that has it, of four sizes in turn: what a parser allocates.
#[inline(never)]
fn mix<C: Contender>(memory: &mut C::Memory, text: &[&str; WORDS]) {
    {
        let handle = C::handle(memory);
        for (index, word) in (0..).zip(text) {
            let name = C::alloc_str(&handle, word);
            match index & 3 {
                0 => sink(C::alloc(&handle, (name, index))),
                1 => sink(C::alloc(&handle, (name, 1_u8))),
                2 => sink(C::alloc(&handle, (name, [index; 3]))),
                _ => sink(C::alloc(&handle, (name, [index; 6]))),
            }
        }
    }
    C::reset(memory);
}

/// A list, of which only the head is looked at.
pub(super) struct Link<'a> {
    value: u64,
    next: Option<&'a Link<'a>>,
}

#[inline(always)]
pub(super) fn list<'a>(alloc: impl Fn(Link<'a>) -> &'a mut Link<'a>) {
    let mut head: Option<&Link<'_>> = None;
    for value in 0..SMALL / 2 {
        head = Some(alloc(Link { value, next: head }));
    }
    if let Some(link) = head {
        sink(link);
        opaque(link.value + link.next.map_or(0, |next| next.value));
    }
}
