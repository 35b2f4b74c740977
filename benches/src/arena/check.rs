//! Whether every arena does what it is measured for: values keep their contents, are aligned, and do not overlap.

use std::collections::BTreeMap;

use super::contender::{Contender, Visitor, each};
use super::rows::Large;
use super::tree::{expected_sum, sum, tree};
use super::{drops, function, statistics, threads, vector};
use crate::text::words;

/// Checks them all, with a first piece of memory that is too small and with one that is large enough.
pub fn check() {
    function::check();
    vector::check();
    drops::check();
    threads::check();
    statistics::check();
    each(&mut Check);
}

struct Check;

impl Visitor for Check {
    fn visit<C: Contender>(&mut self) {
        let large = C::with_capacity(4 << 20);
        let small = C::GROWS.then(|| [C::new(), C::with_capacity(64)]);
        for mut memory in small.into_iter().flatten().chain([large]) {
            for _ in 0..3 {
                mixed::<C>(&C::handle(&mut memory));
                C::reset(&mut memory);
                C::in_scope(&mut memory, 1);
                let handle = C::handle(&mut memory);
                let sum = sum(tree(&|node| &*C::alloc(&handle, node), 10, 7));
                assert_eq!(sum, expected_sum(10, 7), "{}", C::NAME);
                drop(handle);
                C::reset(&mut memory);
            }
        }
        println!("ok  {}", C::NAME);
    }
}

fn mixed<C: Contender>(handle: &C::Handle<'_>) {
    let text = words();
    let kept: Vec<_> = (0_u8..=255)
        .zip(text.iter())
        .map(|(byte, word)| {
            let seed = u64::from(byte);
            (
                &*C::alloc(handle, byte),
                C::alloc_str(handle, word),
                &*C::alloc(handle, seed),
                &*C::alloc_with(handle, || Large::new(seed)),
            )
        })
        .collect();
    let mut places = BTreeMap::new();
    for (index, (byte, word, integer, large)) in kept.into_iter().enumerate() {
        let seed = u64::from(*byte);
        assert_eq!((usize::from(*byte), word, *integer), (index, text[index], seed), "{}", C::NAME);
        assert_eq!(*large, Large::new(seed), "{}", C::NAME);
        for (start, length, align) in [
            (core::ptr::from_ref(byte).addr(), 1, 1),
            (word.as_ptr().addr(), word.len(), 1),
            (core::ptr::from_ref(integer).addr(), 8, 8),
            (core::ptr::from_ref(large).addr(), 64, 8),
        ] {
            assert_eq!(start % C::MIN_ALIGN.max(align), 0, "{} aligns to {}", C::NAME, C::MIN_ALIGN);
            places.insert(start, length);
        }
    }
    assert_eq!(places.len(), 4 * 256, "{}: two values in one place", C::NAME);
    for ((start, length), (next, _)) in places.iter().zip(places.iter().skip(1)) {
        assert!(start + length <= *next, "{}: values overlap", C::NAME);
    }
}
