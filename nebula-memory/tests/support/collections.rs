//! What is done to collections, in which allocators. The collections differ in name and trait only, hence macros.

use proptest::prelude::*;

/// Runs a check in every allocator: one line each.
macro_rules! everywhere {
    ($check:ident, $steps:expr) => {{
        use nebula_memory::allocator::interop::Interop;
        use nebula_memory::allocator::{Budgeted, Fallback, Segregated, Tracked};
        use nebula_memory::{
            Arena, Budget, BumpAllocator, Poisoned, PoolAllocator, PoolOptions, StackAllocator,
            SystemAllocator,
        };
        // A block is as large as any of the collections becomes.
        let large = std::alloc::Layout::from_size_align(64 << 10, 16).unwrap();
        let small = std::alloc::Layout::from_size_align(64, 64).unwrap();
        let pool = |block| PoolAllocator::try_new(block, &PoolOptions::new(2)).unwrap();

        $check(SystemAllocator, $steps);
        $check(&Arena::new(), $steps);
        $check(&Arena::<_, 16>::new_in(SystemAllocator), $steps);
        $check(&Arena::new().scope(), $steps);
        $check(&BumpAllocator::new(4 << 20), $steps);
        $check(&BumpAllocator::new(4 << 20).scope(), $steps);
        $check(&BumpAllocator::new_shared(4 << 20), $steps);
        $check(&StackAllocator::new(4 << 20), $steps);
        $check(&StackAllocator::new(4 << 20).frame(), $steps);
        $check(&pool(large), $steps);
        // Small ones, so that collections move out of them and back.
        $check(Fallback::new(&BumpAllocator::new(500), SystemAllocator), $steps);
        $check(Fallback::new(&StackAllocator::new(500), &Arena::new()), $steps);
        $check(Segregated::<_, _, 64>::new(&pool(small), SystemAllocator), $steps);
        $check(Budgeted::new(SystemAllocator, &Budget::new(64 << 20)), $steps);
        $check(&<Tracked<_>>::new(SystemAllocator), $steps);
        $check(&Poisoned::new(SystemAllocator), $steps);
        $check(&Poisoned::with_quarantine(&Arena::new(), 1000), $steps);
        #[cfg(feature = "std")]
        $check(&nebula_memory::SharedArena::new().local(), $steps);
        $check(Interop(&Arena::new()), $steps);
    }};
}
pub(crate) use everywhere;

/// What is done to one of several vectors.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Push(u32),
    Pop,
    Insert(usize, u32),
    Remove(usize),
    Reserve(usize),
    Shrink,
    Truncate(usize),
    Extend(Vec<u32>),
    /// To a boxed slice and back.
    Boxed,
    Clone,
    NewVec,
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => any::<u32>().prop_map(Step::Push),
        1 => Just(Step::Pop),
        1 => (any::<usize>(), any::<u32>()).prop_map(|(at, value)| Step::Insert(at, value)),
        1 => any::<usize>().prop_map(Step::Remove),
        1 => (0..200_usize).prop_map(Step::Reserve),
        1 => Just(Step::Shrink),
        1 => (0..20_usize).prop_map(Step::Truncate),
        2 => prop::collection::vec(any::<u32>(), 0..40).prop_map(Step::Extend),
        1 => Just(Step::Boxed),
        1 => Just(Step::Clone),
        1 => Just(Step::NewVec),
    ];
    prop::collection::vec(step, 0..80)
}

/// What is done to a map: a key with a value is inserted, one without is removed.
pub(crate) fn map_steps() -> impl Strategy<Value = Vec<(u8, Option<u16>)>> {
    prop::collection::vec((any::<u8>(), any::<Option<u16>>()), 0..300)
}

/// Defines `fn $name(allocator, steps)`: several vectors in one allocator take turns, so that some are its last block and
/// some are not. Their values own memory, so that a value lost or dropped twice is found.
macro_rules! check_vectors {
    ($name:ident, $allocator:path, $vec:ident) => {
        fn $name<A: $allocator + Copy>(allocator: A, steps: &[Step]) {
            let mut ours = vec![$vec::new_in(allocator)];
            let mut theirs = vec![Vec::new()];
            for (number, step) in steps.iter().enumerate() {
                let index = number % ours.len();
                let (our, their) = (&mut ours[index], &mut theirs[index]);
                match step {
                    Step::Push(value) => {
                        our.push(Box::new(*value));
                        their.push(Box::new(*value));
                    }
                    Step::Pop => assert_eq!(our.pop(), their.pop()),
                    Step::Insert(at, value) => {
                        let at = at % (their.len() + 1);
                        our.insert(at, Box::new(*value));
                        their.insert(at, Box::new(*value));
                    }
                    Step::Remove(_) if their.is_empty() => {}
                    Step::Remove(at) => {
                        let at = at % their.len();
                        assert_eq!(our.remove(at), their.remove(at));
                    }
                    Step::Reserve(more) => our.reserve(*more),
                    Step::Shrink => our.shrink_to_fit(),
                    Step::Truncate(length) => {
                        our.truncate(*length);
                        their.truncate(*length);
                    }
                    Step::Extend(values) => {
                        our.extend(values.iter().copied().map(Box::new));
                        their.extend(values.iter().copied().map(Box::new));
                    }
                    Step::Boxed => {
                        let boxed = std::mem::replace(our, $vec::new_in(allocator)).into_boxed_slice();
                        assert_eq!(boxed[..], their[..]);
                        *our = boxed.into_vec();
                    }
                    Step::Clone => {
                        let (our, their) = (our.clone(), their.clone());
                        ours.push(our);
                        theirs.push(their);
                    }
                    Step::NewVec => {
                        ours.push($vec::new_in(allocator));
                        theirs.push(Vec::new());
                    }
                }
                assert!(ours.iter().zip(&theirs).all(|(our, their)| our[..] == their[..]));
            }
        }
    };
}
pub(crate) use check_vectors;
