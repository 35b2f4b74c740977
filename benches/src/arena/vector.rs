//! Vectors that grow in the arena: one to a million, many to eight, and four in turn.

use core::ops::DerefMut;

use allocator_api2::alloc::{Allocator, Global};
use allocator_api2::vec::Vec as VecIn;
use bump_scope::{BumpVec, MutBumpVec};
use nebula_memory::allocator::bump::BumpMemory;
use nebula_memory::{Arena, ArenaScope, ArenaVec, SystemAllocator};

use super::contender::{Contender as Arenas, named};
use super::ours::{ArenaRef, InArenaScope};
use super::peers::{self, Bumpalo, ScopeMemory};
use crate::barrier::sink;
use crate::case::Case;
use crate::heap::Mi;

/// Pushed one by one to the long vector.
const MANY: u64 = 1_000_000;
/// Pushed to each of four vectors in turn.
const MANY_EACH: u64 = 100_000;
/// Pushed to each short vector.
const FEW: u64 = 8;
/// Short vectors per round.
const VECTORS: u64 = 256;
/// Room for all that growing may leave behind.
const ROOM: usize = 64 << 20;

/// A vector.
trait Vector {
    fn push(&mut self, value: u64);
    fn values(&self) -> &[u64];
}

macro_rules! vector {
    ([$($generics:tt)*] $type:ty) => {
        impl<$($generics)*> Vector for $type {
            #[inline(always)]
            fn push(&mut self, value: u64) {
                self.push(value);
            }

            #[inline(always)]
            fn values(&self) -> &[u64] {
                self
            }
        }
    };
}
vector!([] Vec<u64>);
vector!([A: Allocator] VecIn<u64, A>);
vector!(['a, B: BumpMemory] ArenaVec<'a, u64, B>);
vector!(['a] bumpalo::collections::Vec<'a, u64>);
vector!(['a] BumpVec<u64, &'a ScopeMemory<1, true>>);
vector!(['a] MutBumpVec<u64, &'a mut ScopeMemory<1, true>>);

impl Vector for oxc_allocator::Vec<'_, u64> {
    #[inline(always)]
    fn push(&mut self, value: u64) {
        // The method is that of the vector inside.
        self.deref_mut().push(value);
    }

    #[inline(always)]
    fn values(&self) -> &[u64] {
        self
    }
}

/// Whoever has vectors.
trait Contender: 'static {
    const NAME: &'static str;
    const OURS: bool = false;
    type Memory: 'static;
    /// What vectors are made with.
    type Handle<'a>;
    type Vector<'a, 'h: 'a>: Vector;

    fn memory() -> Self::Memory;
    fn handle(memory: &mut Self::Memory) -> Self::Handle<'_>;
    /// A vector, the only one at a time.
    fn vector<'a, 'h: 'a>(handle: &'a mut Self::Handle<'h>) -> Self::Vector<'a, 'h>;
    fn reset(memory: &mut Self::Memory);
}

/// Whoever can have several at a time.
trait Several: Contender {
    fn one_of_several<'a, 'h: 'a>(handle: &'a Self::Handle<'h>) -> Self::Vector<'a, 'h>;
}

/// A contender whose memory is that of an arena of the other rows.
macro_rules! in_arena {
    ([$($generics:tt)*] $contender:ty, $name:expr, $ours:literal, $arena:ty, $vector:ty,
     |$handle:ident| $new:expr) => {
        impl<$($generics)*> Contender for $contender {
            const NAME: &'static str = $name;
            const OURS: bool = $ours;
            type Memory = <$arena as Arenas>::Memory;
            type Handle<'a> = <$arena as Arenas>::Handle<'a>;
            type Vector<'a, 'h: 'a> = $vector;

            fn memory() -> Self::Memory {
                <$arena as Arenas>::with_capacity(ROOM)
            }

            #[inline(always)]
            fn handle(memory: &mut Self::Memory) -> Self::Handle<'_> {
                <$arena as Arenas>::handle(memory)
            }

            #[inline(always)]
            fn vector<'a, 'h: 'a>(handle: &'a mut Self::Handle<'h>) -> Self::Vector<'a, 'h> {
                Self::one_of_several(handle)
            }

            #[inline(always)]
            fn reset(memory: &mut Self::Memory) {
                <$arena as Arenas>::reset(memory);
            }
        }

        impl<$($generics)*> Several for $contender {
            #[inline(always)]
            fn one_of_several<'a, 'h: 'a>($handle: &'a Self::Handle<'h>) -> Self::Vector<'a, 'h> {
                $new
            }
        }
    };
}

