//! Objects of 256 bytes that live on in their pool: acquired, touched, released.

use std::mem::{MaybeUninit, take};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crossbeam_queue::{ArrayQueue, SegQueue};
use nebula_memory::sync::Backoff;
use nebula_memory::{FixedPool, Local, PoolSlot, Shared};

use super::object_ours;
use crate::barrier::sink_place;
use crate::case::Case;
use crate::threads::together;

/// Objects acquired and released per round and thread.
const PAIRS: u64 = 4096;
/// Objects in pools that have a capacity.
const CAPACITY: usize = 16_384;
/// So many change hands at once: what the queue between the threads costs is hardly seen.
const PARCEL: usize = 32;
/// Parcels on the way: all of a round, so that the one who acquires need not wait.
const PARCELS: usize = 128;
/// Objects that are alive while others come and go.
const LIVE: usize = 100_000;

pub(super) type Object = [u64; 32];

/// A pool, as a thread sees it.
pub(super) trait Pool: Copy + 'static {
    type Acquired: 'static;
    const NAME: &'static str;
    const OURS: bool = false;

    /// One of its own, which is never freed.
    fn new(capacity: usize) -> Self;
    fn acquire(self) -> Self::Acquired;
    fn place(acquired: &mut Self::Acquired) -> *mut u64;
    fn release(self, acquired: Self::Acquired) {
        drop(acquired);
    }

    #[inline(always)]
    fn acquire_and_touch(self, seed: u64) -> Self::Acquired {
        let mut acquired = self.acquire();
        let place = Self::place(&mut acquired);
        // SAFETY: the first word of an object that is ours.
        unsafe { place.write(seed) };
        sink_place(place);
        acquired
    }
}

pub(super) fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

