//! The workloads of every arena. Each round fills a warm arena in a loop and resets it.

use super::contender::{Contender, Visitor, each};
use super::{function, typed, vector};
use crate::barrier::{opaque, sink};
use crate::case::Case;
use crate::text::{Random, WORDS, words};

/// Small values per round: 32 KiB of them.
pub(super) const SMALL: u64 = 4096;
/// Values of 64 bytes per round.
pub(super) const LARGE: u64 = 512;
/// Scopes per round.
const SCOPES: u64 = 4096;
/// A tree of this depth has 65 535 nodes, 1.5 MiB.
pub(super) const DEPTH: u32 = 15;
pub(super) const NODES: u64 = (1 << (DEPTH + 1)) - 1;

/// Room for a round, with what alignment and bookkeeping may take.
pub(super) const ROOM: usize = 1 << 17;
const TREE_ROOM: usize = 4 << 20;

/// All cases with an arena, by row.
pub fn cases() -> Vec<Case> {
    let mut cases = Cases::default();
    each(&mut cases);
    let mut cases = cases.0;
    typed::add(&mut cases);
    vector::add(&mut cases);
    function::add(&mut cases);
    let order = |case: &Case| ROWS.iter().position(|row| *row == case.row);
    cases.sort_by_key(order);
    cases
}

const ROWS: [&str; 10] = [
    "arena/u64",
    "arena/u64-align8",
    "arena/64-bytes",
    "arena/words",
    "arena/words-random",
    "arena/list",
    "arena/tree",
    "arena/vec",
    "arena/scope",
    "arena/function",
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
    ) {
        let mut memory = C::with_capacity(bytes);
        self.0.push(Case::new(row, (C::NAME, C::OURS), operations, move |rounds| {
            for _ in 0..rounds {
                round(&mut memory);
            }
        }));
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
        self.add::<C>("arena/64-bytes", LARGE, ROOM, large::<C>);
        let text = words();
        self.add::<C>("arena/words", WORDS as u64, ROOM, move |memory| copy::<C>(memory, &text));
        let (text, mut random) = (words(), Random::new());
        self.add::<C>("arena/words-random", WORDS as u64, ROOM, move |memory| {
            random = copy_random::<C>(memory, &text, random);
        });
        self.add::<C>("arena/list", SMALL / 2, ROOM, |memory| {
            {
                let handle = C::handle(memory);
                list(|node| C::alloc(&handle, node));
            }
            C::reset(memory);
        });
        self.add::<C>("arena/tree", NODES, TREE_ROOM, |memory| {
            {
                let handle = C::handle(memory);
                sink(tree(&|node| &*C::alloc(&handle, node), DEPTH, 7));
            }
            C::reset(memory);
        });
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
fn copy<C: Contender>(memory: &mut C::Memory, text: &[&str]) {
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
fn copy_random<C: Contender>(memory: &mut C::Memory, text: &[&str], mut random: Random) -> Random {
    {
        let handle = C::handle(memory);
        for _ in 0..text.len() {
            sink(C::alloc_str(&handle, text[random.below(WORDS)]));
        }
    }
    C::reset(memory);
    random
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

/// A tree whose nodes are of two kinds.
pub(super) enum Tree<'a> {
    Leaf(u64),
    Branch(&'a Tree<'a>, &'a Tree<'a>),
}

#[inline(never)]
pub(super) fn tree<'a>(alloc: &impl Fn(Tree<'a>) -> &'a Tree<'a>, depth: u32, value: u64) -> &'a Tree<'a> {
    if depth == 0 {
        return alloc(Tree::Leaf(value));
    }
    let left = tree(alloc, depth - 1, value.wrapping_mul(3));
    let right = tree(alloc, depth - 1, value ^ 0x55);
    alloc(Tree::Branch(left, right))
}

/// The leaves' sum, which depends on where each is.
pub(super) fn sum(tree: &Tree<'_>) -> u64 {
    match tree {
        Tree::Leaf(value) => *value,
        Tree::Branch(left, right) => sum(left).wrapping_mul(31).wrapping_add(sum(right)),
    }
}
