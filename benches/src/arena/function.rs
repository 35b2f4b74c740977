//! A small function that needs memory for the time of a call: two values, a dozen instructions of work.

use nebula_memory::{Arena, SystemAllocator, arena};

use super::contender::Contender;
use super::peers::{BumpScope, Bumpalo};
use crate::barrier::{opaque, sink, used};
use crate::case::Case;

const ROW: &str = "arena/function";
const CALLS: u64 = 1024;

pub(super) fn add(cases: &mut Vec<Case>) {
    add_one(cases, ("#[arena]", true), with_attribute);
    let mut arena = Arena::<SystemAllocator, 8>::with_capacity_in(4096, SystemAllocator);
    add_one(cases, ("Arena<8>, reused", true), move |seed| in_a_scope(&mut arena, seed));
    add_one(cases, ("Arena, new and dropped", true), with_new_arena);
    add_one(cases, ("bumpalo, new and dropped", false), with_new_bumpalo);
    reused::<Bumpalo<8>>(cases, "bumpalo<8>, reused");
    add_one(cases, ("bump-scope up, new and dropped", false), with_new_bump_scope);
    reused::<BumpScope<8, true>>(cases, "bump-scope up<8>, reused");
    reused::<BumpScope<8, false>>(cases, "bump-scope down<8>, reused");
}

fn add_one(
    cases: &mut Vec<Case>,
    contender: (&'static str, bool),
    mut call: impl FnMut(u64) -> u64 + 'static,
) {
    cases.push(Case::new(ROW, contender, CALLS, move |rounds| {
        for seed in 0..rounds * CALLS {
            used(call(opaque(seed)));
        }
    }));
}

fn reused<C: Contender>(cases: &mut Vec<Case>, name: &'static str) {
    let mut memory = C::with_capacity(4096);
    add_one(cases, (name, C::OURS), move |seed| with_reused::<C>(&mut memory, seed));
}

type Numbers = [u64; 4];

#[inline(always)]
fn work<'a>(seed: u64, alloc: impl Fn(Numbers) -> &'a mut Numbers) -> u64 {
    let first = alloc([seed, 1, 2, 3]);
    sink(first);
    let second = alloc([first[0], first[1], first[2], first[3]].map(|number| number + seed));
    sink(second);
    second.iter().sum()
}

#[arena]
#[inline(never)]
fn with_attribute(seed: u64) -> u64 {
    work(seed, |numbers| arena.alloc(numbers))
}

#[inline(never)]
fn in_a_scope(arena: &mut Arena<SystemAllocator, 8>, seed: u64) -> u64 {
    let scope = arena.scope();
    work(seed, |numbers| scope.alloc(numbers))
}

#[inline(never)]
fn with_new_arena(seed: u64) -> u64 {
    let arena = Arena::new();
    work(seed, |numbers| arena.alloc(numbers))
}

#[inline(never)]
fn with_new_bumpalo(seed: u64) -> u64 {
    let arena = bumpalo::Bump::new();
    work(seed, |numbers| arena.alloc(numbers))
}

#[inline(never)]
fn with_new_bump_scope(seed: u64) -> u64 {
    let arena: bump_scope::Bump = bump_scope::Bump::new();
    work(seed, |numbers| bump_scope::BumpBox::leak(arena.alloc(numbers)))
}

#[inline(never)]
fn with_reused<C: Contender>(memory: &mut C::Memory, seed: u64) -> u64 {
    let sum = {
        let handle = C::handle(memory);
        work(seed, |numbers| C::alloc(&handle, numbers))
    };
    C::reset(memory);
    sum
}

/// What the function with the attribute returns is what it should be.
pub(super) fn check() {
    let numbers = [10, 1, 2, 3].map(|number| number + 10);
    assert_eq!(with_attribute(10), numbers.iter().sum::<u64>());
}
