//! What we want to reach, row by row: a part of what the best of the peers named costs.

/// In `row`, `ours` costs at most what `limit` makes of the best of `peers`.
#[derive(Clone, Copy, Debug)]
pub struct Goal {
    /// The row.
    pub row: &'static str,
    /// Which of our contenders; the best of them if empty.
    pub ours: &'static str,
    /// Against whom; everybody else if empty.
    pub peers: &'static [&'static str],
    /// What it may cost.
    pub limit: Limit,
}

/// What one may cost, compared with another.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// So many times as much.
    Times(f64),
    /// So many nanoseconds more.
    Plus(f64),
}

const fn goal(row: &'static str, ours: &'static str, peers: &'static [&'static str], limit: Limit) -> Goal {
    Goal { row, ours, peers, limit }
}

use Limit::{Plus, Times};

/// "No slower" within what two runs of the same code differ by.
const NO_SLOWER: f64 = 1.03;

/// Any of ours, or all others.
const ANY: &str = "";
const ALL: &[&str] = &[];

/// Arenas for values of any type, without a minimum alignment.
const MIXED: &[&str] =
    &["bumpalo", "bump-scope up", "bump-scope down", "blink-alloc", "oxc_allocator", "multitude"];
/// Arenas for values of one type.
const TYPED: &[&str] = &["typed-arena", "stable-arena typed"];

/// The one type that has to be good at everything a vector does.
const VECTOR: &str = "ArenaVec in &ArenaScope<8>";
/// Vectors in arenas. On a heap a large one grows by remapping its pages, which costs little and keeps no arena.
const VECTORS: &[&str] = &[
    "Vec in &bumpalo",
    "bumpalo Vec",
    "Vec in &bump-scope up",
    "Vec in &bump-scope down",
    "bump-scope BumpVec up",
    "bump-scope MutBumpVec up",
    "oxc Vec",
];

/// The goals.
pub const GOALS: &[Goal] = &[
    // Through a shared reference the cursor is in memory, if the compiler cannot see that nobody else has one.
    goal("arena/u64", "&Arena", MIXED, Times(1.0)),
    goal("arena/u64-shared", "&Arena", &["oxc_allocator"], Times(NO_SLOWER)),
    goal("arena/u64", "TypedArena", TYPED, Times(1.0)),
    // Through an exclusive one it stays in a register.
    goal("arena/u64-align8", ANY, ALL, Times(0.75)),
    goal("arena/64-bytes", ANY, ALL, Times(0.95)),
    goal("arena/words", ANY, ALL, Times(0.6)),
    goal("arena/words-random", ANY, ALL, Times(0.3)),
    goal("arena/mix", ANY, ALL, Times(0.65)),
    goal("arena/tree-1M-warm", ANY, ALL, Times(0.95)),
    goal("arena/tree-1M-fresh", ANY, ALL, Times(1.05)),
    goal("arena/vec-grow", VECTOR, VECTORS, Times(1.0)),
    goal("arena/vec-short", VECTOR, VECTORS, Times(1.0)),
    goal("arena/vec-four", VECTOR, VECTORS, Times(1.0)),
    goal("arena/scope", ANY, ALL, Times(1.0)),
    goal("arena/drop-two-types", ANY, &["rodeo"], Times(0.4)),
    goal("arena/threads-2", ANY, &["bumpalo-herd", "bump-scope BumpPool"], Times(1.0)),
    goal("arena/threads-2", ANY, &["Mutex<bumpalo>"], Times(0.01)),
    goal("arena/statistics", "&Arena, asked", &["&Arena"], Plus(0.05)),
    goal("arena/statistics", "&Arena, counted", &["&Arena"], Plus(0.05)),
    goal("arena/statistics", "ArenaScope, counted", &["ArenaScope"], Plus(0.05)),
    goal("arena/statistics", "&Arena<8>, counted", &["&Arena<8>"], Plus(0.05)),
    goal("arena/statistics", "ArenaScope<8>, counted", &["ArenaScope<8>"], Plus(0.05)),
    goal("pool/slot", ANY, &["slab"], Times(0.75)),
    goal("pool/value", ANY, &["slab"], Times(0.75)),
    goal("pool/replace", ANY, &["slab"], Times(0.75)),
    goal("pool/fill", ANY, &["slab"], Times(0.75)),
    goal("pool/object-1-thread", "FixedPool Shared", &["slab"], Times(1.08)),
    goal("pool/object-1-thread", "FixedPool Local", &["slab"], Times(0.7)),
    // What an object pool knows besides: who waits, whether it was closed, whether the holder panics.
    goal("pool/object-1-thread", "ObjectPool", &["slab"], Times(1.5)),
    goal("pool/object-1-thread", "ObjectPool, any recipe", &["ObjectPool"], Plus(2.0)),
    goal("pool/object-1-thread", "AsyncPool", &["ObjectPool"], Plus(4.0)),
    goal("pool/object-1-thread", "LocalObjectPool", &["slab"], Times(1.0)),
    goal("pool/object-2-threads", "FixedPool Shared", &["sharded-slab Pool"], Times(0.067)),
    goal("stats/counter", "Counter", &["a plain number"], Times(1.25)),
    goal("stats/histogram", "Histogram", &["hdrhistogram"], Times(0.35)),
    goal("stats/histogram-2-threads", ANY, ALL, Times(0.1)),
    goal("stats/allocation", "Tracked by nobody", &["PoolAllocator"], Times(NO_SLOWER)),
    goal("pool/object-handed-over", "FixedPool Shared", &["SegQueue of boxes"], Times(0.5)),
    goal("cache/get-hit", "Cache of Lru", &["schnellru"], Times(0.95)),
    goal("cache/insert-evict", "Cache of Lru", &["schnellru"], Times(0.95)),
    goal("cache/mixed", "Cache of Lru", &["schnellru"], Times(0.95)),
    goal("cache/get-hit", "Cache", &["quick_cache unsync"], Times(1.0)),
    goal("cache/insert-evict", "Cache", &["quick_cache unsync"], Times(1.0)),
    goal("cache/mixed", "Cache", &["quick_cache unsync"], Times(1.0)),
    goal("cache/get-text", ANY, &["hashlink"], Times(1.0)),
    goal("cache/shared-get", "SharedCache", &["quick_cache"], Times(0.9)),
    goal("cache/shared-mixed", "SharedCache", &["quick_cache"], Times(0.9)),
    // Time per thread: 1.6 and 1.3 times as much done as by the best.
    goal("cache/shared-get-2-threads", "SharedCache", ALL, Times(0.625)),
    goal("cache/shared-mixed-2-threads", "SharedCache", ALL, Times(0.77)),
];

impl Goal {
    /// Whether `contender` is the one that should reach it.
    pub fn is_for(&self, contender: &str, ours: bool) -> bool {
        ours && (self.ours.is_empty() || self.ours == contender)
    }

    /// Whether `contender` is one of those to be compared with.
    pub fn is_against(&self, contender: &str, ours: bool) -> bool {
        if self.peers.is_empty() { !ours } else { self.peers.contains(&contender) }
    }
}