struct InRef<const MIN_ALIGN: usize>;
in_arena!([const MIN_ALIGN: usize] InRef<MIN_ALIGN>,
    named(MIN_ALIGN, "Vec in &Arena", "Vec in &Arena<8>"), true, ArenaRef<MIN_ALIGN>,
    VecIn<u64, &'a Arena<SystemAllocator, MIN_ALIGN>>, |handle| VecIn::new_in(*handle));

struct InScope<const MIN_ALIGN: usize>;
in_arena!([const MIN_ALIGN: usize] InScope<MIN_ALIGN>,
    named(MIN_ALIGN, "Vec in &ArenaScope", "Vec in &ArenaScope<8>"), true, InArenaScope<MIN_ALIGN>,
    VecIn<u64, &'a ArenaScope<'h, SystemAllocator, MIN_ALIGN>>, |handle| VecIn::new_in(handle));

struct OwnInRef<const MIN_ALIGN: usize>;
in_arena!([const MIN_ALIGN: usize] OwnInRef<MIN_ALIGN>,
    named(MIN_ALIGN, "ArenaVec in &Arena", "ArenaVec in &Arena<8>"), true, ArenaRef<MIN_ALIGN>,
    ArenaVec<'a, u64, Arena<SystemAllocator, MIN_ALIGN>>, |handle| ArenaVec::new_in(handle));

struct OwnInScope<const MIN_ALIGN: usize>;
in_arena!([const MIN_ALIGN: usize] OwnInScope<MIN_ALIGN>,
    named(MIN_ALIGN, "ArenaVec in &ArenaScope", "ArenaVec in &ArenaScope<8>"), true, InArenaScope<MIN_ALIGN>,
    ArenaVec<'a, u64, ArenaScope<'h, SystemAllocator, MIN_ALIGN>>, |handle| ArenaVec::new_in(handle));

struct InBumpalo;
in_arena!([] InBumpalo, "Vec in &bumpalo", false, Bumpalo<1>,
    VecIn<u64, &'a bumpalo::Bump>, |handle| VecIn::new_in(*handle));

struct OfBumpalo;
in_arena!([] OfBumpalo, "bumpalo Vec", false, Bumpalo<1>,
    bumpalo::collections::Vec<'a, u64>, |handle| bumpalo::collections::Vec::new_in(handle));

struct InBumpScope<const UP: bool>;
in_arena!([const UP: bool] InBumpScope<UP>,
    if UP { "Vec in &bump-scope up" } else { "Vec in &bump-scope down" }, false, peers::BumpScope<1, UP>,
    VecIn<u64, &'a ScopeMemory<1, UP>>, |handle| VecIn::new_in(*handle));

struct OfBumpScope;
in_arena!([] OfBumpScope, "bump-scope BumpVec up", false, peers::BumpScope<1, true>,
    BumpVec<u64, &'a ScopeMemory<1, true>>, |handle| BumpVec::new_in(*handle));

struct OfOxc;
in_arena!([] OfOxc, "oxc Vec", false, peers::Oxc,
    oxc_allocator::Vec<'a, u64>, |handle| oxc_allocator::Vec::new_in(handle));

/// A vector that has the arena for itself.
struct OnlyOne;

impl Contender for OnlyOne {
    const NAME: &'static str = "bump-scope MutBumpVec up";
    type Memory = ScopeMemory<1, true>;
    type Handle<'a> = &'a mut Self::Memory;
    type Vector<'a, 'h: 'a> = MutBumpVec<u64, &'a mut ScopeMemory<1, true>>;

    fn memory() -> Self::Memory {
        <peers::BumpScope<1, true> as Arenas>::with_capacity(ROOM)
    }

    #[inline(always)]
    fn handle(memory: &mut Self::Memory) -> Self::Handle<'_> {
        memory
    }

    #[inline(always)]
    fn vector<'a, 'h: 'a>(handle: &'a mut Self::Handle<'h>) -> Self::Vector<'a, 'h> {
        MutBumpVec::new_in(&mut **handle)
    }

    #[inline(always)]
    fn reset(memory: &mut Self::Memory) {
        memory.reset_to_start();
    }
}

/// On a heap there is nothing to reset.
macro_rules! on_heap {
    ($contender:ident, $name:literal, $vector:ty, $new:expr) => {
        struct $contender;

        impl Contender for $contender {
            const NAME: &'static str = $name;
            type Memory = ();
            type Handle<'a> = ();
            type Vector<'a, 'h: 'a> = $vector;

            fn memory() {}

            fn handle((): &mut ()) {}

            #[inline(always)]
            fn vector<'a, 'h: 'a>(handle: &'a mut ()) -> Self::Vector<'a, 'h> {
                Self::one_of_several(handle)
            }

            fn reset((): &mut ()) {}
        }

        impl Several for $contender {
            #[inline(always)]
            fn one_of_several<'a, 'h: 'a>((): &'a ()) -> Self::Vector<'a, 'h> {
                $new
            }
        }
    };
}
on_heap!(Std, "Vec", Vec<u64>, Vec::new());
on_heap!(OnGlobal, "allocator-api2 Vec", VecIn<u64>, VecIn::new_in(Global));
on_heap!(OnMimalloc, "Vec on mimalloc", VecIn<u64, Mi>, VecIn::new_in(Mi));

/// Something to be done with every contender.
trait Visitor {
    fn visit<C: Contender>(&mut self);
    fn visit_several<C: Several>(&mut self);
}

fn each(visitor: &mut impl Visitor) {
    visitor.visit_several::<InRef<1>>();
    visitor.visit_several::<InRef<8>>();
    visitor.visit_several::<InScope<1>>();
    visitor.visit_several::<InScope<8>>();
    visitor.visit_several::<OwnInRef<1>>();
    visitor.visit_several::<OwnInRef<8>>();
    visitor.visit_several::<OwnInScope<1>>();
    visitor.visit_several::<OwnInScope<8>>();
    visitor.visit_several::<InBumpalo>();
    visitor.visit_several::<OfBumpalo>();
    visitor.visit_several::<InBumpScope<true>>();
    visitor.visit_several::<InBumpScope<false>>();
    visitor.visit_several::<OfBumpScope>();
    visitor.visit::<OnlyOne>();
    visitor.visit_several::<OfOxc>();
    visitor.visit_several::<Std>();
    visitor.visit_several::<OnGlobal>();
    visitor.visit_several::<OnMimalloc>();
}

struct Cases<'a>(&'a mut Vec<Case>);

impl Cases<'_> {
    fn add<C: Contender>(&mut self, row: &'static str, operations: u64, round: fn(&mut C::Memory)) {
        // Made when it is used first: it is much.
        let mut memory = None;
        self.0.push(Case::new(row, (C::NAME, C::OURS), operations, move |rounds| {
            let memory = memory.get_or_insert_with(C::memory);
            for _ in 0..rounds {
                round(memory);
                C::reset(memory);
            }
        }));
    }
}

impl Visitor for Cases<'_> {
    fn visit<C: Contender>(&mut self) {
        self.add::<C>("arena/vec-grow", MANY, grow::<C>);
        self.add::<C>("arena/vec-short", FEW * VECTORS, short::<C>);
    }

    fn visit_several<C: Several>(&mut self) {
        self.visit::<C>();
        self.add::<C>("arena/vec-four", 4 * MANY_EACH, four::<C>);
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    each(&mut Cases(cases));
}

#[inline(never)]
fn grow<C: Contender>(memory: &mut C::Memory) {
    let mut handle = C::handle(memory);
    let mut vector = C::vector(&mut handle);
    for value in 0..MANY {
        vector.push(value);
    }
    sink(vector.values());
}

#[inline(never)]
fn short<C: Contender>(memory: &mut C::Memory) {
    let mut handle = C::handle(memory);
    for first in 0..VECTORS {
        let mut vector = C::vector(&mut handle);
        for value in 0..FEW {
            vector.push(first + value);
            sink(vector.values());
        }
    }
}

#[inline(never)]
fn four<C: Several>(memory: &mut C::Memory) {
    let handle = C::handle(memory);
    let mut vectors: [_; 4] = core::array::from_fn(|_| C::one_of_several(&handle));
    for value in 0..MANY_EACH {
        for vector in &mut vectors {
            vector.push(value);
        }
    }
    for vector in &vectors {
        sink(vector.values());
    }
}

struct Check;

impl Check {
    fn fill(vectors: &mut [impl Vector], name: &str) {
        for value in 0..20_000 {
            for (vector, start) in vectors.iter_mut().zip(0..) {
                vector.push(start + value);
            }
        }
        for (vector, start) in vectors.iter().zip(0..) {
            assert!(vector.values().iter().copied().eq(start..start + 20_000), "{name}");
        }
    }
}

impl Visitor for Check {
    fn visit<C: Contender>(&mut self) {
        let mut memory = C::memory();
        for _ in 0..3 {
            Self::fill(&mut [C::vector(&mut C::handle(&mut memory))], C::NAME);
            C::reset(&mut memory);
        }
        println!("ok  {}", C::NAME);
    }

    fn visit_several<C: Several>(&mut self) {
        let mut memory = C::memory();
        for _ in 0..3 {
            let handle = C::handle(&mut memory);
            Self::fill(&mut [(); 4].map(|()| C::one_of_several(&handle)), C::NAME);
            drop(handle);
            C::reset(&mut memory);
        }
        self.visit::<C>();
    }
}

/// Whether vectors hold what was pushed.
pub(super) fn check() {
    each(&mut Check);
}
