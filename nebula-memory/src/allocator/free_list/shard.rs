use super::item::Item;
use crate::sync::asymmetric::{heavy_fence, light_fence};
use crate::sync::{AtomicU32, Backoff, Ordering};

/// Free slots at hand of one thread: a stack of items that the owner works on with plain loads and stores, and that
/// others can take from when there is nothing left elsewhere.
///
/// A view of memory that is zero at the start: the words of the header, the spare item and the one that was stolen, and then the
/// items of the stack.
///
/// * `owner`: the number of the thread whose shard it is; nobody's if zero. It changes only while no thread has the
///   number that stands there.
/// * `lock`: odd while somebody has it, and always more than before. For everything but the owner's `take` and `put`.
/// * `puts` and `takes`: how many items came on the stack and went, written by the owner alone. Two numbers, because each of them
///   waits for its own last store only, and because one that never goes down tells whether anything has happened. Their
///   difference, the *bottom*, is where the next item goes.
/// * `top`: from where on items are the owner's; those below are a thief's, or gone. Written under the lock.
/// * `watched`: not zero when a thief has been at the spare item, until the owner comes to the lock.
/// * `spare`: the item that came last, if it is not on the stack: where one is taken for each that comes back, as in most
///   programs most of the time, nothing else is touched. The owner puts an item there if it is `NONE`, and takes it away. A thief
///   takes it away as well, and leaves `SHUT`; who has found no item and wants to know whether one comes makes `SHUT` of `NONE`.
///   Only the owner makes `NONE` of `SHUT`, under the lock.
/// * `stolen`: the spare item that a thief got, until the owner comes to the lock.
///
/// The owner takes an item of the stack by counting it first and looking at `top` after; a thief moves `top` first and looks at
/// what is counted after (the protocol of Cilk-5: Frigo, Leiserson, Randall, 1998, on asymmetric fences). So they cannot both
/// have it: who is late lets it go, the owner by coming to the lock, the thief by moving `top` back. It is the same with the spare
/// item: the owner takes it away first and looks at `watched` after, a thief sets that first. If they meet, the owner comes to the lock
/// with the item, and finds there whether the thief had been faster. After a theft the place is `SHUT`, so that the owner comes to
/// the lock before the same item may be the spare one again: `stolen` would be its name. No fast path waits for a thief, and no thief
/// for an owner.
pub(super) struct Shard<'a, I: Item> {
    header: &'a [AtomicU32; HEADER],
    spare: &'a I::Cell,
    stolen: &'a I::Cell,
    items: &'a [I::Cell],
}

#[expect(clippy::expl_impl_clone_on_copy, reason = "a derive would ask it of the cells as well")]
impl<I: Item> Clone for Shard<'_, I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I: Item> Copy for Shard<'_, I> {}

const OWNER: usize = 0;
const LOCK: usize = 1;
const TOP: usize = 2;
const PUTS: usize = 3;
const TAKES: usize = 4;
const WATCHED: usize = 5;
/// So many words come before the items,
pub(super) const HEADER: usize = 6;
/// and so many of these are not of the stack.
pub(super) const APART: usize = 2;

/// Nobody's.
const NOBODY: u32 = 0;

/// What a look at a shard says.
#[derive(Clone, Copy)]
pub(super) struct Look {
    /// How many items there are.
    pub(super) items: u32,
    /// Whether items may be on their way from here or to here.
    pub(super) busy: bool,
    /// Never less than before, and more if items have come since.
    pub(super) version: u32,
}

#[expect(clippy::cast_possible_wrap, reason = "wrapping numbers, whose difference is small")]
const fn signed(difference: u32) -> i32 {
    difference as i32
}

impl<'a, I: Item> Shard<'a, I> {
    /// The shard in this memory.
    #[inline(always)]
    pub(super) fn of(header: &'a [AtomicU32; HEADER], items: &'a [I::Cell]) -> Option<Self> {
        let ([spare, stolen], items) = items.split_first_chunk::<APART>()?;
        Some(Self { header, spare, stolen, items })
    }

    #[inline(always)]
    fn get(self, word: usize) -> u32 {
        self.header[word].load(Ordering::Relaxed)
    }

    #[inline(always)]
    fn spare(self) -> I {
        I::load(self.spare, Ordering::Relaxed)
    }

