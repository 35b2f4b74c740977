//! Pools that many threads use: each takes a slot, writes to it and gives it back, and does nothing else, which is
//! as crowded as it gets.

use std::sync::Mutex;
use std::thread;

use nebula_memory::{FixedPool, Shared};

use super::contender::{Contender, Value};
use super::ours::Pool;
use super::peers::{BoxOnMimalloc, FreeList, HeaplessBox, HeaplessObject, Slab};
use crate::barrier::sink;
use crate::case::Case;
use crate::threads::together;

/// Slots taken and given back per round and thread.
const PAIRS: u64 = 4096;

/// A pool behind a shared reference.
pub(super) trait Concurrent: Send + Sync + 'static {
    /// Takes a slot, makes a value in it, and gives it back.
    fn cycle(&self, seed: u64);
}

struct Fixed(Pool<Shared>);

impl Concurrent for Fixed {
    #[inline(always)]
    fn cycle(&self, seed: u64) {
        let full = self.0.alloc_with(|| Value::new(seed)).expect("a slot is free");
        sink(&*full);
    }
}

struct ShardedSlab(sharded_slab::Slab<Value>);

impl Concurrent for ShardedSlab {
    #[inline(always)]
    fn cycle(&self, seed: u64) {
        let key = self.0.insert(Value::new(seed)).expect("a slot is free");
        self.0.remove(key);
    }
}

struct ShardedPool(sharded_slab::Pool<Reused>);

struct Reused(Value);

impl Default for Reused {
    fn default() -> Self {
        Self(Value::ZERO)
    }
}

impl sharded_slab::Clear for Reused {
    fn clear(&mut self) {}
}

impl Concurrent for ShardedPool {
    #[inline(always)]
    fn cycle(&self, seed: u64) {
        let mut value = self.0.create().expect("a slot is free");
        value.0 = Value::new(seed);
        sink(&*value);
        let key = value.key();
        drop(value);
        self.0.clear(key);
    }
}

/// A pool for one thread, under a lock that is free again while the value is in use.
struct Locked<C>(Mutex<C>);

impl<C: Contender<Slot: Send, Full: Send> + Send> Concurrent for Locked<C> {
    #[inline(always)]
    fn cycle(&self, seed: u64) {
        let full = self.0.lock().expect("not poisoned").put(|| Value::new(seed));
        self.0.lock().expect("not poisoned").remove(full);
    }
}

/// Pools that need no lock though their methods say `&mut`: they are statics, or the heap.
macro_rules! concurrent {
    ($($type:ident)*) => {$(
        impl Concurrent for $type {
            #[inline(always)]
            fn cycle(&self, seed: u64) {
                let full = $type.put(|| Value::new(seed));
                $type.remove(full);
            }
        }
    )*};
}
concurrent!(HeaplessBox HeaplessObject BoxOnMimalloc);

pub(super) fn add(cases: &mut Vec<Case>) {
    for (row, threads) in [("pool/shared-1-thread", 1), ("pool/shared-2-threads", 2)] {
        let mut add = |case| cases.push(case);
        add(case(row, ("FixedPool Shared", true), threads, Fixed(FixedPool::new())));
        add(case(row, (HeaplessBox::NAME, false), threads, HeaplessBox::new()));
        add(case(row, (HeaplessObject::NAME, false), threads, HeaplessObject::new()));
        add(case(row, ("sharded-slab Slab", false), threads, ShardedSlab(sharded_slab::Slab::new())));
        add(case(row, ("sharded-slab Pool", false), threads, ShardedPool(sharded_slab::Pool::new())));
        add(case(row, ("Mutex<Vec> free list", false), threads, Locked(Mutex::new(FreeList::new()))));
        add(case(row, ("Mutex<slab>", false), threads, Locked(Mutex::new(Slab::new()))));
        add(case(row, (BoxOnMimalloc::NAME, false), threads, BoxOnMimalloc));
    }
}

fn case<P: Concurrent>(
    row: &'static str,
    contender: (&'static str, bool),
    threads: usize,
    mut pool: P,
) -> Case {
    Case::by_threads(row, contender, threads, PAIRS, move |rounds| {
        together(threads, rounds, &mut pool, cycles, |_| {})
    })
}

#[inline(never)]
fn cycles<P: Concurrent>(pool: &P) {
    for seed in 0..PAIRS {
        pool.cycle(seed);
    }
}

/// Whether two threads that use a pool at once get the values that they put there.
pub(super) fn check() {
    let pool = Pool::<Shared>::new();
    thread::scope(|scope| {
        for thread in 0..2_u64 {
            let pool = &pool;
            scope.spawn(move || {
                for seed in (0..20_000).map(|round| round * 2 + thread) {
                    let full = pool.alloc_with(|| Value::new(seed)).expect("a slot is free");
                    assert_eq!(*full, Value::new(seed));
                }
            });
        }
    });
    assert_eq!(pool.in_use(), 0);
}
