use core::time::Duration;

/// What a hit does besides telling the ranking, and whether an entry still counts: both without a lock, by any thread.
///
/// It is how entries expire. A watch is cloned out of the ranking, so that nobody needs the ranking to ask.
#[doc(hidden)]
pub trait Watch: Clone + Send + Sync {
    /// What stands beside each entry for it; changed through a shared reference.
    type Note: Default + Send + Sync;

    /// Whether [`is_live`](Self::is_live) can ever be false.
    const EXPIRES: bool;

    /// The entry was hit.
    fn hit(&self, note: &Self::Note);

    /// Whether the entry may still be served.
    fn is_live(&self, note: &Self::Note) -> bool;

    /// Both, for one look at the clock: whether the entry may still be served, and if so, it was hit.
    #[inline(always)]
    fn visit(&self, note: &Self::Note) -> bool {
        let live = self.is_live(note);
        if live {
            self.hit(note);
        }
        live
    }

    /// How long the entry may still be served: not at all, if its time is over; [`Duration::MAX`] if nothing ends it.
    fn time_left(&self, note: &Self::Note) -> Duration {
        let _ = note;
        Duration::MAX
    }

    /// A note that says the same, for the copy of a cache. To be written by those whose notes say something.
    fn copy(&self, note: &Self::Note) -> Self::Note {
        let _ = note;
        Self::Note::default()
    }
}

/// Entries live until they have to go.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Watch for Unwatched {
    type Note = ();
    const EXPIRES: bool = false;

    #[inline(always)]
    fn hit(&self, (): &()) {}

    #[inline(always)]
    fn is_live(&self, (): &()) -> bool {
        true
    }
}
