/// Who is served first of those who wait for an object: the higher one, and of equals who came first.
///
/// Those of low priority get nothing as long as there are others: a priority is for the few that must not wait (a health
/// probe, an administrator), not for shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Priority(u8);

impl Priority {
    /// What can wait until nobody else does.
    pub const LOW: Self = Self(64);
    /// What [`acquire`](super::ObjectPool::acquire) asks with.
    pub const NORMAL: Self = Self(128);
    /// What must not wait for others.
    pub const HIGH: Self = Self(192);

    /// One of 256.
    pub const fn new(level: u8) -> Self {
        Self(level)
    }
}

impl Default for Priority {
    fn default() -> Self {
        Self::NORMAL
    }
}
