use core::time::Duration;

use super::clock::{Clock, nanos};
use super::note::{Deadlines, Note};
use super::rule::{Own, Rule, SinceUse, SinceWrite};
use super::timed::Timed;
use super::wheel::Wheel;
use crate::cache::policy::{Hit, Id, Inner, Lives, NONE, Nodes, NoteOf, Notes, Pins, Ranking};

/// The order of another ranking, and deadlines.
#[doc(hidden)]
#[derive(Clone)]
pub struct Expiring<R: Ranking, X, C> {
    ranking: R,
    watch: Deadlines<R::Watch, X, C>,
    wheel: Wheel,
    /// The time when it was last asked what is over; 0 if nothing could be.
    asked: u64,
    /// Whether what is inside was asked then, too. It is not if something was found before.
    asked_inside: bool,
    /// The time when what comes in next does, if it is known.
    time: Option<u64>,
}

impl<R: Ranking, X: Rule, C: Clock> Expiring<R, X, C> {
    pub(super) fn new(ranking: R, rule: X, clock: C) -> Self {
        let watch = Deadlines::new(ranking.watch(), rule, clock);
        Self { ranking, watch, wheel: Wheel::new(), asked: 0, asked_inside: false, time: None }
    }

    /// The time of a value begins. If the clock panics, it has none, but all else is done.
    #[inline]
    fn begin(
        &mut self,
        nodes: &mut impl Nodes<Timed<R::Node>>,
        id: Id,
        note: &Note<NoteOf<R>>,
        time: Option<u64>,
    ) {
        note.set_deadline(0);
        let now = match time {
            Some(time) => time,
            None if self.watch.rule.asks() => self.watch.now(),
            None => 0,
        };
        let deadline = self.watch.rule.deadline(now, nodes.hash(id));
        note.set_deadline(deadline);
        self.wheel.remove(nodes, id);
        self.wheel.place(nodes, id, deadline);
    }
}

impl<R: Ranking, X: Rule, C: Clock> Ranking for Expiring<R, X, C> {
    const HIT: Hit = R::HIT;
    const PAYS: bool = R::PAYS;
    type Node = Timed<R::Node>;
    type Watch = Deadlines<R::Watch, X, C>;

    fn watch(&self) -> Self::Watch {
        self.watch.clone()
    }

    #[inline]
    fn on_hit(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id) {
        self.ranking.on_hit(&mut Inner::of(nodes), id);
    }

    #[inline]
    fn on_insert(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>) {
        let time = self.time.take();
        self.ranking.on_insert(&mut Inner::of(nodes), id, &note.inner);
        self.begin(nodes, id, note, time);
    }

    fn on_replace(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>) {
        self.ranking.on_replace(&mut Inner::of(nodes), id, &note.inner);
        self.begin(nodes, id, note, None);
    }

    fn on_succeed(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, before: &Self::Node) {
        self.ranking.on_succeed(&mut Inner::of(nodes), id, &before.inner);
    }

    fn limit_life(
        &mut self,
        nodes: &mut impl Nodes<Self::Node>,
        id: Id,
        note: &NoteOf<Self>,
        life: Duration,
    ) {
        let longest = note.deadline();
        // So that it does not live too long if the clock panics.
        note.set_deadline(0);
        let deadline = self.watch.now().saturating_add(nanos(life)).min(longest);
        note.set_deadline(deadline);
        if deadline < longest {
            self.wheel.remove(nodes, id);
            self.wheel.place(nodes, id, deadline);
        }
        self.ranking.limit_life(&mut Inner::of(nodes), id, &note.inner, life);
    }

    fn on_weight(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, before: u64) {
        self.ranking.on_weight(&mut Inner::of(nodes), id, before);
    }

    fn on_return(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>) {
        self.wheel.place(nodes, id, note.deadline());
        self.ranking.on_return(&mut Inner::of(nodes), id, &note.inner);
    }

