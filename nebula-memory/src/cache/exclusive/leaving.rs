use crate::cache::{Cause, Listener};

/// An entry that has left while there is still something to be done that may panic: the listener is told of it all the same.
pub(super) struct Leaving<'c, K, V, L: Listener<K, V>> {
    listener: &'c L,
    cause: Cause,
    entry: Option<(K, V)>,
}

impl<'c, K, V, L: Listener<K, V>> Leaving<'c, K, V, L> {
    #[inline(always)]
    pub(super) fn new(listener: &'c L, cause: Cause, key: K, value: V) -> Self {
        Self { listener, cause, entry: Some((key, value)) }
    }

    /// All is done: who gets it tells.
    #[inline(always)]
    pub(super) fn done(mut self) -> Option<(K, V)> {
        self.entry.take()
    }
}

impl<K, V, L: Listener<K, V>> Drop for Leaving<'_, K, V, L> {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some((key, value)) = &self.entry
            && L::LISTENS
        {
            let tell = || self.listener.left(key, value, self.cause);
            // Two panics at once would be the end of the process.
            #[cfg(feature = "std")]
            crate::unwind::guarded(tell);
            #[cfg(not(feature = "std"))]
            tell();
        }
    }
}
