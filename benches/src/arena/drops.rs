//! Values that have to be dropped: of one type, and of two in turn. All of them are, at the end of a round.

use std::cell::Cell;
use std::ptr::NonNull;

use nebula_memory::{Arena, TypedArena};

use super::rows::{ROOM, SMALL};
use crate::barrier::{sink, used};
use crate::case::Case;
use crate::heap::Mi;

thread_local! {
    /// How many values were dropped whose type is checked, and their sum.
    static DROPPED: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
}

/// A value that has to be dropped. Counts that only if `CHECKED`.
struct One<const CHECKED: bool>(u64);
/// A value of another type that has to be dropped.
struct Other<const CHECKED: bool>(u64, u64);

#[inline(always)]
fn dropped<const CHECKED: bool>(value: u64) {
    used(value);
    if CHECKED {
        let (count, sum) = DROPPED.get();
        DROPPED.set((count + 1, sum + value));
    }
}

impl<const CHECKED: bool> Drop for One<CHECKED> {
    #[inline(always)]
    fn drop(&mut self) {
        dropped::<CHECKED>(self.0);
    }
}

impl<const CHECKED: bool> Drop for Other<CHECKED> {
    #[inline(always)]
    fn drop(&mut self) {
        dropped::<CHECKED>(self.0 ^ self.1);
    }
}

/// Whoever keeps values of any number of types, and drops them together.
trait Contender: 'static {
    const NAME: &'static str;
    const OURS: bool = false;

    /// With what is kept from one round to the next.
    fn new() -> Self;
    /// Makes `count` values of the one type, and drops them.
    fn one<const CHECKED: bool>(&mut self, count: u64);
    /// Makes as many, of the one and of the other type in turn, and drops them.
    fn two<const CHECKED: bool>(&mut self, count: u64);
}

#[inline(always)]
fn in_turn<'a, const CHECKED: bool>(
    count: u64,
    one: impl Fn(One<CHECKED>) -> &'a mut One<CHECKED>,
    other: impl Fn(Other<CHECKED>) -> &'a mut Other<CHECKED>,
) {
    for value in 0..count / 2 {
        sink(one(One(value)));
        sink(other(Other(value, 1)));
    }
}

/// A new arena for each type.
macro_rules! new_each {
    ($contender:ident, $name:literal, $ours:literal, $arena:ident :: $type:ident) => {
        struct $contender;

        impl Contender for $contender {
            const NAME: &'static str = $name;
            const OURS: bool = $ours;

            fn new() -> Self {
                Self
            }

            #[inline(never)]
            fn one<const CHECKED: bool>(&mut self, count: u64) {
                let values = $arena::$type::default();
                for value in 0..count {
                    sink(values.alloc(One::<CHECKED>(value)));
                }
            }

            #[inline(never)]
            fn two<const CHECKED: bool>(&mut self, count: u64) {
                let (values, others) = ($arena::$type::default(), $arena::$type::default());
                in_turn::<CHECKED>(count, |value| values.alloc(value), |value| others.alloc(value));
            }
        }
    };
}

new_each!(NewTyped, "TypedArena per type, new", true, nebula_memory::TypedArena);
new_each!(NewTypedArena, "typed-arena per type, new", false, typed_arena::Arena);
new_each!(NewStable, "stable-arena per type, new", false, stable_arena::TypedArena);

/// The same two arenas each time.
#[derive(Default)]
struct Typed {
    checked: (TypedArena<One<true>>, TypedArena<Other<true>>),
    measured: (TypedArena<One<false>>, TypedArena<Other<false>>),
}

impl Contender for Typed {
    const NAME: &'static str = "TypedArena per type";
    const OURS: bool = true;

    fn new() -> Self {
        Self::default()
    }

    #[inline(never)]
    fn one<const CHECKED: bool>(&mut self, count: u64) {
        if CHECKED {
            fill_and_clear(&mut self.checked.0, count, One);
        } else {
            fill_and_clear(&mut self.measured.0, count, One);
        }
    }

