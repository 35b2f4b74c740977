use super::item::Item;
#[cfg(feature = "std")]
use super::locked::Loot;
#[cfg(feature = "std")]
use super::shard::Shard;
use super::stack::{Links, Stack};
#[cfg(feature = "std")]
use crate::sync::{Backoff, asymmetric, thread_id};

/// Where slots have their links and threads their shards.
pub(super) trait Places: Links {
    /// What shards have for slots.
    type Item: Item;

    /// The item of a slot that is not the end.
    fn item(&self, slot: u32) -> Self::Item;

    /// The slot of an item.
    fn slot(&self, item: Self::Item) -> u32;

    /// How many shards there may be. With none, all goes through the stack.
    #[cfg(feature = "std")]
    const SHARDS: u32;

    /// One of them, if there are any yet.
    #[cfg(feature = "std")]
    fn shard(&self, number: u32) -> Option<Shard<'_, Self::Item>>;

    /// Whether all but a spare item is left to a call: where a pool is used in many places, and by code that is large itself.
    #[cfg(feature = "std")]
    const COMPACT: bool;

    /// How many items the owner of a shard keeps on its stack at most; at least one, no more than there is room for, and never less
    /// than before.
    #[cfg(feature = "std")]
    fn room(&self) -> u32;
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

    /// Takes a free slot from the stack: its item, or [`NONE`](Item::NONE).
    #[inline(always)]
    fn pop(self) -> P::Item {
        self.depot.pop(self.places).map_or(P::Item::NONE, |slot| self.places.item(slot))
    }

    /// Takes a free slot: its item, or [`NONE`](Item::NONE).
    #[cfg(not(feature = "std"))]
    #[inline(always)]
    pub(super) fn take(self) -> P::Item {
        self.pop()
    }

    /// Gives a slot back.
    ///
    /// # Safety
    /// The item was returned by `take`, was not given back since, and nobody uses its slot any more.
    #[cfg(not(feature = "std"))]
    #[inline(always)]
    pub(super) unsafe fn put_back(self, item: P::Item) {
        // SAFETY: the caller's promise.
        unsafe { self.depot.push(self.places, self.places.slot(item)) };
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
    fn shard_of(self, thread: u32) -> Option<Shard<'a, P::Item>> {
        if P::SHARDS == 0 { None } else { self.places.shard(thread % P::SHARDS) }
    }

