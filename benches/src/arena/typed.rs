//! The workloads for an arena that holds values of one type and has no reset (a new one each round, as large as
//! needed), and for boxes on two heaps, which are freed one by one.

use allocator_api2::alloc::{Allocator, Global};
use allocator_api2::boxed::Box;
use allocator_api2::vec::Vec as VecIn;
use typed_arena::Arena;

use super::rows::{DEPTH, LARGE, Large, NODES, SMALL, list, tree};
use crate::barrier::sink;
use crate::case::Case;
use crate::heap::Mi;

pub(super) fn add(cases: &mut Vec<Case>) {
    typed_arena(cases);
    boxes(cases, "Box", Global);
    boxes(cases, "Box on mimalloc", Mi);
}

fn typed_arena(cases: &mut Vec<Case>) {
    let mut add = |row, operations: u64, round: fn(usize)| {
        cases.push(Case::new(row, ("typed-arena", false), operations, move |rounds| {
            for _ in 0..rounds {
                round(usize::try_from(operations).expect("small"));
            }
        }));
    };
    add("arena/u64", SMALL, |count| fill(&Arena::with_capacity(count), count, |value| value));
    add("arena/64-bytes", LARGE, |count| fill(&Arena::with_capacity(count), count, Large::new));
    add("arena/list", SMALL / 2, |count| {
        let arena = Arena::with_capacity(count);
        list(|node| arena.alloc(node));
    });
    add("arena/tree", NODES, |count| {
        let arena = Arena::with_capacity(count);
        sink(tree(&|node| &*arena.alloc(node), DEPTH, 7));
    });
}

#[inline(always)]
fn fill<T>(arena: &Arena<T>, count: usize, make: impl Fn(u64) -> T) {
    for value in 0..count as u64 {
        sink(arena.alloc(make(value)));
    }
}

fn boxes<A: Allocator + Copy + 'static>(cases: &mut Vec<Case>, name: &'static str, heap: A) {
    cases.push(boxed(("arena/u64", name), SMALL, heap, |value| value));
    cases.push(boxed(("arena/64-bytes", name), LARGE, heap, Large::new));
    cases.push(Case::new("arena/tree", (name, false), NODES, move |rounds| {
        for _ in 0..rounds {
            sink(&boxed_tree(heap, DEPTH, 7));
        }
    }));
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
    Branch(Box<BoxedTree<A>, A>, Box<BoxedTree<A>, A>),
}

#[inline(never)]
fn boxed_tree<A: Allocator + Copy>(heap: A, depth: u32, value: u64) -> Box<BoxedTree<A>, A> {
    if depth == 0 {
        return Box::new_in(BoxedTree::Leaf(value), heap);
    }
    let left = boxed_tree(heap, depth - 1, value.wrapping_mul(3));
    let right = boxed_tree(heap, depth - 1, value ^ 0x55);
    Box::new_in(BoxedTree::Branch(left, right), heap)
}
