//! Vectors in arenas against std's: what they hold, what they drop, and what is left of them without memory.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::cell::Cell;

use nebula_memory::allocator::bump::BumpMemory;
use nebula_memory::{Arena, ArenaString, ArenaVec, BumpAllocator, StackAllocator, SystemAllocator};
use proptest::prelude::*;
use support::cases;
use support::heap::Counting;

/// What is done to one of several vectors.
#[derive(Clone, Debug)]
enum Step {
    Push(u16),
    Pop,
    Insert(usize, u16),
    Remove(usize),
    SwapRemove(usize),
    Truncate(usize),
    Reserve(usize),
    ReserveExact(usize),
    Shrink,
    Extend(Vec<u16>),
    ExtendBadlyHinted(Vec<u16>),
    ExtendFromSlice(Vec<u16>),
    Append(usize),
    Retain(u16),
    Dedup(u16),
    Drain(usize, usize, usize, usize),
    SplitOff(usize),
    Resize(usize, u16),
    Clone,
    /// Some taken from the front and from the back by value.
    IntoIter(usize, usize),
    Boxed,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let any = || any::<usize>();
    let few = || prop::collection::vec(0..6_u16, 0..24);
    let step = prop_oneof![
        6 => (0..6_u16).prop_map(Step::Push),
        1 => Just(Step::Pop),
        1 => (any(), 0..6_u16).prop_map(|(at, value)| Step::Insert(at, value)),
        1 => any().prop_map(Step::Remove),
        1 => any().prop_map(Step::SwapRemove),
        1 => (0..20_usize).prop_map(Step::Truncate),
        1 => (0..200_usize).prop_map(Step::Reserve),
        1 => (0..200_usize).prop_map(Step::ReserveExact),
        1 => Just(Step::Shrink),
        2 => few().prop_map(Step::Extend),
        1 => few().prop_map(Step::ExtendBadlyHinted),
        2 => few().prop_map(Step::ExtendFromSlice),
        1 => any().prop_map(Step::Append),
        1 => (0..6_u16).prop_map(Step::Retain),
        1 => (1..6_u16).prop_map(Step::Dedup),
        2 => (any(), any(), 0..4_usize, 0..4_usize).prop_map(|(a, b, c, d)| Step::Drain(a, b, c, d)),
        1 => any().prop_map(Step::SplitOff),
        1 => (0..40_usize, 0..6_u16).prop_map(|(len, value)| Step::Resize(len, value)),
        1 => Just(Step::Clone),
        1 => (0..9_usize, 0..9_usize).prop_map(|(a, b)| Step::IntoIter(a, b)),
        1 => Just(Step::Boxed),
    ];
    prop::collection::vec(step, 0..60)
}

/// A value that is counted, and owns memory, so that one that is lost, or dropped twice, is found.
trait Value: Clone + PartialEq + std::fmt::Debug {
    fn new(number: u16) -> Self;
    fn number(&self) -> u16;
}

thread_local! {
    static LIVE: Cell<isize> = const { Cell::new(0) };
}

#[derive(PartialEq, Debug)]
struct Owned(Box<u16>);

impl Value for Owned {
    fn new(number: u16) -> Self {
        LIVE.set(LIVE.get() + 1);
        Self(Box::new(number))
    }

    fn number(&self) -> u16 {
        *self.0
    }
}

impl Clone for Owned {
    fn clone(&self) -> Self {
        Self::new(*self.0)
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        LIVE.set(LIVE.get() - 1);
    }
}

/// Has no size.
#[derive(PartialEq, Debug)]
struct Nothing;

impl Value for Nothing {
    fn new(_: u16) -> Self {
        LIVE.set(LIVE.get() + 1);
        Self
    }

    fn number(&self) -> u16 {
        0
    }
}

impl Clone for Nothing {
    fn clone(&self) -> Self {
        Self::new(0)
    }
}

impl Drop for Nothing {
    fn drop(&mut self) {
        LIVE.set(LIVE.get() - 1);
    }
}

/// Large and aligned to much.
#[derive(Clone, PartialEq, Debug)]
#[repr(align(64))]
struct Wide(u16, [u64; 16]);

impl Value for Wide {
    fn new(number: u16) -> Self {
        Self(number, [number.into(); 16])
    }

    fn number(&self) -> u16 {
        assert_eq!(std::ptr::from_ref(self).addr() % 64, 0);
        assert!(self.1.iter().all(|copy| *copy == u64::from(self.0)));
        self.0
    }
}

/// An iterator that says nothing about how many values there are, or lies.
struct Hinted<I>(I, usize);

impl<I: Iterator> Iterator for Hinted<I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        self.0.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.1, None)
    }
}