    /// The shard that this thread has.
    #[inline(always)]
    fn shard_of_this_thread(self) -> Option<Shard<'a, P::Item>> {
        let thread = thread_id::current();
        self.shard_of(thread).filter(|shard| shard.is_of(thread))
    }

    /// Takes a free slot: its item, or [`NONE`](Item::NONE). Not an `Option`, whose tag the compiler would keep and test.
    #[inline(always)]
    pub(super) fn take(self) -> P::Item {
        if P::SHARDS == 0 {
            return self.pop();
        }
        let mut claim = P::Item::NONE;
        if let Some(shard) = self.shard_of_this_thread() {
            match shard.take_spare() {
                Ok(item) => return item,
                Err(item) => claim = item,
            }
            if !P::COMPACT
                && claim == P::Item::NONE
                && let Some(item) = shard.take_stacked()
            {
                return item;
            }
        }
        self.take_elsewhere(claim)
    }

    /// Gives a slot back.
    ///
    /// # Safety
    /// The item was returned by `take`, or is that of a new slot, was not given back since, and nobody uses its slot any more.
    #[inline(always)]
    pub(super) unsafe fn put_back(self, item: P::Item) {
        if P::SHARDS == 0 {
            // SAFETY: the caller's promise.
            return unsafe { self.depot.push(self.places, self.places.slot(item)) };
        }
        if let Some(shard) = self.shard_of_this_thread()
            && (shard.put_spare(item) || !P::COMPACT && shard.put_stacked(item, self.places.room()))
        {
            return;
        }
        // SAFETY: the caller's promise.
        unsafe { self.put_elsewhere(item) };
    }

    /// The shard of this thread, if it has one or gets one now.
    fn own(self) -> Option<Shard<'a, P::Item>> {
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
    fn take_elsewhere(self, claim: P::Item) -> P::Item {
        if P::COMPACT
            && claim == P::Item::NONE
            && let Some(item) = self.shard_of_this_thread().and_then(Shard::take_stacked)
        {
            return item;
        }
        let own = self.own();
        if let Some(own) = own
            && let Some(item) = own.lock().reclaim(claim)
        {
            return item;
        }
        let mut backoff = Backoff::new();
        loop {
            let taken = match own {
                // No lock is taken for nothing: two that find nothing would keep each other from being sure of it.
                Some(_) if Stack::is_empty::<P>(self.depot.state()) => P::Item::NONE,
                Some(own) => self.refill(own),
                None => self.pop(),
            };
            // Without the kernel's help nothing can be had from others, and if it never helped they have nothing.
            if taken != P::Item::NONE || !asymmetric::is_cheap() {
                return taken;
            }
            match self.look_around() {
                Found::Nothing => return P::Item::NONE,
                Found::Items(victim) => {
                    if let Some(item) = self.steal(own, victim) {
                        return item;
                    }
                }
                Found::Changes => {}
            }
            backoff.wait();
        }
    }

    /// Fills the shard of this thread from the depot.
    fn refill(self, own: Shard<'a, P::Item>) -> P::Item {
        let own = own.lock();
        let item = own.take().or_else(|| {
            own.refill(self.places.room(), |most, loot| {
                self.depot
                    .pop_many(self.places, most, |number, slot| loot.set(number, self.places.item(slot)))
            })
        });
        item.unwrap_or(P::Item::NONE)
    }

    /// Takes half of what is in another shard, all but one of it for the own.
    fn steal(self, own: Option<Shard<'_, P::Item>>, victim: Shard<'_, P::Item>) -> Option<P::Item> {
        let Some(own) = own else {
            let mut one = Loot::NONE;
            return (victim.try_lock()?.steal(1, &mut one) == 1).then(|| one.first());
        };
        let own = own.lock();
        // The own shard may be the victim.
        own.take().or_else(|| {
            let victim = victim.try_lock()?;
            own.refill(self.places.room(), |most, loot| victim.steal(most, loot))
        })
    }

    /// Whether there is a free slot somewhere.
    ///
    /// A slot that moves from one place to another is not overlooked, because who moves it has a lock that shows; and one that comes
    /// back behind our back shows when we look again. If nothing has come between the end of the first look and the beginning of
    /// the second one, all places were empty at once then.
    fn look_around(self) -> Found<'a, P::Item> {
        let depot = self.depot.state();
        if !Stack::is_empty::<P>(depot) {
            return Found::Changes;
        }
        let shards = || (0..P::SHARDS).filter_map(|number| self.places.shard(number));
        let mut versions = 0_u32;
        for shard in shards() {
            match shard.look_closely() {
                None => return Found::Changes,
                Some(look) if look.busy => return Found::Changes,
                Some(look) if look.items > 0 => return Found::Items(shard),
                Some(look) => versions = versions.wrapping_add(look.version),
            }
        }
        let again = shards()
            .try_fold(0_u32, |sum, shard| shard.look_again().map(|version| sum.wrapping_add(version)));
        // Versions only grow: the same sum is the same everywhere.
        if again == Some(versions) && self.depot.state() == depot { Found::Nothing } else { Found::Changes }
    }

    /// # Safety
    /// As for `put_back`.
    #[cold]
    #[inline(never)]
    unsafe fn put_elsewhere(self, item: P::Item) {
        if P::COMPACT
            && let Some(shard) = self.shard_of_this_thread()
            && shard.put_stacked(item, self.places.room())
        {
            return;
        }
        let Some(own) = self.own() else {
            // SAFETY: the caller's promise.
            return unsafe { self.depot.push(self.places, self.places.slot(item)) };
        };
        let own = own.lock();
        own.reclaim(P::Item::NONE);
        own.put(item, self.places.room(), |items| {
            let slot = |number: u32| {
                self.places.slot(P::Item::load(&items[number as usize], crate::sync::Ordering::Relaxed))
            };
            #[expect(clippy::cast_possible_truncation, reason = "a hundred or so")]
            let count = items.len() as u32;
            // SAFETY: they were in the shard, so their slots were given back, and the shard has them no more.
            unsafe { self.depot.push_many(self.places, count, slot) };
        });
    }

    /// How many slots are free. Exact if none is taken or given back meanwhile.
    pub(super) fn available(self) -> usize {
        let shards = (0..P::SHARDS).filter_map(|number| self.places.shard(number));
        shards.map(|shard| shard.look().items as usize).sum::<usize>() + self.depot.available::<P>()
    }
}

/// What there is in other places.
#[cfg(feature = "std")]
enum Found<'a, I: Item> {
    /// A shard with items.
    Items(Shard<'a, I>),
    /// Nothing, but something has changed meanwhile.
    Changes,
    /// Every slot was in use at some moment.
    Nothing,
}