    /// Release: a thief that finds the item finds what was done with its slot done, and who finds none here finds those elsewhere that
    /// came there before.
    #[inline(always)]
    fn set_spare(self, item: I) {
        #[cfg(not(loom))]
        item.store(self.spare, Ordering::Release);
        #[cfg(loom)]
        item.swap(self.spare, Ordering::Release);
    }

    #[inline(always)]
    fn item(self, at: u32) -> &'a I::Cell {
        &self.items[at as usize]
    }

    /// Whether this is the shard of the calling thread, whose number is passed.
    #[inline(always)]
    pub(super) fn is_of(self, thread: u32) -> bool {
        self.get(OWNER) == thread
    }

    /// Takes the spare item, for the owner.
    ///
    /// # Errors
    /// If there is none: `NONE`. If a thief has been there: an item to be [reclaimed](Locked::reclaim).
    #[inline(always)]
    pub(super) fn take_spare(self) -> Result<I, I> {
        let spare = self.spare();
        if !spare.is_slot() {
            return Err(I::NONE);
        }
        self.set_spare(I::NONE);
        light_fence();
        if self.get(WATCHED) == 0 { Ok(spare) } else { Err(spare) }
    }

    /// Takes an item of the stack, for the owner. None if there is none, or a thief has been there.
    #[inline(always)]
    pub(super) fn take_stacked(self) -> Option<I> {
        let takes = self.get(TAKES).wrapping_add(1);
        self.header[TAKES].store(takes, Ordering::Relaxed);
        light_fence();
        let at = self.get(PUTS).wrapping_sub(takes);
        if signed(at.wrapping_sub(self.get(TOP))) < 0 {
            self.header[TAKES].store(takes.wrapping_sub(1), Ordering::Relaxed);
            return None;
        }
        Some(I::load(self.item(at), Ordering::Relaxed))
    }

    /// Makes an item the spare one, for the owner: whether there was none.
    #[inline(always)]
    pub(super) fn put_spare(self, item: I) -> bool {
        let free = self.spare() == I::NONE;
        if free {
            self.set_spare(item);
        }
        free
    }

    /// Puts an item on the stack, for the owner, who keeps no more than `room` there: whether it could. Not if the shard is shut, so that
    /// its owner comes to the lock.
    #[inline(always)]
    pub(super) fn put_stacked(self, item: I, room: u32) -> bool {
        self.spare().is_slot() && self.stack(item, room)
    }

    /// Puts an item on the stack, for the owner: whether there was room.
    #[inline(always)]
    fn stack(self, item: I, room: u32) -> bool {
        let puts = self.get(PUTS);
        let at = puts.wrapping_sub(self.get(TAKES));
        if at >= room {
            return false;
        }
        item.store(self.item(at), Ordering::Relaxed);
        // Release: as for the spare one.
        self.header[PUTS].store(puts.wrapping_add(1), Ordering::Release);
        true
    }

    /// The number of items, of which the owner's steps since may have changed.
    pub(super) fn look(self) -> Look {
        // Each before the next: whoever sees a number that was written under the lock sees, when it looks again, that there
        // was a lock.
        let owner = self.header[OWNER].load(Ordering::Acquire);
        let lock = self.header[LOCK].load(Ordering::Acquire);
        let busy = !lock.is_multiple_of(2);
        if owner == NOBODY {
            return Look { items: 0, busy, version: lock };
        }
        let spare = I::load(self.spare, Ordering::Acquire);
        let takes = self.header[TAKES].load(Ordering::Acquire);
        let puts = self.header[PUTS].load(Ordering::Acquire);
        let top = self.header[TOP].load(Ordering::Acquire);
        let items = signed(puts.wrapping_sub(takes).wrapping_sub(top)).max(0);
        let items = items.unsigned_abs() + u32::from(spare.is_slot());
        Look { items, busy, version: lock.wrapping_add(puts) }
    }

    /// A look that shows, when it is [repeated](Self::look_again), whether an item has come since: there is no spare one, and who puts
    /// one there comes to the lock first. None if there is one by now.
    pub(super) fn look_closely(self) -> Option<Look> {
        let look = self.look();
        // In a shard of nobody there are zeros, which are no items; nothing comes there before it is somebody's, by the lock.
        let shut = look.items > 0
            || self.header[OWNER].load(Ordering::Acquire) == NOBODY
            || I::load(self.spare, Ordering::Acquire) == I::SHUT
            || I::NONE.replace(self.spare, I::SHUT);
        shut.then_some(look)
    }

    /// The version that was seen when [looking closely](Self::look_closely), if nothing has come since.
    pub(super) fn look_again(self) -> Option<u32> {
        let owner = self.header[OWNER].load(Ordering::Acquire);
        // Before the lock: if it has been opened and shut again, that was between two locks.
        let shut = owner == NOBODY || I::load(self.spare, Ordering::Acquire) == I::SHUT;
        let lock = self.header[LOCK].load(Ordering::Acquire);
        let puts = if owner == NOBODY { 0 } else { self.header[PUTS].load(Ordering::Acquire) };
        shut.then_some(lock.wrapping_add(puts))
    }

    /// Makes it the shard of a thread if it is nobody's, or if it is of one that has ended. Whether it is the thread's now.
    pub(super) fn claim(self, thread: u32, while_unused: impl FnOnce(u32, &mut dyn FnMut()) -> bool) -> bool {
        let owner = self.get(OWNER);
        if owner == thread {
            return true;
        }
        let mut won = false;
        let mut replace = || {
            let locked = self.lock();
            won = self.get(OWNER) == owner;
            if won {
                if owner == NOBODY {
                    self.set_spare(I::NONE);
                    I::NONE.store(self.stolen, Ordering::Release);
                }
                locked.set(OWNER, thread);
            }
        };
        if owner == NOBODY {
            replace();
        } else {
            while_unused(owner, &mut replace);
        }
        won
    }

    /// Waits for the lock.
    pub(super) fn lock(self) -> Locked<'a, I> {
        let mut backoff = Backoff::new();
        loop {
            match self.try_lock() {
                Some(locked) => return locked,
                None => backoff.wait(),
            }
        }
    }

    /// Takes the lock if nobody has it.
    pub(super) fn try_lock(self) -> Option<Locked<'a, I>> {
        let lock = self.get(LOCK);
        let free = lock.is_multiple_of(2)
            && self.header[LOCK]
                .compare_exchange(lock, lock.wrapping_add(1), Ordering::Acquire, Ordering::Relaxed)
                .is_ok();
        // Not `then_some`, whose guard would unlock what others have locked.
        free.then(|| Locked(self))
    }
}

