//! Arenas that threads share: each thread gets its part once, and allocates there.

use std::sync::Mutex;

use bump_scope::alloc::Global;
use bump_scope::{BumpBox, BumpPool, BumpPoolGuard};
use bumpalo::Bump;
use bumpalo_herd::{Herd, Member};
use nebula_memory::{SharedArena, SystemAllocator, ThreadArena};

use super::contender::named;
use crate::barrier::sink_place;
use crate::case::Case;
use crate::threads::together;

/// Values per round and thread, 128 KiB of them: the cache has room for them, and a lock that both want is contended.
const VALUES: u64 = 1 << 14;

/// An arena for many threads.
trait Contender: Send + Sync + 'static {
    const NAME: &'static str;
    const OURS: bool = false;
    /// What one thread allocates from.
    type Part<'a>;

    fn new() -> Self;
    fn part(&self) -> Self::Part<'_>;
    /// Puts a value in the arena, where it stays until the reset.
    fn put(part: &Self::Part<'_>, value: u64) -> *const u64;
    fn reset(&mut self);
}

impl<const MIN_ALIGN: usize> Contender for SharedArena<SystemAllocator, MIN_ALIGN> {
    const NAME: &'static str = named(MIN_ALIGN, "SharedArena", "SharedArena<8>");
    const OURS: bool = true;
    type Part<'a> = ThreadArena<'a, SystemAllocator, MIN_ALIGN>;

    fn new() -> Self {
        Self::new_in(SystemAllocator)
    }

    fn part(&self) -> Self::Part<'_> {
        self.local()
    }

    #[inline(always)]
    fn put(part: &Self::Part<'_>, value: u64) -> *const u64 {
        part.alloc(value)
    }

    fn reset(&mut self) {
        self.reset();
    }
}

impl Contender for Herd {
    const NAME: &'static str = "bumpalo-herd";
    type Part<'a> = Member<'a>;

    fn new() -> Self {
        Self::new()
    }

    fn part(&self) -> Self::Part<'_> {
        self.get()
    }

    #[inline(always)]
    fn put(part: &Self::Part<'_>, value: u64) -> *const u64 {
        part.alloc(value)
    }

    fn reset(&mut self) {
        self.reset();
    }
}

impl Contender for BumpPool<Global> {
    const NAME: &'static str = "bump-scope BumpPool";
    type Part<'a> = BumpPoolGuard<'a, Global>;

    fn new() -> Self {
        Self::new()
    }

    fn part(&self) -> Self::Part<'_> {
        self.get()
    }

    #[inline(always)]
    fn put(part: &Self::Part<'_>, value: u64) -> *const u64 {
        BumpBox::leak(part.alloc(value))
    }

    fn reset(&mut self) {
        self.reset_to_start();
    }
}

/// One arena under a lock.
impl Contender for Mutex<Bump> {
    const NAME: &'static str = "Mutex<bumpalo>";
    type Part<'a> = &'a Self;

    fn new() -> Self {
        Self::default()
    }

    fn part(&self) -> Self::Part<'_> {
        self
    }

    #[inline(always)]
    fn put(part: &Self::Part<'_>, value: u64) -> *const u64 {
        part.lock().expect("no panic").alloc(value)
    }

    fn reset(&mut self) {
        self.get_mut().expect("no panic").reset();
    }
}

/// Something to be done with every contender.
trait Visitor {
    fn visit<C: Contender>(&mut self);
}

fn each(visitor: &mut impl Visitor) {
    visitor.visit::<SharedArena>();
    visitor.visit::<SharedArena<SystemAllocator, 8>>();
    visitor.visit::<Herd>();
    visitor.visit::<BumpPool<Global>>();
    visitor.visit::<Mutex<Bump>>();
}

struct Cases<'a>(&'a mut Vec<Case>);

impl Visitor for Cases<'_> {
    fn visit<C: Contender>(&mut self) {
        for (row, threads) in [("arena/threads-1", 1), ("arena/threads-2", 2)] {
            let mut arena = C::new();
            self.0.push(Case::by_threads(row, (C::NAME, C::OURS), threads, VALUES, move |rounds| {
                together(threads, rounds, &mut arena, fill::<C>, C::reset)
            }));
        }
    }
}

#[inline(never)]
fn fill<C: Contender>(arena: &C) {
    let part = arena.part();
    for value in 0..VALUES {
        sink_place(C::put(&part, value));
    }
}

pub(super) fn add(cases: &mut Vec<Case>) {
    each(&mut Cases(cases));
}

struct Check;

impl Visitor for Check {
    fn visit<C: Contender>(&mut self) {
        let mut arena = C::new();
        let places = Mutex::new(Vec::new());
        let put = |arena: &C| {
            let part = arena.part();
            for value in 0..5_000 {
                let place = C::put(&part, value);
                assert!(place.is_aligned(), "{}", C::NAME);
                places.lock().expect("no panic").push(place.addr());
            }
        };
        together(2, 3, &mut arena, put, |arena| {
            let mut places = std::mem::take(&mut *places.lock().expect("no panic"));
            places.sort_unstable();
            let apart = places.windows(2).all(|pair| pair[0] + size_of::<u64>() <= pair[1]);
            assert!(apart && places.len() == 10_000, "{}: values overlap", C::NAME);
            arena.reset();
        });
        println!("ok  {}", C::NAME);
    }
}

/// Whether threads get places of their own.
pub(super) fn check() {
    each(&mut Check);
}