/// Does a step by methods that may fail, to ours and to std's where ours succeeded; whether it did.
#[expect(clippy::too_many_lines, reason = "a line or two per method")]
fn step<'a, T: Value, B: BumpMemory>(
    step: &Step,
    index: usize,
    ours: &mut Vec<ArenaVec<'a, T, B>>,
    theirs: &mut Vec<Vec<T>>,
    memory: &'a B,
) -> bool {
    let len = theirs[index].len();
    let (our, their) = (&mut ours[index], &mut theirs[index]);
    let values = |numbers: &[u16]| numbers.iter().map(|n| T::new(*n)).collect::<Vec<_>>();
    match step {
        Step::Push(n) => {
            let ok = our.try_push(T::new(*n)).is_ok();
            ok.then(|| their.push(T::new(*n)));
            ok
        }
        Step::Pop => {
            assert_eq!(our.pop(), their.pop());
            true
        }
        Step::Insert(at, n) => {
            let ok = our.try_insert(at % (len + 1), T::new(*n)).is_ok();
            ok.then(|| their.insert(at % (len + 1), T::new(*n)));
            ok
        }
        Step::Remove(at) if len > 0 => {
            assert_eq!(our.remove(at % len), their.remove(at % len));
            true
        }
        Step::SwapRemove(at) if len > 0 => {
            assert_eq!(our.swap_remove(at % len), their.swap_remove(at % len));
            true
        }
        Step::Remove(_) | Step::SwapRemove(_) => true,
        Step::Truncate(len) => {
            our.truncate(*len);
            their.truncate(*len);
            true
        }
        Step::Reserve(more) => {
            let ok = our.try_reserve(*more).is_ok();
            assert!(!ok || our.capacity() - len >= *more);
            ok
        }
        Step::ReserveExact(more) => our.try_reserve_exact(*more).is_ok(),
        Step::Shrink => {
            our.shrink_to_fit();
            assert!(our.capacity() >= len);
            true
        }
        Step::Extend(numbers) | Step::ExtendBadlyHinted(numbers) => {
            let hint =
                if matches!(step, Step::Extend(_)) { numbers.len() } else { len % 3 * (usize::MAX / 2) };
            let ok = our.try_extend(Hinted(values(numbers).into_iter(), hint)).is_ok();
            let added = our.len() - len;
            assert!(!ok || added == numbers.len());
            their.extend(values(&numbers[..added]));
            ok
        }
        Step::ExtendFromSlice(numbers) => {
            let ok = our.try_extend_from_slice(&values(numbers)).is_ok();
            ok.then(|| their.extend(values(numbers)));
            ok
        }
        Step::Append(from) => {
            let from = from % theirs.len();
            if from == index {
                return true;
            }
            let mut moved = std::mem::replace(&mut ours[from], ArenaVec::new_in(memory));
            let ok = ours[index].try_append(&mut moved).is_ok();
            assert_eq!(moved.is_empty(), ok || theirs[from].is_empty());
            ours[from] = moved;
            if ok {
                let mut moved = std::mem::take(&mut theirs[from]);
                theirs[index].append(&mut moved);
            }
            ok
        }
        Step::Retain(n) => {
            our.retain(|value| value.number() != *n);
            their.retain(|value| value.number() != *n);
            true
        }
        Step::Dedup(n) => {
            our.dedup_by_key(|value| value.number() / n);
            their.dedup_by_key(|value| value.number() / n);
            true
        }
        Step::Drain(a, b, front, back) => {
            let (a, b) = (a % (len + 1), b % (len + 1));
            let (mut our, mut their) = (our.drain(a.min(b)..a.max(b)), their.drain(a.min(b)..a.max(b)));
            assert_eq!(our.as_slice(), their.as_slice());
            for _ in 0..*front {
                assert_eq!(our.next(), their.next());
            }
            for _ in 0..*back {
                assert_eq!(our.next_back(), their.next_back());
                assert_eq!(our.as_slice(), their.as_slice());
            }
            true
        }
        Step::SplitOff(at) => {
            let split = our.try_split_off(at % (len + 1));
            let ok = split.is_ok();
            if let Ok(split) = split {
                let split_off = their.split_off(at % (len + 1));
                theirs.push(split_off);
                ours.push(split);
            }
            ok
        }
        Step::Resize(len, n) => {
            let ok = our.try_resize(*len, T::new(*n)).is_ok();
            ok.then(|| their.resize(*len, T::new(*n)));
            ok
        }
        Step::Clone => {
            let clone = our.try_clone();
            let ok = clone.is_ok();
            if let Ok(clone) = clone {
                let copy = their.clone();
                theirs.push(copy);
                ours.push(clone);
            }
            ok
        }
        Step::IntoIter(front, back) => {
            let mut our = std::mem::replace(our, ArenaVec::new_in(memory)).into_iter();
            let mut their = std::mem::take(their).into_iter();
            for _ in 0..*front {
                assert_eq!(our.next(), their.next());
            }
            for _ in 0..*back {
                assert_eq!(our.next_back(), their.next_back());
            }
            assert_eq!((our.len(), our.as_slice()), (their.len(), their.as_slice()));
            true
        }
        Step::Boxed => {
            let boxed = std::mem::replace(our, ArenaVec::new_in(memory)).into_boxed_slice();
            assert_eq!(boxed[..], std::mem::take(their)[..]);
            true
        }
    }
}

