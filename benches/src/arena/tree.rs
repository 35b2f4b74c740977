//! A tree built by a recursive function, from the leaves up: what a parser does.

use super::contender::Contender;
use crate::barrier::sink;

/// A tree of this depth has 8191 nodes, 192 KiB: the cache has room for it.
pub(super) const DEPTH: u32 = 12;
/// One of this depth, 1 048 575, 24 MiB.
pub(super) const LARGE_DEPTH: u32 = 19;

/// How many nodes a tree of this depth has.
pub(super) const fn nodes(depth: u32) -> u64 {
    (1 << (depth + 1)) - 1
}

/// Room for a tree of this depth, with what alignment and bookkeeping may take.
pub(super) const fn room(depth: u32) -> usize {
    40 << (depth + 1)
}

/// What a branch does with what its two sides say.
#[derive(Clone, Copy)]
pub(super) enum Operator {
    Add,
    Xor,
}

impl Operator {
    #[inline(always)]
    pub(super) const fn of(value: u64) -> Self {
        if value & 1 == 0 { Self::Add } else { Self::Xor }
    }
}

/// A tree whose nodes are of two kinds, 24 bytes each.
pub(super) enum Tree<'a> {
    Leaf(u64),
    Branch(Operator, &'a Tree<'a>, &'a Tree<'a>),
}

#[inline(never)]
pub(super) fn tree<'a>(alloc: &impl Fn(Tree<'a>) -> &'a Tree<'a>, depth: u32, value: u64) -> &'a Tree<'a> {
    if depth == 0 {
        return alloc(Tree::Leaf(value));
    }
    let left = tree(alloc, depth - 1, value.wrapping_mul(3));
    let right = tree(alloc, depth - 1, value ^ 0x55);
    alloc(Tree::Branch(Operator::of(value), left, right))
}

/// What the tree says, which depends on where each leaf is.
pub(super) fn sum(tree: &Tree<'_>) -> u64 {
    match tree {
        Tree::Leaf(value) => *value,
        Tree::Branch(Operator::Add, left, right) => sum(left).wrapping_mul(31).wrapping_add(sum(right)),
        Tree::Branch(Operator::Xor, left, right) => sum(left).wrapping_mul(31) ^ sum(right),
    }
}

/// What a tree should say.
pub(super) fn expected_sum(depth: u32, value: u64) -> u64 {
    if depth == 0 {
        return value;
    }
    let left = expected_sum(depth - 1, value.wrapping_mul(3)).wrapping_mul(31);
    let right = expected_sum(depth - 1, value ^ 0x55);
    match Operator::of(value) {
        Operator::Add => left.wrapping_add(right),
        Operator::Xor => left ^ right,
    }
}

/// Builds a tree.
pub(super) fn build<C: Contender>(memory: &mut C::Memory, depth: u32) {
    let handle = C::handle(memory);
    sink(tree(&|node| &*C::alloc(&handle, node), depth, 7));
}
