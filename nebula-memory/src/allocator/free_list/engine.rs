#[cfg(feature = "std")]
use super::shard::{Loot, NONE, Shard};
use super::stack::{Links, Stack};
#[cfg(feature = "std")]
use crate::sync::{Backoff, asymmetric, thread_id};

/// Where slots have their links and threads their shards.
pub(super) trait Places: Links {
    /// How many shards there may be. With none, all goes through the stack.
    #[cfg(feature = "std")]
    const SHARDS: u32;

    /// One of them, if there are any yet.
    #[cfg(feature = "std")]
    fn shard(&self, number: u32) -> Option<Shard<'_>>;

    /// What a shard has for a slot: a number that is not the largest.
    #[inline(always)]
    fn item(slot: u32) -> u32 {
        slot
    }

    /// The slot of an item.
    #[inline(always)]
    fn slot(item: u32) -> u32 {
        item
    }
}

/// The free slots of one pool: in the middle a stack, the *depot*, and in front of it a shard for each of some threads.
pub(super) struct Engine<'a, P: Places> {
    depot: &'a Stack,
    places: &'a P,
}

impl<P: Places> Clone for Engine<'_, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P: Places> Copy for Engine<'_, P> {}

impl<'a, P: Places> Engine<'a, P> {
    #[inline(always)]
    pub(super) fn new(depot: &'a Stack, places: &'a P) -> Self {
        Self { depot, places }
    }

    /// Takes a free slot: its item.
    #[cfg(not(feature = "std"))]
    #[inline(always)]
    pub(super) fn take(self) -> Option<u32> {
        self.depot.pop(self.places).map(P::item)
    }

    /// Gives a slot back.
    ///
    /// # Safety
    /// The item was returned by `take`, was not given back since, and nobody uses its slot any more.
    #[cfg(not(feature = "std"))]
    #[inline(always)]
    pub(super) unsafe fn put_back(self, item: u32) {
        // SAFETY: the caller's promise.
        unsafe { self.depot.push(self.places, P::slot(item)) };
    }

    /// How many slots are free.
    #[cfg(not(feature = "std"))]
    pub(super) fn available(self) -> usize {
        self.depot.available::<P>()
    }
}

