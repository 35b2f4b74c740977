//! What it costs to know how much an arena holds, in the loops of `arena/u64` and `arena/u64-align8`.
//!
//! Any [`Arena`] tells when it is asked, by walking along its chunks; a [`Counted`] one is also read by other threads.

use nebula_memory::arena::{Counted, Counting, Uncounted};
use nebula_memory::{Arena, ArenaScope, SystemAllocator};

use super::rows::{ROOM, SMALL};
use crate::barrier::{sink, used};
use crate::case::Case;

const ROW: &str = "arena/statistics";

type Plain<const MIN_ALIGN: usize> = Arena<SystemAllocator, MIN_ALIGN>;
type Watched<const MIN_ALIGN: usize> = Arena<SystemAllocator, MIN_ALIGN, Counted>;

pub(super) fn add(cases: &mut Vec<Case>) {
    add_each::<1, Uncounted>(cases, ["&Arena", "ArenaScope"], plain(), |_| {});
    add_each::<1, Uncounted>(cases, ["&Arena, asked", "ArenaScope, asked"], plain(), |arena| {
        used(arena.stats().current_used as u64);
    });
    add_each::<1, Counted>(cases, ["&Arena, counted", "ArenaScope, counted"], watched(), |_| {});
    add_each::<8, Uncounted>(cases, ["&Arena<8>", "ArenaScope<8>"], plain(), |_| {});
    add_each::<8, Counted>(cases, ["&Arena<8>, counted", "ArenaScope<8>, counted"], watched(), |_| {});
}

fn plain<const MIN_ALIGN: usize>() -> [Plain<MIN_ALIGN>; 2] {
    [(); 2].map(|()| Arena::with_capacity_in(ROOM, SystemAllocator))
}

fn watched<const MIN_ALIGN: usize>() -> [Watched<MIN_ALIGN>; 2] {
    [(); 2].map(|()| {
        let arena = Arena::counted_in(SystemAllocator);
        arena.try_reserve(ROOM).expect("there is memory");
        arena
    })
}

/// Through a shared reference, and through a scope. What the arena is asked is asked once in a round.
fn add_each<const MIN_ALIGN: usize, K: Counting + 'static>(
    cases: &mut Vec<Case>,
    [by_reference, in_scope]: [&'static str; 2],
    [mut one, mut other]: [Arena<SystemAllocator, MIN_ALIGN, K>; 2],
    ask: fn(&Arena<SystemAllocator, MIN_ALIGN, K>),
) {
    cases.push(Case::new(ROW, (by_reference, true), SMALL, move |rounds| {
        for _ in 0..rounds {
            fill(&one);
            ask(&one);
            one.reset();
        }
    }));
    cases.push(Case::new(ROW, (in_scope, true), SMALL, move |rounds| {
        for _ in 0..rounds {
            fill_scope(&mut other);
            ask(&other);
        }
    }));
}

#[inline(never)]
fn fill<const MIN_ALIGN: usize, K: Counting>(arena: &Arena<SystemAllocator, MIN_ALIGN, K>) {
    for value in 0..SMALL {
        sink(arena.alloc(value));
    }
}

#[inline(never)]
fn fill_scope<const MIN_ALIGN: usize, K: Counting>(arena: &mut Arena<SystemAllocator, MIN_ALIGN, K>) {
    let scope: ArenaScope<'_, SystemAllocator, MIN_ALIGN, K> = arena.scope();
    for value in 0..SMALL {
        sink(scope.alloc(value));
    }
}

/// Whether what is counted is right.
pub(super) fn check() {
    let [mut arena, _] = watched::<8>();
    let monitor = arena.monitor();
    fill(&arena);
    fill_scope(&mut arena);
    arena.reset();
    assert_eq!(monitor.allocations() as u64, 2 * SMALL);
    println!("ok  Arena, counted");
}
