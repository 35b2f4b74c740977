use crate::sync::{CountMode, Word};

/// What of one budget is used, and whether somebody is to be told.
pub(super) struct Ledger<M: CountMode> {
    used: M::Word,
    peak: M::Word,
    notice: M::Word,
}

/// Nobody is to be told.
const IDLE: usize = 0;
/// The soft limit was crossed; whoever did so is about to call.
const DUE: usize = 1;
/// The call is running.
const RUNNING: usize = 2;

impl<M: CountMode> Ledger<M> {
    #[cfg(not(loom))]
    pub(super) const fn new() -> Self {
        Self { used: M::Word::ZERO, peak: M::Word::ZERO, notice: M::Word::ZERO }
    }

    #[cfg(loom)]
    pub(super) fn new() -> Self {
        Self { used: M::Word::zero(), peak: M::Word::zero(), notice: M::Word::zero() }
    }

    pub(super) fn used(&self) -> usize {
        self.used.get()
    }

    pub(super) fn peak(&self) -> usize {
        self.peak.get()
    }

    /// Charges, if `limit` allows: whether this crossed the soft limit, or what was left.
    #[inline]
    pub(super) fn take(&self, bytes: usize, limit: usize, soft_limit: usize) -> Result<bool, usize> {
        let before = self
            .used
            .update(|used| used.checked_add(bytes).filter(|sum| *sum <= limit))
            .map_err(|used| limit.saturating_sub(used))?;
        let after = before + bytes;
        self.peak.raise(after);
        // Of all changes of the number exactly one goes from this side to the other, whoever makes it.
        let crossed = before <= soft_limit && soft_limit < after;
        if crossed {
            self.announce();
        }
        Ok(crossed)
    }

    /// Gives back, but not more than is charged: how much that is.
    #[inline]
    pub(super) fn give(&self, bytes: usize, soft_limit: usize) -> usize {
        let before = match self.used.update(|used| Some(used.saturating_sub(bytes))) {
            Ok(before) | Err(before) => before,
        };
        let given = bytes.min(before);
        if before > soft_limit && before - given <= soft_limit {
            self.withdraw();
        }
        given
    }

    #[cold]
    fn announce(&self) {
        // A call that is running has the news.
        self.step(IDLE, DUE);
    }

    /// Back below the soft limit before anybody was told: the charge was refused after all.
    #[cold]
    fn withdraw(&self) {
        self.step(DUE, IDLE);
    }

    /// Makes the call that is due the caller's to make, once. It ends when the guard is dropped.
    pub(super) fn begin_call(&self) -> Option<Call<'_, M>> {
        self.step(DUE, RUNNING).then_some(Call(self))
    }

    fn step(&self, from: usize, to: usize) -> bool {
        self.notice.update(|state| (state == from).then_some(to)).is_ok()
    }
}

/// A call to whoever wants to know of the soft limit; ends also if the call panics.
pub(super) struct Call<'l, M: CountMode>(&'l Ledger<M>);

impl<M: CountMode> Drop for Call<'_, M> {
    fn drop(&mut self) {
        self.0.step(RUNNING, IDLE);
    }
}