#[cfg(feature = "std")]
impl<'a, P: Places> Engine<'a, P> {
    /// The shard that the thread has, or may have.
    #[inline(always)]
    fn shard_of(self, thread: u32) -> Option<Shard<'a>> {
        if P::SHARDS == 0 { None } else { self.places.shard(thread % P::SHARDS) }
    }

    /// Takes a free slot: its item.
    #[inline(always)]
    pub(super) fn take(self) -> Option<u32> {
        if P::SHARDS == 0 {
            return self.depot.pop(self.places).map(P::item);
        }
        let thread = thread_id::current();
        match self.shard_of(thread) {
            Some(shard) if shard.is_of(thread) => match shard.take() {
                Ok(item) => Some(item),
                Err(item) => self.take_elsewhere(item),
            },
            _ => self.take_elsewhere(NONE),
        }
    }

    /// Gives a slot back.
    ///
    /// # Safety
    /// The item was returned by `take`, or is that of a new slot, was not given back since, and nobody uses its slot any more.
    #[inline(always)]
    pub(super) unsafe fn put_back(self, item: u32) {
        if P::SHARDS == 0 {
            // SAFETY: the caller's promise.
            return unsafe { self.depot.push(self.places, P::slot(item)) };
        }
        let thread = thread_id::current();
        if let Some(shard) = self.shard_of(thread)
            && shard.is_of(thread)
            && shard.put(item)
        {
            return;
        }
        // SAFETY: the caller's promise.
        unsafe { self.put_elsewhere(item) };
    }

    /// The shard of this thread, if it has one or gets one now.
    fn own(self) -> Option<Shard<'a>> {
        let thread = thread_id::assign()?;
        let shard = self.shard_of(thread)?;
        let is_own = shard.is_of(thread)
            // What the owner of a shard relies on.
            || asymmetric::is_cheap()
                && shard.claim(thread, |owner, work| thread_id::while_unused(owner, work));
        is_own.then_some(shard)
    }

    #[cold]
    #[inline(never)]
    fn take_elsewhere(self, claim: u32) -> Option<u32> {
        let own = self.own();
        if let Some(own) = own
            && let Some(item) = own.lock().reclaim(claim)
        {
            return Some(item);
        }
        let mut backoff = Backoff::new();
        loop {
            let taken = match own {
                Some(own) => self.refill(own),
                None => self.depot.pop(self.places).map(P::item),
            };
            // Without the kernel's help nothing can be had from others, and if it never helped they have nothing.
            if taken.is_some() || !asymmetric::is_cheap() {
                return taken;
            }
            match self.look_around() {
                Found::Nothing => return None,
                Found::Items(victim) => {
                    if let Some(item) = steal(own, victim) {
                        return Some(item);
                    }
                }
                Found::Changes => {}
            }
            backoff.wait();
        }
    }

    /// Fills the shard of this thread from the depot.
    fn refill(self, own: Shard<'a>) -> Option<u32> {
        let own = own.lock();
        own.take().or_else(|| {
            own.refill(|most, loot| {
                self.depot.pop_many(self.places, most, |number, slot| loot.set(number, P::item(slot)))
            })
        })
    }

    /// Whether there is a free slot somewhere.
    ///
    /// A slot that moves from one place to another is not overlooked, because who moves it has a lock that shows; and one that comes
    /// back behind our back shows when we look again. If nothing has come between the end of the first look and the beginning of
    /// the second one, all places were empty at once then.
    fn look_around(self) -> Found<'a> {
        let depot = self.depot.state();
        if !Stack::is_empty::<P>(depot) {
            return Found::Changes;
        }
        let shards = || (0..P::SHARDS).filter_map(|number| self.places.shard(number));
        let mut versions = 0_u32;
        for shard in shards() {
            let look = shard.look();
            if look.busy {
                return Found::Changes;
            }
            if look.items > 0 {
                return Found::Items(shard);
            }
            versions = versions.wrapping_add(look.version);
        }
        let again = shards().fold(0_u32, |sum, shard| sum.wrapping_add(shard.look().version));
        // Versions only grow: the same sum is the same everywhere.
        if again == versions && self.depot.state() == depot { Found::Nothing } else { Found::Changes }
    }

    /// # Safety
    /// As for `put_back`.
    #[cold]
    #[inline(never)]
    unsafe fn put_elsewhere(self, item: u32) {
        if let Some(own) = self.own() {
            while !own.put(item) {
                let own = own.lock();
                own.reclaim(NONE);
                own.spill(|items| {
                    let slot =
                        |number: u32| P::slot(items[number as usize].load(crate::sync::Ordering::Relaxed));
                    #[expect(clippy::cast_possible_truncation, reason = "a hundred or so")]
                    let count = items.len() as u32;
                    // SAFETY: they were in the shard, so their slots were given back, and the shard has them no more.
                    unsafe { self.depot.push_many(self.places, count, slot) };
                });
            }
            return;
        }
        // SAFETY: the caller's promise.
        unsafe { self.depot.push(self.places, P::slot(item)) };
    }

    /// How many slots are free. Exact if none is taken or given back meanwhile.
    pub(super) fn available(self) -> usize {
        let shards = (0..P::SHARDS).filter_map(|number| self.places.shard(number));
        shards.map(|shard| shard.look().items as usize).sum::<usize>() + self.depot.available::<P>()
    }
}

#[cfg(feature = "std")]
/// Takes half of what is in another shard, all but one of it for the own.
fn steal(own: Option<Shard<'_>>, victim: Shard<'_>) -> Option<u32> {
    let Some(own) = own else {
        let mut one = Loot::NONE;
        return (victim.try_lock()?.steal(1, &mut one) == 1).then(|| one.first());
    };
    let own = own.lock();
    // The own shard may be the victim: then this fails, and `refill` finds what there is.
    let victim = victim.try_lock()?;
    own.take().or_else(|| own.refill(|most, loot| victim.steal(most, loot)))
}

/// What there is in other places.
#[cfg(feature = "std")]
enum Found<'a> {
    /// A shard with items.
    Items(Shard<'a>),
    /// Nothing, but something has changed meanwhile.
    Changes,
    /// Every slot was in use at some moment.
    Nothing,
}
