use core::ops::Range;

#[cfg(feature = "std")]
pub(super) use crate::pool::panics::FirstPanic;

use crate::cache::policy::Id;
use crate::cache::table::Table;
use crate::cache::{Cause, Listener};

/// Without `std` no panic can be held back: the first ends it all.
#[cfg(not(feature = "std"))]
#[derive(Default)]
pub(super) struct FirstPanic(());

#[cfg(not(feature = "std"))]
impl FirstPanic {
    #[expect(clippy::unused_self, reason = "as the other")]
    pub(super) fn run(&mut self, call: impl FnOnce()) {
        call();
    }
}

/// What has left a cache all at once, but for what was taken out of here since. Of the rest the listener is still to be told.
pub(super) struct Rest<K, V, N> {
    ids: Range<Id>,
    table: Table<K, V, N>,
}

impl<K, V, N> Rest<K, V, N> {
    pub(super) fn new(table: Table<K, V, N>) -> Self {
        Self { ids: table.ids(), table }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    fn take(&mut self) -> Option<(K, V)> {
        self.ids.find_map(|id| self.table.take(id))
    }

    /// Takes one out, and tells of it.
    pub(super) fn next<L: Listener<K, V>>(&mut self, listener: &L) -> Option<(K, V)> {
        let (key, value) = self.take()?;
        if L::LISTENS {
            listener.left(&key, &value, Cause::Removed);
        }
        Some((key, value))
    }

    /// Tells of all there are, each of which is dropped then, whatever panics on the way.
    pub(super) fn tell<L: Listener<K, V>>(&mut self, listener: &L, first: &mut FirstPanic) {
        if L::LISTENS {
            while let Some((key, value)) = self.take() {
                first.run(|| listener.left(&key, &value, Cause::Removed));
                first.run(|| drop(key));
                first.run(|| drop(value));
            }
        }
    }

    /// Where they were.
    pub(super) fn into_table(self) -> Table<K, V, N> {
        self.table
    }
}