    #[inline]
    fn on_remove(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id) {
        self.wheel.remove(nodes, id);
        self.ranking.on_remove(&mut Inner::of(nodes), id);
    }

    #[inline]
    fn evict(&mut self, nodes: &mut impl Nodes<Self::Node>, incoming: u32) -> Option<Id> {
        let id = self.ranking.evict(&mut Inner::of(nodes), incoming)?;
        self.wheel.remove(nodes, id);
        Some(id)
    }

    #[inline(always)]
    fn expect(&self, incoming: u32) {
        self.ranking.expect(incoming);
    }

    #[inline(always)]
    fn upcoming(&mut self, nodes: &mut impl Nodes<Self::Node>) -> Id {
        let next = self.ranking.upcoming(&mut Inner::of(nodes));
        if next != NONE {
            Wheel::look_ahead(nodes, next);
        }
        next
    }

    #[inline]
    fn expire(&mut self, nodes: &mut (impl Nodes<Self::Node> + Notes<NoteOf<Self>>)) -> Option<Id> {
        self.asked = 0;
        self.asked_inside = false;
        if !self.wheel.is_empty() {
            self.asked = self.watch.now();
            if let Some(id) = self.wheel.due(nodes, self.asked) {
                self.ranking.on_remove(&mut Inner::of(nodes), id);
                return Some(id);
            }
        }
        self.asked_inside = true;
        let id = self.ranking.expire(&mut Inner::of(nodes))?;
        self.wheel.remove(nodes, id);
        Some(id)
    }

    #[inline(always)]
    fn was_over(&self, note: &NoteOf<Self>) -> bool {
        self.asked >= note.deadline() || self.ranking.was_over(&note.inner)
    }

    #[inline(always)]
    fn at_once(&mut self) {
        self.time = Some(self.asked).filter(|time| *time != 0);
        if self.asked_inside {
            self.ranking.at_once();
        }
    }

    #[inline(always)]
    fn refuses(&self, weight: u64) -> bool {
        self.ranking.refuses(weight)
    }

    #[inline(always)]
    fn admit(&mut self, weight: u64) -> bool {
        self.ranking.admit(weight)
    }

    fn resize(&mut self, nodes: &mut impl Nodes<Self::Node>, capacity: u64) {
        self.ranking.resize(&mut Inner::of(nodes), capacity);
    }

    fn clear(&mut self) {
        self.wheel.clear();
        self.ranking.clear();
    }
}

impl<R: Ranking, C: Clock> Lives for Expiring<R, Own, C> {
    fn live_for(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>, life: Duration) {
        // So that it does not live for ever if the clock panics.
        note.set_deadline(0);
        let deadline = self.watch.now().saturating_add(nanos(life));
        note.set_deadline(deadline);
        self.wheel.remove(nodes, id);
        self.wheel.place(nodes, id, deadline);
    }
}

/// One that is around another gives the time on.
macro_rules! live_inside {
    ($($rule:ty),*) => {$(
        impl<R: Lives, C: Clock> Lives for Expiring<R, $rule, C> {
            fn live_for(
                &mut self,
                nodes: &mut impl Nodes<Self::Node>,
                id: Id,
                note: &NoteOf<Self>,
                life: Duration,
            ) {
                self.ranking.live_for(&mut Inner::of(nodes), id, &note.inner, life);
            }
        }
    )*};
}

live_inside!(SinceWrite, SinceUse);

impl<R: Pins, X: Rule, C: Clock> Pins for Expiring<R, X, C> {
    fn pin(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id) -> bool {
        self.ranking.pin(&mut Inner::of(nodes), id)
    }

    fn unpin(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id, note: &NoteOf<Self>) -> bool {
        self.ranking.unpin(&mut Inner::of(nodes), id, &note.inner)
    }

    fn is_pinned(node: &Self::Node) -> bool {
        R::is_pinned(&node.inner)
    }
}
