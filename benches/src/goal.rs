//! What we want to reach, row by row: a part of what the best of the peers named costs.

/// In `row`, `ours` costs at most `factor` times what the best of `peers` costs (of all, if none is named).
#[derive(Clone, Copy, Debug)]
pub struct Goal {
    /// The row.
    pub row: &'static str,
    /// Which of our contenders.
    pub ours: &'static str,
    /// Against whom; everybody if empty.
    pub peers: &'static [&'static str],
    /// The part of the best one's cost.
    pub factor: f64,
}

/// "No slower" within what two runs of the same code differ by.
const NO_SLOWER: f64 = 1.03;

/// The goals.
pub const GOALS: &[Goal] = &[
    // The cursor stays in a register.
    Goal {
        row: "arena/u64-align8",
        ours: "ArenaScope<8>",
        peers: &["bump-scope up<8>", "bump-scope down<8>", "bumpalo<8>"],
        factor: 0.75,
    },
    // Through a shared reference: the best that keep their cursor in memory.
    Goal {
        row: "arena/u64",
        ours: "&Arena",
        peers: &["oxc_allocator", "bump-scope down"],
        factor: NO_SLOWER,
    },
    Goal { row: "pool/slot", ours: "FixedPool Local", peers: &["slab"], factor: 0.8 },
];

impl Goal {
    /// Whether `contender` is one of those to be compared with.
    pub fn is_against(&self, contender: &str) -> bool {
        self.peers.is_empty() || self.peers.contains(&contender)
    }
}