    #[inline(never)]
    fn two<const CHECKED: bool>(&mut self, count: u64) {
        if CHECKED {
            fill_both_and_clear(&mut self.checked, count);
        } else {
            fill_both_and_clear(&mut self.measured, count);
        }
    }
}

#[inline(always)]
fn fill_and_clear<T>(arena: &mut TypedArena<T>, count: u64, make: impl Fn(u64) -> T) {
    for value in 0..count {
        sink(arena.alloc(make(value)));
    }
    arena.clear();
}

#[inline(always)]
fn fill_both_and_clear<const CHECKED: bool>(
    arenas: &mut (TypedArena<One<CHECKED>>, TypedArena<Other<CHECKED>>),
    count: u64,
) {
    in_turn::<CHECKED>(count, |value| arenas.0.alloc(value), |value| arenas.1.alloc(value));
    arenas.0.clear();
    arenas.1.clear();
}

/// Boxes in an arena, in a `Vec` per type.
struct InBoxes(Arena);

impl Contender for InBoxes {
    const NAME: &'static str = "Vec of ArenaBox per type";
    const OURS: bool = true;

    fn new() -> Self {
        Self(Arena::with_capacity(ROOM))
    }

    #[inline(never)]
    fn one<const CHECKED: bool>(&mut self, count: u64) {
        let mut boxes = Vec::new();
        for value in 0..count {
            boxes.push(self.0.alloc_box(One::<CHECKED>(value)));
        }
        sink(boxes.as_slice());
        drop(boxes);
        self.0.reset();
    }

    #[inline(never)]
    fn two<const CHECKED: bool>(&mut self, count: u64) {
        let (mut boxes, mut others) = (Vec::new(), Vec::new());
        for value in 0..count / 2 {
            boxes.push(self.0.alloc_box(One::<CHECKED>(value)));
            others.push(self.0.alloc_box(Other::<CHECKED>(value, 1)));
        }
        sink(boxes.as_slice());
        sink(others.as_slice());
        drop((boxes, others));
        self.0.reset();
    }
}

/// The same with `bump-scope`.
struct InBumpBoxes(bump_scope::Bump);

impl Contender for InBumpBoxes {
    const NAME: &'static str = "Vec of bump-scope BumpBox per type";

    fn new() -> Self {
        Self(bump_scope::Bump::with_size(ROOM))
    }

    #[inline(never)]
    fn one<const CHECKED: bool>(&mut self, count: u64) {
        let mut boxes = Vec::new();
        for value in 0..count {
            boxes.push(self.0.alloc(One::<CHECKED>(value)));
        }
        sink(boxes.as_slice());
        drop(boxes);
        self.0.reset_to_start();
    }

    #[inline(never)]
    fn two<const CHECKED: bool>(&mut self, count: u64) {
        let (mut boxes, mut others) = (Vec::new(), Vec::new());
        for value in 0..count / 2 {
            boxes.push(self.0.alloc(One::<CHECKED>(value)));
            others.push(self.0.alloc(Other::<CHECKED>(value, 1)));
        }
        sink(boxes.as_slice());
        sink(others.as_slice());
        drop((boxes, others));
        self.0.reset_to_start();
    }
}

/// A list of destructors in the arena. The arena below is kept.
struct Rodeo(bumpalo::Bump);

struct Borrowed<'a>(&'a bumpalo::Bump);

impl rodeo::ArenaAlloc for Borrowed<'_> {
    type Error = bumpalo::AllocErr;

    #[inline(always)]
    fn try_alloc_layout(&self, layout: std::alloc::Layout) -> Result<NonNull<u8>, Self::Error> {
        self.0.try_alloc_layout(layout)
    }
}

impl Contender for Rodeo {
    const NAME: &'static str = "rodeo";

    fn new() -> Self {
        Self(bumpalo::Bump::with_capacity(2 * ROOM))
    }

    #[inline(never)]
    fn one<const CHECKED: bool>(&mut self, count: u64) {
        let arena = rodeo::Rodeo::with_allocator(Borrowed(&self.0));
        for value in 0..count {
            sink(arena.alloc(One::<CHECKED>(value)));
        }
        drop(arena);
        self.0.reset();
    }

