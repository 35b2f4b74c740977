use crate::sync::{AtomicU64, Ordering};

/// A block, in the unit that blocks are estimated in: a sample of a large one stands for hardly more than itself.
pub(super) const ONE: u64 = 1 << 16;

/// Blocks and bytes that samples stand for.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weight {
    /// In parts of [`ONE`].
    pub(super) blocks: u64,
    pub(super) bytes: u64,
}

/// How much there is, as far as samples tell, and has been at most. Changed by a sample now and then.
#[derive(Debug, Default)]
pub(super) struct Estimate {
    blocks: AtomicU64,
    bytes: AtomicU64,
    most_blocks: AtomicU64,
    most_bytes: AtomicU64,
}

impl Estimate {
    pub(super) const fn new() -> Self {
        Self {
            blocks: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
            most_blocks: AtomicU64::new(0),
            most_bytes: AtomicU64::new(0),
        }
    }

    /// How many bytes there are with these.
    pub(super) fn add(&self, more: Weight) -> u64 {
        let blocks = self.blocks.fetch_add(more.blocks, Ordering::Relaxed).wrapping_add(more.blocks);
        let bytes = self.bytes.fetch_add(more.bytes, Ordering::Relaxed).wrapping_add(more.bytes);
        if self.most_bytes.fetch_max(bytes, Ordering::Relaxed) < bytes {
            // Blocks at the time of the most bytes, unless another thread comes between.
            self.most_blocks.store(blocks, Ordering::Relaxed);
        }
        bytes
    }

    /// What was added before.
    pub(super) fn subtract(&self, less: Weight) {
        self.blocks.fetch_sub(less.blocks, Ordering::Relaxed);
        self.bytes.fetch_sub(less.bytes, Ordering::Relaxed);
    }

    pub(super) fn weight(&self) -> Weight {
        Weight { blocks: self.blocks.load(Ordering::Relaxed), bytes: self.bytes.load(Ordering::Relaxed) }
    }

    /// Blocks and bytes, now.
    pub(super) fn now(&self) -> (u64, u64) {
        self.weight().rounded()
    }

    /// Blocks and bytes when there were the most bytes.
    pub(super) fn most(&self) -> (u64, u64) {
        let blocks = self.most_blocks.load(Ordering::Relaxed);
        Weight { blocks, bytes: self.most_bytes.load(Ordering::Relaxed) }.rounded()
    }
}

/// As whole blocks.
pub(super) const fn rounded(blocks: u64) -> u64 {
    blocks.saturating_add(ONE / 2) / ONE
}

impl Weight {
    /// Blocks and bytes.
    pub(super) const fn rounded(self) -> (u64, u64) {
        (rounded(self.blocks), self.bytes)
    }
}