/// Several vectors in one memory take turns, so that some are its last block and some are not. Returns whether a step
/// failed.
fn agree<T: Value, B: BumpMemory>(memory: &B, steps: &[Step]) -> bool {
    let before = LIVE.get();
    let (mut ours, mut theirs) = (vec![ArenaVec::new_in(memory)], vec![Vec::new()]);
    let mut failed = false;
    for (number, next) in steps.iter().enumerate() {
        let index = number % ours.len();
        failed |= !step::<T, B>(next, index, &mut ours, &mut theirs, memory);
        assert!(ours.iter().zip(&theirs).all(|(our, their)| our[..] == their[..]), "{next:?}");
    }
    drop((ours, theirs));
    assert_eq!(LIVE.get(), before, "lost, or dropped twice");
    failed
}

fn everywhere<T: Value>(steps: &[Step]) {
    let mut failed = agree::<T, _>(&Arena::new(), steps);
    failed |= agree::<T, _>(&Arena::<_, 16>::new_in(SystemAllocator), steps);
    failed |= agree::<T, _>(&Arena::new().scope(), steps);
    failed |= agree::<T, _>(&Arena::counted().scope(), steps);
    failed |= agree::<T, _>(&BumpAllocator::new(8 << 20), steps);
    failed |= agree::<T, _>(&BumpAllocator::new(8 << 20).scope(), steps);
    failed |= agree::<T, _>(&BumpAllocator::new_shared(8 << 20), steps);
    failed |= agree::<T, _>(&StackAllocator::new(8 << 20), steps);
    failed |= agree::<T, _>(&StackAllocator::new(8 << 20).frame(), steps);
    #[cfg(feature = "std")]
    {
        failed |= agree::<T, _>(&nebula_memory::SharedArena::new().local(), steps);
    }
    assert!(!failed, "there is memory");
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn vectors_agree_with_std(steps in steps()) {
        everywhere::<Owned>(&steps);
        everywhere::<Nothing>(&steps);
        everywhere::<Wide>(&steps);
    }

    /// What fails changes nothing, whichever request is the one refused.
    #[test]
    fn without_memory_nothing_is_lost(steps in steps(), room in 0..2048_usize) {
        agree::<Owned, _>(&BumpAllocator::new(room), &steps);
        agree::<Wide, _>(&BumpAllocator::new(room), &steps);
        agree::<Owned, _>(&StackAllocator::new(room), &steps);
        for left in 0..6 {
            let heap = Counting::default();
            heap.left.set(Some(left));
            heap.most.set(Some(1500));
            let arena = Arena::<_>::new_in(heap);
            agree::<Owned, _>(&arena, &steps);
            agree::<Wide, _>(&arena, &steps);
        }
    }

    #[test]
    fn strings_agree_with_std(steps in prop::collection::vec((0..9_u8, any::<char>(), ".{0,12}", any::<usize>()), 0..60)) {
        let arena = Arena::new();
        let other = BumpAllocator::new(1 << 20);
        let (mut ours, mut theirs) = (ArenaString::new_in(&arena), String::new());
        for (what, character, text, at) in steps {
            arena.alloc(1_u8);
            let at = (0..=at % (theirs.len() + 1)).rev().find(|at| theirs.is_char_boundary(*at)).unwrap();
            match what {
                0 | 1 => { ours.push(character); theirs.push(character); }
                2 | 3 => { ours.push_str(&text); theirs.push_str(&text); }
                4 => prop_assert_eq!(ours.pop(), theirs.pop()),
                5 => { ours.insert_str(at, &text); theirs.insert_str(at, &text); }
                6 if at < theirs.len() => prop_assert_eq!(ours.remove(at), theirs.remove(at)),
                7 => { ours.truncate(at); theirs.truncate(at); }
                8 => ours.shrink_to_fit(),
                _ => { ours.extend([character]); theirs.extend([character]); }
            }
            prop_assert_eq!(&*ours, theirs.as_str());
        }
        let copy = ArenaString::from_str_in(&theirs, &other);
        prop_assert!(copy == ours && copy == *theirs);
        let boxed = ours.clone().into_boxed_str();
        prop_assert_eq!(&*boxed, theirs.as_str());
        prop_assert_eq!(ours.into_str(), theirs.as_str());
    }
}
