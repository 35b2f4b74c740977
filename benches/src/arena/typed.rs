//! The workloads for arenas that hold values of one type or have no reset (a new one each round, as large as
//! needed where that can be said), and for boxes on two heaps, which are freed one by one.

use allocator_api2::alloc::{Allocator, Global};
use allocator_api2::boxed::Box;
use allocator_api2::vec::Vec as VecIn;
use nebula_memory::TypedArena;

use super::rows::{LARGE, Large, SMALL, list};
use super::tree::{DEPTH, LARGE_DEPTH, Operator, nodes, tree};
use crate::barrier::sink;
use crate::case::Case;
use crate::heap::Mi;

/// The rows in which values refer to each other, for an arena that allows it.
macro_rules! linked {
    ($cases:ident, $contender:expr, $arena:ident :: $type:ident) => {{
        add($cases, "arena/list", $contender, SMALL / 2, |count| {
            let arena = $arena::$type::with_room_for(count);
            list(|node| arena.alloc(node));
        });
        add($cases, "arena/tree", $contender, nodes(DEPTH), |count| {
            let arena = $arena::$type::with_room_for(count);
            sink(tree(&|node| &*arena.alloc(node), DEPTH, 7));
        });
        add($cases, "arena/tree-1M-fresh", $contender, nodes(LARGE_DEPTH), |_| {
            let arena = $arena::$type::default();
            sink(tree(&|node| &*arena.alloc(node), LARGE_DEPTH, 7));
        });
        $cases.last_mut().expect("just added").long = true;
    }};
}

pub(super) fn add_all(cases: &mut Vec<Case>) {
    let contender = ("TypedArena", true);
    values::<TypedArena<_>, TypedArena<_>>(cases, contender);
    linked!(cases, contender, nebula_memory::TypedArena);
    let contender = ("typed-arena", false);
    values::<typed_arena::Arena<_>, typed_arena::Arena<_>>(cases, contender);
    linked!(cases, contender, typed_arena::Arena);
    values::<stable_arena::TypedArena<_>, stable_arena::TypedArena<_>>(cases, ("stable-arena typed", false));
    dropless(cases);
    boxes(cases, "Box", Global);
    boxes(cases, "Box on mimalloc", Mi);
}

/// An arena of values of one type.
trait Typed<T> {
    fn with_room_for(values: usize) -> Self;
    #[expect(clippy::mut_from_ref, reason = "each call returns memory that nobody else has")]
    fn alloc(&self, value: T) -> &mut T;
}

impl<T> Typed<T> for typed_arena::Arena<T> {
    fn with_room_for(values: usize) -> Self {
        Self::with_capacity(values)
    }

    #[inline(always)]
    fn alloc(&self, value: T) -> &mut T {
        self.alloc(value)
    }
}

impl<T> Typed<T> for stable_arena::TypedArena<T> {
    fn with_room_for(_: usize) -> Self {
        Self::default()
    }

    #[inline(always)]
    fn alloc(&self, value: T) -> &mut T {
        self.alloc(value)
    }
}

impl<T> Typed<T> for TypedArena<T> {
    fn with_room_for(values: usize) -> Self {
        Self::with_capacity(values)
    }

    #[inline(always)]
    fn alloc(&self, value: T) -> &mut T {
        self.alloc(value)
    }
}

fn add(
    cases: &mut Vec<Case>,
    row: &'static str,
    contender: (&'static str, bool),
    operations: u64,
    round: fn(usize),
) {
    cases.push(Case::new(row, contender, operations, move |rounds| {
        for _ in 0..rounds {
            round(usize::try_from(operations).expect("small"));
        }
    }));
}

fn values<Small: Typed<u64>, Big: Typed<Large>>(cases: &mut Vec<Case>, contender: (&'static str, bool)) {
    add(cases, "arena/u64", contender, SMALL, |count| {
        fill(&Small::with_room_for(count), count, |value| value);
    });
    add(cases, "arena/64-bytes", contender, LARGE, |count| {
        fill(&Big::with_room_for(count), count, Large::new);
    });
}

#[inline(always)]
fn fill<T>(arena: &impl Typed<T>, count: usize, make: impl Fn(u64) -> T) {
    for value in 0..count as u64 {
        sink(arena.alloc(make(value)));
    }
}

/// An arena of many types that cannot be reset.
fn dropless(cases: &mut Vec<Case>) {
    let case =
        Case::new("arena/tree-1M-fresh", ("stable-arena dropless", false), nodes(LARGE_DEPTH), |rounds| {
            for _ in 0..rounds {
                let arena = stable_arena::DroplessArena::default();
                sink(tree(&|node| &*arena.alloc(node), LARGE_DEPTH, 7));
            }
        });
    cases.push(case.long());
}

fn boxes<A: Allocator + Copy + 'static>(cases: &mut Vec<Case>, name: &'static str, heap: A) {
    cases.push(boxed(("arena/u64", name), SMALL, heap, |value| value));
    cases.push(boxed(("arena/64-bytes", name), LARGE, heap, Large::new));
    for (row, depth) in [("arena/tree", DEPTH), ("arena/tree-1M-fresh", LARGE_DEPTH)] {
        let case = Case::new(row, (name, false), nodes(depth), move |rounds| {
            for _ in 0..rounds {
                sink(&boxed_tree(heap, depth, 7));
            }
        });
        cases.push(if depth == LARGE_DEPTH { case.long() } else { case });
    }
}

fn boxed<T: 'static, A: Allocator + Copy + 'static>(
    (row, name): (&'static str, &'static str),
    count: u64,
    heap: A,
    make: impl Fn(u64) -> T + 'static,
) -> Case {
    let mut kept: VecIn<Box<T, A>> = VecIn::with_capacity(usize::try_from(count).expect("small"));
    Case::new(row, (name, false), count, move |rounds| {
        for _ in 0..rounds {
            for value in 0..count {
                let value = Box::new_in(make(value), heap);
                sink(&*value);
                kept.push(value);
            }
            kept.clear();
        }
    })
}

enum BoxedTree<A: Allocator> {
    Leaf(#[expect(dead_code, reason = "written, like in the arenas")] u64),
    Branch(
        #[expect(dead_code, reason = "written, like in the arenas")] Operator,
        Box<BoxedTree<A>, A>,
        Box<BoxedTree<A>, A>,
    ),
}

#[inline(never)]
fn boxed_tree<A: Allocator + Copy>(heap: A, depth: u32, value: u64) -> Box<BoxedTree<A>, A> {
    if depth == 0 {
        return Box::new_in(BoxedTree::Leaf(value), heap);
    }
    let left = boxed_tree(heap, depth - 1, value.wrapping_mul(3));
    let right = boxed_tree(heap, depth - 1, value ^ 0x55);
    Box::new_in(BoxedTree::Branch(Operator::of(value), left, right), heap)
}
