//! What else is done with what comes in.

use core::time::Duration;

use crate::cache::policy::{Id, Lives, Nodes, NoteOf, Ranking};

/// What else is to be done with an entry that has come in, before anybody sees it.
pub(super) trait Then<R: Ranking> {
    /// Does it.
    fn done(self, ranking: &mut R, nodes: &mut impl Nodes<R::Node>, id: Id, note: &NoteOf<R>);
}

/// Nothing.
impl<R: Ranking> Then<R> for () {
    #[inline(always)]
    fn done(self, _: &mut R, _: &mut impl Nodes<R::Node>, _: Id, _: &NoteOf<R>) {}
}

/// It lives for so long.
pub(super) struct For(pub(super) Duration);

impl<R: Lives> Then<R> for For {
    fn done(self, ranking: &mut R, nodes: &mut impl Nodes<R::Node>, id: Id, note: &NoteOf<R>) {
        ranking.live_for(nodes, id, note, self.0);
    }
}

/// It lives no longer than this, if there is something.
#[cfg(feature = "serde")]
pub(super) struct Within(pub(super) Option<Duration>);

#[cfg(feature = "serde")]
impl<R: Ranking> Then<R> for Within {
    fn done(self, ranking: &mut R, nodes: &mut impl Nodes<R::Node>, id: Id, note: &NoteOf<R>) {
        if let Some(life) = self.0 {
            ranking.limit_life(nodes, id, note, life);
        }
    }
}
