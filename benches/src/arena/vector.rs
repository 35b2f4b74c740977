//! A `Vec` that grows in the arena, alone, from nothing.

use allocator_api2::alloc::{Allocator, Global};
use allocator_api2::vec::Vec as VecIn;
use nebula_memory::{Arena, SystemAllocator};

use super::contender::Contender;
use super::peers::{BumpScope, Bumpalo};
use crate::barrier::sink;
use crate::case::Case;
use crate::heap::Mi;

const ROW: &str = "arena/vec";
/// Pushed one by one: thirteen times the `Vec` grows.
const PUSHES: u64 = 1 << 15;
/// Room for all that growing may leave behind.
const ROOM: usize = 1 << 20;

pub(super) fn add(cases: &mut Vec<Case>) {
    let mut add = |contender, mut round: Box<dyn FnMut()>| {
        cases.push(Case::new(ROW, contender, PUSHES, move |rounds| (0..rounds).for_each(|_| round())));
    };
    let mut arena = Arena::<SystemAllocator, 1>::with_capacity_in(ROOM, SystemAllocator);
    add(
        ("&Arena", true),
        Box::new(move || {
            grow(&arena);
            arena.reset();
        }),
    );
    let mut arena = Arena::<SystemAllocator, 8>::with_capacity_in(ROOM, SystemAllocator);
    add(("ArenaScope<8>", true), Box::new(move || grow(&arena.scope())));
    let mut arena = Bumpalo::<1>::with_capacity(ROOM);
    add(
        ("bumpalo", false),
        Box::new(move || {
            grow(&arena);
            arena.reset();
        }),
    );
    let mut arena = BumpScope::<1, true>::with_capacity(ROOM);
    add(
        ("bump-scope up", false),
        Box::new(move || {
            grow(&arena);
            arena.reset_to_start();
        }),
    );
    let mut arena = BumpScope::<1, false>::with_capacity(ROOM);
    add(
        ("bump-scope down", false),
        Box::new(move || {
            grow(&arena);
            arena.reset_to_start();
        }),
    );
    add(("Vec", false), Box::new(|| grow(Global)));
    add(("Vec on mimalloc", false), Box::new(|| grow(Mi)));
}

#[inline(never)]
fn grow<A: Allocator>(allocator: A) {
    let mut vector = VecIn::new_in(allocator);
    for value in 0..PUSHES {
        vector.push(value);
    }
    sink(vector.as_slice());
}