/// What comes into a shard: the first one is used at once, the others are put there.
pub(super) struct Loot<'a, I: Item> {
    first: I,
    items: &'a [I::Cell],
}

impl<I: Item> Loot<'_, I> {
    /// Only the first.
    pub(super) const NONE: Self = Self { first: I::NONE, items: &[] };

    /// The first one.
    pub(super) fn first(&self) -> I {
        self.first
    }

    #[inline(always)]
    pub(super) fn set(&mut self, number: u32, item: I) {
        match number {
            0 => self.first = item,
            _ => item.store(&self.items[number as usize - 1], Ordering::Relaxed),
        }
    }
}

/// A shard in which nobody else moves `top`.
pub(super) struct Locked<'a, I: Item>(Shard<'a, I>);

impl<I: Item> Drop for Locked<'_, I> {
    fn drop(&mut self) {
        let lock = &self.0.header[LOCK];
        // Release: the next one to have the lock sees what was done, and so does who looks.
        lock.store(lock.load(Ordering::Relaxed).wrapping_add(1), Ordering::Release);
    }
}

// Stores under the lock are released: see `look`.
impl<I: Item> Locked<'_, I> {
    fn set(&self, word: usize, value: u32) {
        self.0.header[word].store(value, Ordering::Release);
    }

    /// What the owner came with from `take`, if no thief has been faster. From here on the shard is not watched, and open.
    pub(super) fn reclaim(&self, item: I) -> Option<I> {
        let lost = I::load(self.0.stolen, Ordering::Relaxed) == item;
        I::NONE.store(self.0.stolen, Ordering::Release);
        self.set(WATCHED, 0);
        if self.0.spare() == I::SHUT {
            self.0.set_spare(I::NONE);
        }
        (item.is_slot() && !lost).then_some(item)
    }

    /// Takes an item, for the owner: no thief is here.
    pub(super) fn take(&self) -> Option<I> {
        let spare = self.0.spare();
        if spare.is_slot() {
            self.0.set_spare(I::NONE);
            return Some(spare);
        }
        let takes = self.0.get(TAKES).wrapping_add(1);
        let at = self.0.get(PUTS).wrapping_sub(takes);
        if signed(at.wrapping_sub(self.0.get(TOP))) < 0 {
            return None;
        }
        self.set(TAKES, takes);
        Some(I::load(self.0.item(at), Ordering::Relaxed))
    }

    /// Fills it up to the half of `room`, for the owner, when it is empty: `fetch` is given the most that it may get and where to put
    /// it. The first item becomes the result.
    #[inline]
    pub(super) fn refill(&self, room: u32, fetch: impl FnOnce(u32, &mut Loot<'_, I>) -> u32) -> Option<I> {
        let puts = self.0.get(PUTS);
        // First the bottom goes to zero, then the top, so that there is nothing between them at any time.
        self.set(TAKES, puts);
        self.set(TOP, 0);
        let mut loot = Loot { first: I::NONE, items: self.0.items };
        let count = fetch(room / 2 + 1, &mut loot);
        if count == 0 {
            return None;
        }
        self.set(PUTS, puts.wrapping_add(count - 1));
        Some(loot.first)
    }

    /// Puts an item on the stack, for the owner. If there is no room, `give` is given half of the items, or none if thieves have made
    /// room.
    pub(super) fn put(&self, item: I, room: u32, give: impl FnOnce(&[I::Cell])) {
        self.spill(room, give);
        let done = self.0.stack(item, room);
        debug_assert!(done, "half of the room is free");
    }

    fn spill(&self, room: u32, give: impl FnOnce(&[I::Cell])) {
        let takes = self.0.get(TAKES);
        let bottom = self.0.get(PUTS).wrapping_sub(takes);
        let top = self.0.get(TOP);
        if bottom < room {
            return;
        }
        let half = room.div_ceil(2);
        if top >= half {
            // Thieves have been here: move up to where they have taken from.
            for at in top..bottom {
                I::load(self.0.item(at), Ordering::Relaxed).store(self.0.item(at - top), Ordering::Relaxed);
            }
            self.set(TAKES, takes.wrapping_add(top));
            self.set(TOP, 0);
        } else {
            let count = half.min(bottom - top);
            self.set(TAKES, takes.wrapping_add(count));
            give(&self.0.items[(bottom - count) as usize..bottom as usize]);
        }
    }

    /// Takes up to half of the items on the stack, at most `most`, or the spare one if there are none, for a thread that is not the
    /// owner: how many.
    pub(super) fn steal(&self, most: u32, loot: &mut Loot<'_, I>) -> u32 {
        let top = self.0.get(TOP);
        let stacked = signed(self.0.get(PUTS).wrapping_sub(self.0.get(TAKES)).wrapping_sub(top)).max(0);
        match stacked.unsigned_abs().div_ceil(2).min(most) {
            0 => self.steal_spare(loot),
            wanted => self.steal_stacked(top, wanted, loot),
        }
    }

    fn steal_stacked(&self, top: u32, wanted: u32, loot: &mut Loot<'_, I>) -> u32 {
        self.set(TOP, top.wrapping_add(wanted));
        // From here on the owner takes nothing below the new top. What it has taken before shows in `takes`; items that it
        // puts there now may be had as well. `takes` is read first: what it takes in between is above.
        let count = if heavy_fence() {
            let takes = self.0.header[TAKES].load(Ordering::Acquire);
            let puts = self.0.header[PUTS].load(Ordering::Acquire);
            signed(puts.wrapping_sub(takes).wrapping_sub(top)).clamp(0, signed(wanted)).unsigned_abs()
        } else {
            0
        };
        for number in 0..count {
            loot.set(number, I::load(self.0.item(top.wrapping_add(number)), Ordering::Relaxed));
        }
        self.set(TOP, top.wrapping_add(count));
        count
    }

    fn steal_spare(&self, loot: &mut Loot<'_, I>) -> u32 {
        self.set(WATCHED, 1);
        if !heavy_fence() {
            return 0;
        }
        // From here on the owner does not take the spare item without coming to the lock. If it has taken it away before, it is not
        // there.
        let spare = I::load(self.0.spare, Ordering::Acquire);
        let got = spare.is_slot() && spare.replace(self.0.spare, I::SHUT);
        if got {
            spare.store(self.0.stolen, Ordering::Release);
            loot.set(0, spare);
        }
        u32::from(got)
    }
}