    #[inline(never)]
    fn two<const CHECKED: bool>(&mut self, count: u64) {
        let arena = rodeo::Rodeo::with_allocator(Borrowed(&self.0));
        in_turn::<CHECKED>(count, |value| arena.alloc(value), |value| arena.alloc(value));
        drop(arena);
        self.0.reset();
    }
}

/// A list of destructors in the arena.
struct Blink(blink_alloc::Blink);

impl Contender for Blink {
    const NAME: &'static str = "blink-alloc put";

    fn new() -> Self {
        Self(blink_alloc::Blink::with_chunk_size(2 * ROOM))
    }

    #[inline(never)]
    fn one<const CHECKED: bool>(&mut self, count: u64) {
        for value in 0..count {
            sink(self.0.put(One::<CHECKED>(value)));
        }
        self.0.reset();
    }

    #[inline(never)]
    fn two<const CHECKED: bool>(&mut self, count: u64) {
        in_turn::<CHECKED>(count, |value| self.0.put(value), |value| self.0.put(value));
        self.0.reset();
    }
}

/// What one does without an arena.
struct Boxes;

impl Contender for Boxes {
    const NAME: &'static str = "Vec of Box per type, mimalloc";

    fn new() -> Self {
        Self
    }

    #[inline(never)]
    fn one<const CHECKED: bool>(&mut self, count: u64) {
        let mut boxes = Vec::new();
        for value in 0..count {
            boxes.push(allocator_api2::boxed::Box::new_in(One::<CHECKED>(value), Mi));
        }
        sink(boxes.as_slice());
    }

    #[inline(never)]
    fn two<const CHECKED: bool>(&mut self, count: u64) {
        let (mut boxes, mut others) = (Vec::new(), Vec::new());
        for value in 0..count / 2 {
            boxes.push(allocator_api2::boxed::Box::new_in(One::<CHECKED>(value), Mi));
            others.push(allocator_api2::boxed::Box::new_in(Other::<CHECKED>(value, 1), Mi));
        }
        sink(boxes.as_slice());
        sink(others.as_slice());
    }
}

/// Something to be done with every contender.
trait Visitor {
    fn visit<C: Contender>(&mut self);
}

fn each(visitor: &mut impl Visitor) {
    visitor.visit::<Typed>();
    visitor.visit::<NewTyped>();
    visitor.visit::<InBoxes>();
    visitor.visit::<NewTypedArena>();
    visitor.visit::<NewStable>();
    visitor.visit::<InBumpBoxes>();
    visitor.visit::<Rodeo>();
    visitor.visit::<Blink>();
    visitor.visit::<Boxes>();
}

struct Cases<'a>(&'a mut Vec<Case>);

impl Visitor for Cases<'_> {
    fn visit<C: Contender>(&mut self) {
        let mut add = |row, round: fn(&mut C)| {
            let mut contender = C::new();
            self.0.push(Case::new(row, (C::NAME, C::OURS), SMALL, move |rounds| {
                (0..rounds).for_each(|_| round(&mut contender));
            }));
        };
        add("arena/drop", |contender| contender.one::<false>(SMALL));
        add("arena/drop-two-types", |contender| contender.two::<false>(SMALL));
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    each(&mut Cases(cases));
}

struct Check;

impl Visitor for Check {
    fn visit<C: Contender>(&mut self) {
        let mut contender = C::new();
        for count in [2, 1000, 3000, 100] {
            let mut round = |round: fn(&mut C, u64), sum: u64| {
                DROPPED.set((0, 0));
                round(&mut contender, count);
                assert_eq!(DROPPED.get(), (count, sum), "{}", C::NAME);
            };
            round(C::one::<true>, (0..count).sum());
            round(C::two::<true>, (0..count / 2).map(|value| value + (value ^ 1)).sum());
        }
        println!("ok  {}", C::NAME);
    }
}

/// Whether all values are dropped, once each.
pub(super) fn check() {
    each(&mut Check);
}