macro_rules! fixed {
    ($($name:ident $mode:ident $text:literal),*) => {$(
        #[derive(Clone, Copy)]
        struct $name<const CAP: usize>(&'static FixedPool<Object, CAP, 1, $mode>);
        impl<const CAP: usize> Pool for $name<CAP> {
            type Acquired = PoolSlot<&'static FixedPool<Object, CAP, 1, $mode>>;
            const NAME: &'static str = $text;
            const OURS: bool = true;
            fn new(_: usize) -> Self {
                // Not by way of the stack, on which the large one has no room.
                let pool = Box::leak(Box::new_uninit());
                pool.write(FixedPool::new());
                // SAFETY: written.
                Self(unsafe { pool.assume_init_ref() })
            }
            #[inline(always)]
            fn acquire(self) -> Self::Acquired {
                self.0.acquire().expect("a slot is free")
            }
            #[inline(always)]
            fn place(acquired: &mut Self::Acquired) -> *mut u64 {
                acquired.as_mut_ptr().cast()
            }
        }
    )*};
}
fixed!(FixedShared Shared "FixedPool Shared", FixedLocal Local "FixedPool Local");

#[derive(Clone, Copy)]
struct Segments(&'static SegQueue<Box<Object>>);

impl Pool for Segments {
    type Acquired = Box<Object>;
    const NAME: &'static str = "SegQueue of boxes";
    fn new(capacity: usize) -> Self {
        let queue = SegQueue::new();
        (0..capacity).for_each(|_| queue.push(Box::new([0; 32])));
        Self(leak(queue))
    }
    fn acquire(self) -> Box<Object> {
        self.0.pop().expect("one is free")
    }
    fn place(acquired: &mut Box<Object>) -> *mut u64 {
        acquired.as_mut_ptr()
    }
    fn release(self, acquired: Box<Object>) {
        self.0.push(acquired);
    }
}

#[derive(Clone, Copy)]
struct ObjectPool(&'static object_pool::Pool<Box<Object>>);

impl Pool for ObjectPool {
    type Acquired = object_pool::Reusable<'static, Box<Object>>;
    const NAME: &'static str = "object-pool";
    fn new(capacity: usize) -> Self {
        Self(leak(object_pool::Pool::new(capacity, || Box::new([0; 32]))))
    }
    fn acquire(self) -> Self::Acquired {
        self.0.try_pull().expect("one is free")
    }
    fn place(acquired: &mut Self::Acquired) -> *mut u64 {
        acquired.as_mut_ptr()
    }
}

#[derive(Clone, Copy)]
struct Linear(&'static lockfree_object_pool::LinearObjectPool<Object>);

impl Pool for Linear {
    type Acquired = lockfree_object_pool::LinearReusable<'static, Object>;
    const NAME: &'static str = "lockfree-object-pool";
    fn new(_: usize) -> Self {
        Self(leak(lockfree_object_pool::LinearObjectPool::new(|| [0; 32], |_| {})))
    }
    fn acquire(self) -> Self::Acquired {
        self.0.pull()
    }
    fn place(acquired: &mut Self::Acquired) -> *mut u64 {
        acquired.as_mut_ptr()
    }
}

struct Boxes;

impl opool::PoolAllocator<Box<Object>> for Boxes {
    fn allocate(&self) -> Box<Object> {
        Box::new([0; 32])
    }
}

#[derive(Clone, Copy)]
struct Opool(&'static opool::Pool<Boxes, Box<Object>>);

impl Pool for Opool {
    type Acquired = opool::RefGuard<'static, Boxes, Box<Object>>;
    const NAME: &'static str = "opool";
    fn new(capacity: usize) -> Self {
        Self(leak(opool::Pool::new_prefilled(capacity, Boxes)))
    }
    fn acquire(self) -> Self::Acquired {
        self.0.get()
    }
    fn place(acquired: &mut Self::Acquired) -> *mut u64 {
        acquired.as_mut_ptr()
    }
}

#[derive(Default)]
struct Cleared(Object);

impl sharded_slab::Clear for Cleared {
    fn clear(&mut self) {}
}

#[derive(Clone, Copy)]
struct ShardedPool(&'static sharded_slab::Pool<Cleared>);

impl Pool for ShardedPool {
    type Acquired = Option<sharded_slab::pool::RefMut<'static, Cleared>>;
    const NAME: &'static str = "sharded-slab Pool";
    fn new(_: usize) -> Self {
        Self(leak(sharded_slab::Pool::new()))
    }
    fn acquire(self) -> Self::Acquired {
        self.0.create()
    }
    fn place(acquired: &mut Self::Acquired) -> *mut u64 {
        acquired.as_mut().expect("a slot is free").0.as_mut_ptr()
    }
    fn release(self, acquired: Self::Acquired) {
        let key = acquired.as_ref().expect("a slot is free").key();
        drop(acquired);
        self.0.clear(key);
    }
}

#[derive(Clone, Copy)]
struct Mimalloc;

impl Pool for Mimalloc {
    type Acquired = *mut u64;
    const NAME: &'static str = "Box on mimalloc";
    fn new(_: usize) -> Self {
        Self
    }
    #[inline(always)]
    fn acquire(self) -> *mut u64 {
        use std::alloc::{GlobalAlloc, Layout};
        // SAFETY: not empty.
        unsafe { mimalloc::MiMalloc.alloc(Layout::new::<Object>()) }.cast()
    }
    fn place(acquired: &mut *mut u64) -> *mut u64 {
        *acquired
    }
    #[inline(always)]
    fn release(self, acquired: *mut u64) {
        use std::alloc::{GlobalAlloc, Layout};
        // SAFETY: from `acquire`, once.
        unsafe { mimalloc::MiMalloc.dealloc(acquired.cast(), Layout::new::<Object>()) };
    }
}

#[inline(never)]
fn pairs<P: Pool>(pool: P) {
    for seed in 0..PAIRS {
        pool.release(pool.acquire_and_touch(seed));
    }
}

/// Gives threads what is for them to move about as they like; a pointer to memory of mimalloc is.
struct Carried<T>(T);
// SAFETY: guards of the pools here may be released on another thread, which is what is measured; each of them is `Send`
// or a box.
unsafe impl<T> Send for Carried<T> {}
// SAFETY: the handles of pools here are references to what is `Sync`, or of size zero.
unsafe impl<T> Sync for Carried<T> {}

type Parcel<P> = Carried<Vec<<P as Pool>::Acquired>>;

/// Two threads: one acquires, the other one releases.
struct HandOver<P: Pool> {
    pool: Carried<P>,
    full: ArrayQueue<Parcel<P>>,
    empty: ArrayQueue<Parcel<P>>,
    arrived: AtomicUsize,
}

impl<P: Pool> HandOver<P> {
    fn new(pool: P) -> Self {
        let empty = ArrayQueue::new(PARCELS);
        for _ in 0..PARCELS {
            let _ = empty.push(Carried(Vec::with_capacity(PARCEL)));
        }
        Self { pool: Carried(pool), full: ArrayQueue::new(PARCELS), empty, arrived: AtomicUsize::new(0) }
    }

    fn wait(from: &ArrayQueue<Parcel<P>>) -> Parcel<P> {
        let mut backoff = Backoff::new();
        loop {
            match from.pop() {
                Some(parcel) => return parcel,
                None => backoff.wait(),
            }
        }
    }

    fn round(&self) {
        let acquires = self.arrived.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
        let Carried(pool) = self.pool;
        for _ in 0..PAIRS / PARCEL as u64 {
            if acquires {
                let mut parcel = Self::wait(&self.empty);
                parcel.0.extend((0..PARCEL as u64).map(|seed| pool.acquire_and_touch(seed)));
                let _ = self.full.push(parcel);
            } else {
                let mut parcel = Self::wait(&self.full);
                parcel.0.drain(..).for_each(|object| pool.release(object));
                let _ = self.empty.push(parcel);
            }
        }
    }
}

fn shared<P: Pool>(cases: &mut Vec<Case>) {
    let name = (P::NAME, P::OURS);
    for (row, threads) in [("pool/object-1-thread", 1), ("pool/object-2-threads", 2)] {
        let mut pool = Carried(P::new(CAPACITY));
        cases.push(Case::by_threads(row, name, threads, PAIRS, move |rounds| {
            together(threads, rounds, &mut pool, |pool| pairs(pool.0), |_| {})
        }));
    }
    let mut hand_over = HandOver::new(P::new(CAPACITY));
    cases.push(Case::by_threads("pool/object-handed-over", name, 2, PAIRS, move |rounds| {
        together(2, rounds, &mut hand_over, HandOver::round, |_| {})
    }));
}

/// On one thread, which it stays on: by its own time.
fn alone<P: Pool>(cases: &mut Vec<Case>) {
    let pool = P::new(CAPACITY);
    cases.push(Case::new("pool/object-1-thread", (P::NAME, P::OURS), PAIRS, move |rounds| {
        (0..rounds).for_each(|_| pairs(pool));
    }));
}

/// With many objects alive that nobody touches.
fn many_live<P: Pool>(cases: &mut Vec<Case>) {
    let pool = P::new(LIVE + CAPACITY);
    let mut live = Vec::new();
    cases.push(Case::new("pool/object-many-live", (P::NAME, P::OURS), PAIRS, move |rounds| {
        if live.is_empty() {
            live.extend((0..LIVE).map(|_| pool.acquire()));
        }
        (0..rounds).for_each(|_| pairs(pool));
    }));
}

pub(super) fn add(cases: &mut Vec<Case>) {
    shared::<FixedShared<CAPACITY>>(cases);
    shared::<Segments>(cases);
    shared::<ObjectPool>(cases);
    shared::<Linear>(cases);
    shared::<Opool>(cases);
    shared::<ShardedPool>(cases);
    shared::<Mimalloc>(cases);
    shared::<object_ours::Static>(cases);
    alone::<FixedLocal<CAPACITY>>(cases);
    alone::<object_ours::Local>(cases);
    alone::<object_ours::LocalCounted>(cases);
    alone::<object_ours::Counted>(cases);
    alone::<object_ours::Dynamic>(cases);
    alone::<object_ours::Awaited>(cases);
    alone::<object_ours::Asynchronous>(cases);
    let mut slab = slab::Slab::with_capacity(CAPACITY);
    cases.push(Case::new("pool/object-1-thread", ("slab", false), PAIRS, move |rounds| {
        (0..rounds).for_each(|_| slab_pairs(&mut slab));
    }));
    many_live::<FixedShared<{ LIVE + CAPACITY }>>(cases);
    many_live::<object_ours::Static>(cases);
    many_live::<ShardedPool>(cases);
    many_live::<Mimalloc>(cases);
}

#[inline(never)]
fn slab_pairs(slab: &mut slab::Slab<MaybeUninit<Object>>) {
    for seed in 0..PAIRS {
        let key = slab.insert(MaybeUninit::uninit());
        let place = slab[key].as_mut_ptr().cast::<u64>();
        // SAFETY: the first word of a slot.
        unsafe { place.write(seed) };
        sink_place(place);
        slab.remove(key);
    }
}

/// Whether objects are their holders' alone, also when they are released elsewhere.
pub(super) fn check() {
    fn one<P: Pool>() {
        let pool = Carried(P::new(CAPACITY));
        thread::scope(|scope| {
            for thread in 1..3_u64 {
                let pool = &pool;
                scope.spawn(move || {
                    let mut held = Vec::new();
                    for seed in 0..20_000_u64 {
                        let mark = seed << 2 | thread;
                        held.push((mark, pool.0.acquire_and_touch(mark)));
                        if seed % 7 == 0 {
                            for (mark, mut object) in take(&mut held) {
                                // SAFETY: the first word of an object that is ours, written above.
                                assert_eq!(unsafe { P::place(&mut object).read() }, mark, "{}", P::NAME);
                                pool.0.release(object);
                            }
                        }
                    }
                    for (_, object) in held {
                        pool.0.release(object);
                    }
                });
            }
        });
        println!("ok  {} of objects", P::NAME);
    }
    one::<FixedShared<CAPACITY>>();
    one::<object_ours::Static>();
    one::<object_ours::Counted>();
    one::<object_ours::Dynamic>();
    one::<object_ours::Awaited>();
    one::<object_ours::Asynchronous>();
    one::<Segments>();
    one::<ObjectPool>();
    one::<Linear>();
    one::<Opool>();
    one::<ShardedPool>();
    one::<Mimalloc>();
}
