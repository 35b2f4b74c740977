//! Vectors and strings in arenas: where they stand, what survives a panic or a leak, and what is refused.
#![cfg(all(not(loom), feature = "alloc"))]

mod support;

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::fmt::Write as _;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nebula_memory::collections::{Drain, IntoIter};
use nebula_memory::{
    AllocErrorCode, Arena, ArenaBox, ArenaScope, ArenaString, ArenaVec, BumpAllocator, StackAllocator,
};
use static_assertions::{assert_impl_all, assert_not_impl_any};
use support::{Drops, address};

type InShared = BumpAllocator<
    nebula_memory::allocator::bump::Block<nebula_memory::SystemAllocator>,
    1,
    nebula_memory::Shared,
>;

assert_impl_all!(ArenaVec<'static, u8, InShared>: Send, Sync);
assert_impl_all!(ArenaString<'static, InShared>: Send, Sync);
assert_impl_all!(Drain<'static, 'static, u8, InShared>: Send, Sync);
assert_impl_all!(IntoIter<'static, u8, InShared>: Send, Sync);
assert_not_impl_any!(ArenaVec<'static, u8>: Send, Sync);
assert_not_impl_any!(ArenaVec<'static, std::rc::Rc<u8>, InShared>: Send, Sync);
assert_not_impl_any!(ArenaVec<'static, Cell<u8>, InShared>: Sync);
assert_not_impl_any!(Drain<'static, 'static, u8, Arena>: Send, Sync);
assert_not_impl_any!(IntoIter<'static, u8, Arena>: Send, Sync);

/// A vector of what lives longer is one of what lives shorter.
fn _covariant<'a, 'v>(vec: ArenaVec<'a, &'static str>, _: &'v str) -> ArenaVec<'a, &'v str> {
    vec
}

#[test]
fn the_last_block_grows_where_it_is() {
    let memory = BumpAllocator::new(3000);
    let mut numbers = ArenaVec::new_in(&memory);
    assert_eq!(memory.used(), 0, "nothing is taken for nothing");
    for number in 0..500_u32 {
        numbers.push(number);
        assert_eq!(memory.used(), 4 * numbers.capacity(), "no copy was left behind");
    }
    numbers.truncate(50);
    numbers.shrink_to_fit();
    assert_eq!((numbers.capacity(), memory.used()), (50, 200));
    numbers.shrink_to(70);
    assert_eq!(numbers.capacity(), 50, "no larger");
    drop(numbers);
    assert_eq!(memory.used(), 0, "the last block was given back");
}

/// Also while values are allocated, which come from the other end.
#[test]
fn values_do_not_move_a_vector() {
    let arena = Arena::with_capacity(1 << 16);
    let mut words = ArenaVec::with_capacity_in(1, &arena);
    words.push(&*arena.alloc_str("first"));
    let place = address(&words[0]);
    for number in 0..1000 {
        words.push(&*arena.alloc_str(&number.to_string()));
    }
    assert_eq!(address(&words[0]), place);
    assert_eq!((words[0], words[1000]), ("first", "999"));
}

#[test]
fn the_first_block_is_a_line_of_the_cache() {
    fn first<T>(value: T) -> usize {
        let memory = BumpAllocator::new(1 << 14);
        let mut vec = ArenaVec::new_in(&memory);
        vec.push(value);
        vec.capacity()
    }
    assert_eq!(first(0_u8), 64);
    assert_eq!(first(0_u64), 8);
    assert_eq!(first([0_u64; 2]), 4);
    assert_eq!(first([0_u64; 3]), 4);
    assert_eq!(first([0_u8; 1025]), 1);
    assert_eq!(first(()), usize::MAX);
}

/// One that has to be copied becomes four times as large, one that has not, twice.
#[test]
fn what_is_copied_is_copied_less_often() {
    let memory = BumpAllocator::new(1 << 16);
    let mut vecs = [(); 2].map(|()| ArenaVec::new_in(&memory));
    for number in 0..9_u64 {
        for vec in &mut vecs {
            vec.push(number);
        }
    }
    assert_eq!(vecs.each_ref().map(ArenaVec::capacity), [32, 32], "both were moved");
    let [_, last] = &mut vecs;
    last.extend(0..24);
    assert_eq!(last.capacity(), 64);
}

/// A vector fills its memory to the last byte, though there is no room for twice or four times as much.
#[test]
fn growth_that_does_not_fit_is_cut_to_what_is_needed() {
    let memory = BumpAllocator::new(100);
    let mut bytes = ArenaVec::new_in(&memory);
    while bytes.try_push(7_u8).is_ok() {}
    assert_eq!((bytes.len(), memory.available()), (100, 0));
    let error = bytes.try_reserve(1).unwrap_err();
    assert_eq!(error.code(), AllocErrorCode::OutOfMemory);
    assert_eq!(bytes.into_slice(), [7; 100]);

    let stack = StackAllocator::new(100);
    let mut bytes = ArenaVec::new_in(&stack);
    while bytes.try_push(7_u8).is_ok() {}
    assert!(bytes.len() > 64 && bytes.iter().all(|byte| *byte == 7));
}

#[test]
fn sizes_that_overflow_are_errors() {
    let arena = Arena::new();
    let mut wide = ArenaVec::<[u64; 4]>::new_in(&arena);
    let code = |result: Result<(), nebula_memory::AllocError>| result.unwrap_err().code();
    assert_eq!(code(wide.try_reserve(usize::MAX)), AllocErrorCode::CapacityOverflow);
    assert_eq!(code(wide.try_reserve_exact(usize::MAX / 8)), AllocErrorCode::CapacityOverflow);
    wide.push([1; 4]);
    assert_eq!(code(wide.try_reserve(usize::MAX)), AllocErrorCode::CapacityOverflow);
    assert_eq!(code(wide.try_resize(usize::MAX, [0; 4])), AllocErrorCode::CapacityOverflow);
    assert!(ArenaVec::<u16>::try_with_capacity_in(usize::MAX, &arena).is_err());
    assert_eq!(wide, [[1; 4]]);

    let mut nothing = ArenaVec::new_in(&arena);
    nothing.extend_from_slice_copy(&[(); usize::MAX]);
    assert_eq!(code(nothing.try_push(())), AllocErrorCode::CapacityOverflow);
    assert_eq!(code(nothing.try_insert(0, ())), AllocErrorCode::CapacityOverflow);
    assert_eq!(nothing.len(), usize::MAX);
}

#[test]
fn a_slice_outlives_the_vector_and_is_never_reused() {
    let arena = Arena::new();
    let (mut first, mut second) = (ArenaVec::new_in(&arena), ArenaVec::new_in(&arena));
    first.extend(0..10_u32);
    let first = first.into_slice();
    second.extend(10..90_u32);
    let second = second.into_slice();
    let mut third = ArenaVec::from_iter_in(0..100_u32, &arena);
    third.fill(7);
    assert!(first.iter().chain(&*second).copied().eq(0..90));
}

#[test]
fn a_boxed_slice_drops_its_values_and_a_leaked_one_does_not() {
    let drops = Drops::default();
    let arena = Arena::new();
    let fill = || ArenaVec::from_iter_in((0..5).map(|_| drops.guard()), &arena);
    let boxed: ArenaBox<'_, [_]> = fill().into();
    assert_eq!((boxed.len(), drops.count()), (5, 0));
    drop(boxed);
    assert_eq!(drops.count(), 5);
    assert_eq!(fill().leak().len(), 5);
    assert_eq!(drops.count(), 5);
    assert_eq!(ArenaVec::<String>::new_in(&arena).into_boxed_slice().len(), 0);
}

#[test]
fn in_a_scope_of_an_arena() {
    fn sum(scope: &ArenaScope<'_>, many: u64) -> u64 {
        ArenaVec::from_iter_in(0..many, scope).into_slice().iter().sum()
    }
    let mut arena = Arena::new();
    let mut outer = arena.scope();
    for round in 0..10 {
        assert_eq!(sum(&outer.scope(), 100 * round), (0..100 * round).sum::<u64>());
    }
    assert_eq!(ArenaVec::from_iter_in([1, 2, 3], &outer).into_slice(), [1, 2, 3]);
}

/// The iterator, the closure and the destructor use the memory that the vector stands in.
#[test]
fn user_code_may_use_the_same_memory() {
    struct Reenters<'a>(&'a Arena, &'a RefCell<Vec<&'a str>>, u32);
    impl Drop for Reenters<'_> {
        fn drop(&mut self) {
            let mut text = ArenaString::new_in(self.0);
            write!(text, "dropped {}", self.2).unwrap();
            self.1.borrow_mut().push(text.into_str());
        }
    }
    let (arena, told) = (Arena::new(), RefCell::new(Vec::new()));
    let make = |number| {
        ArenaVec::from_iter_in(0..number * 3, &arena);
        arena.alloc(1_u8);
        Reenters(&arena, &told, number)
    };
    let mut vec = ArenaVec::from_iter_in((0..30).map(make), &arena);
    vec.retain(|value| ArenaVec::from_iter_in(0..9, &arena).len() == 9 && value.2 % 2 == 0);
    vec.drain(3..9);
    vec.truncate(5);
    vec.resize_with(8, || make(99));
    drop(vec);
    let told = told.borrow();
    assert_eq!((told.len(), told.iter().collect::<HashSet<_>>().len()), (33, 31));
}

/// The value with this number panics when dropped, once.
struct Bomb<'a>(u32, &'a Cell<u32>, &'a RefCell<Vec<u32>>);

impl Drop for Bomb<'_> {
    fn drop(&mut self) {
        self.2.borrow_mut().push(self.0);
        if self.1.get() == self.0 {
            self.1.set(u32::MAX);
            panic!("as told");
        }
    }
}

/// Whatever is done when a destructor panics: every value is dropped once, and the vector is one that can be used.
#[test]
fn panics_of_destructors() {
    type Bombs<'m, 'a> = ArenaVec<'m, Bomb<'a>>;
    type Work = fn(&mut Bombs<'_, '_>);
    let works: [(&str, Work); 8] = [
        ("truncate", |vec| vec.truncate(2)),
        ("clear", |vec| vec.clear()),
        ("retain", |vec| vec.retain(|bomb| bomb.0 % 3 == 0)),
        ("dedup", |vec| vec.dedup_by_key(|bomb| bomb.0 / 4)),
        ("drain", |vec| drop(vec.drain(2..8))),
        ("drain and take", |vec| {
            let mut drain = vec.drain(2..9);
            mem::forget((drain.next(), drain.next_back()));
        }),
        ("resize", |vec| vec.resize_with(4, || unreachable!())),
        ("into_iter", |vec| {
            let empty = ArenaVec::new_in(vec.memory());
            let mut values = mem::replace(vec, empty).into_iter();
            mem::forget((values.next(), values.next_back()));
        }),
    ];
    for (name, work) in works {
        for fatal in 0..10 {
            let (arena, fuse, dropped) = (Arena::new(), Cell::new(fatal), RefCell::new(Vec::new()));
            let mut vec = ArenaVec::from_iter_in((0..10).map(|n| Bomb(n, &fuse, &dropped)), &arena);
            let exploded = catch_unwind(AssertUnwindSafe(|| work(&mut vec))).is_err();
            assert_eq!(exploded, dropped.borrow().contains(&fatal), "{name} {fatal}");
            let kept: Vec<u32> = vec.iter().map(|bomb| bomb.0).collect();
            assert!(kept.is_sorted(), "{name} {fatal}: {kept:?}");
            fuse.set(u32::MAX);
            vec.push(Bomb(10, &fuse, &dropped));
            drop(vec);
            let mut all = dropped.into_inner();
            all.sort_unstable();
            let taken: &[u32] = match name {
                "drain and take" => &[2, 8],
                "into_iter" => &[0, 9],
                _ => &[],
            };
            let expected: Vec<u32> = (0..=10).filter(|number| !taken.contains(number)).collect();
            assert_eq!(all, expected, "{name} {fatal}");
        }
    }
}

/// The closure panics at each of the values in turn.
#[test]
fn panics_of_closures() {
    for fatal in 0..10 {
        let drops = Drops::default();
        let arena = Arena::new();
        let fill = || ArenaVec::from_iter_in((0..10).map(|n| (n, drops.guard())), &arena);
        let mut vec = fill();
        let result = catch_unwind(AssertUnwindSafe(|| {
            vec.retain(|value| value.0 != fatal || panic!("as told"));
        }));
        assert!(result.is_err());
        assert!(vec.iter().map(|value| value.0).eq(0..10), "those not looked at are kept");

        let result = catch_unwind(AssertUnwindSafe(|| {
            vec.dedup_by(|value, _| value.0 < fatal || panic!("as told"));
        }));
        assert!(result.is_err() || fatal == 0 || vec.len() < 10);
        assert!(vec.iter().map(|value| value.0).is_sorted());

        let made = Cell::new(0);
        let result = catch_unwind(AssertUnwindSafe(|| {
            vec.resize_with(40, || {
                made.set(made.get() + 1);
                assert!(made.get() <= fatal, "as told");
                (100, drops.guard())
            });
        }));
        assert!(result.is_err());
        assert_eq!(vec.iter().filter(|value| value.0 == 100).count(), fatal);

        let values = (0..30).map(|n| if n == fatal { panic!("as told") } else { (200, drops.guard()) });
        assert!(catch_unwind(AssertUnwindSafe(|| vec.extend(values))).is_err());
        assert_eq!(vec.iter().filter(|value| value.0 == 200).count(), fatal);
        drop(vec);
        assert_eq!(drops.count(), drops.made());
    }
}

#[test]
fn panics_of_clones() {
    struct Fragile<'a>(
        &'a Cell<u32>,
        #[expect(dead_code, reason = "dropped")] support::DropGuard<'a>,
        &'a Drops,
    );
    impl Clone for Fragile<'_> {
        fn clone(&self) -> Self {
            self.0.set(self.0.get().checked_sub(1).expect("as told"));
            Self(self.0, self.2.guard(), self.2)
        }
    }
    let (drops, left) = (Drops::default(), Cell::new(0));
    let arena = Arena::new();
    let vec = ArenaVec::from_iter_in((0..9).map(|_| Fragile(&left, drops.guard(), &drops)), &arena);
    for clones in 0..9 {
        left.set(clones);
        assert!(catch_unwind(AssertUnwindSafe(|| vec.clone())).is_err());
        assert_eq!(drops.made() - drops.count(), 9);
    }
    left.set(9);
    assert_eq!(vec.clone().len(), 9);
    drop(vec);
    assert_eq!(drops.made(), drops.count());
}

#[test]
fn leaked_drains_and_iterators_leak_and_nothing_else() {
    let drops = Drops::default();
    let arena = Arena::new();
    let mut vec = ArenaVec::from_iter_in((0..10).map(|_| drops.guard()), &arena);
    let mut drain = vec.drain(3..6);
    drop(drain.next());
    mem::forget(drain);
    assert_eq!((vec.len(), drops.count()), (0, 1));
    vec.push(drops.guard());
    mem::forget(vec.into_iter());
    mem::forget(ArenaVec::from_iter_in([drops.guard()], &arena));
    assert_eq!(drops.count(), 1);
    assert_eq!(ArenaVec::from_iter_in(0..100, &arena).len(), 100);
}

#[test]
fn what_is_out_of_range_panics_at_the_caller() {
    let arena = Arena::new();
    let mut vec = ArenaVec::from_iter_in([1, 2, 3], &arena);
    let works: [fn(&mut ArenaVec<'_, i32>); 9] = [
        |vec| vec.insert(4, 0),
        |vec| _ = vec.remove(3),
        |vec| _ = vec.swap_remove(3),
        |vec| drop(vec.split_off(4)),
        |vec| drop(vec.drain(..4)),
        #[expect(clippy::reversed_empty_ranges, reason = "that is what is tested")]
        |vec| drop(vec.drain(2..1)),
        |vec| drop(vec.drain(..=usize::MAX)),
        |vec| drop(vec.drain((std::ops::Bound::Excluded(usize::MAX), std::ops::Bound::Unbounded))),
        |vec| drop(vec.drain(4..)),
    ];
    for work in works {
        assert!(catch_unwind(AssertUnwindSafe(|| work(&mut vec))).is_err());
        assert_eq!(vec, [1, 2, 3]);
    }
    let mut text = ArenaString::from_str_in("aé", &arena);
    let works: [fn(&mut ArenaString<'_>); 4] = [
        |text| text.truncate(2),
        |text| text.insert_str(2, "x"),
        |text| _ = text.remove(2),
        |text| _ = text.remove(3),
    ];
    for work in works {
        assert!(catch_unwind(AssertUnwindSafe(|| work(&mut text))).is_err());
        assert_eq!(text, "aé");
    }
}

#[expect(clippy::op_ref, reason = "that is what is tested")]
#[expect(clippy::mutable_key_type, reason = "the cells are those of the arena, which is not hashed")]
#[test]
fn what_it_has_in_common_with_slices() {
    let (arena, bump) = (Arena::new(), BumpAllocator::new(1024));
    let ours = ArenaVec::from_iter_in([1, 2, 3], &arena);
    let other = ArenaVec::from_iter_in([1, 2, 3], &bump);
    assert_eq!(ours, other);
    assert!(ours == [1, 2, 3] && ours == &[1, 2, 3] && ours == [1, 2, 3][..] && ours == &[1, 2, 3][..]);
    assert!(ours <= other && ours.cmp(&ours).is_eq() && ours[1..] == [2, 3]);
    assert_eq!(format!("{ours:?} {:?}", ours.clone().drain(1..)), "[1, 2, 3] Drain([2, 3])");
    let set = HashSet::from([ours]);
    assert!(set.contains(&[1, 2, 3][..]), "borrowed as a slice");

    let texts = HashSet::from([ArenaString::from_str_in("ada", &arena)]);
    assert!(texts.contains("ada"));
    let mut sum = 0;
    let mut vec = ArenaVec::new_in(&arena);
    vec.extend(&[1_u32, 2, 3]);
    (&mut vec).into_iter().for_each(|value| *value *= 2);
    (&vec).into_iter().for_each(|value| sum += value);
    assert_eq!((sum, vec.into_iter().rev().collect::<Vec<_>>()), (12, vec![6, 4, 2]));
}

#[test]
fn text_without_memory() {
    let memory = BumpAllocator::new(40);
    let mut text = ArenaString::new_in(&memory);
    assert!(write!(text, "{:>30}", "right").is_ok());
    assert!(text.try_push_str("12345678901").is_err());
    assert!(text.try_push('é').is_ok());
    assert!(write!(text, "{:>30}", "right").is_err());
    assert_eq!(text.trim_start().trim_end(), "righté");
    let mut bytes = text.into_bytes();
    bytes[0] = 0xff;
    assert!(ArenaString::from_utf8(bytes).is_err());
}

#[cfg(feature = "std")]
#[test]
fn bytes_are_written() {
    use std::io::Write;

    let memory = BumpAllocator::new(64);
    let mut bytes = ArenaVec::new_in(&memory);
    write!(bytes, "{}-{}", 1, 2).unwrap();
    assert_eq!(bytes, *b"1-2");
    assert_eq!(bytes.write(&[0; 62]).unwrap_err().kind(), std::io::ErrorKind::OutOfMemory);
}

#[test]
fn in_memory_of_many_threads() {
    let memory = BumpAllocator::new_shared(1 << 16);
    let vecs: Vec<_> = std::thread::scope(|threads| {
        let fill = |first: u32| ArenaVec::from_iter_in(first..first + 200, &memory);
        let threads: Vec<_> = (0..4).map(|number| threads.spawn(move || fill(1000 * number))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for (vec, first) in vecs.iter().zip([0, 1000, 2000, 3000]) {
        assert!(vec.iter().copied().eq(first..first + 200));
    }
}
