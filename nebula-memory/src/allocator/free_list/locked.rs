use core::cell::Cell;

use super::item::Item;
use super::shard::{LOCK, PUTS, Shard, TAKES, TOP, WATCHED, signed};
use crate::sync::Ordering;
use crate::sync::asymmetric::heavy_fence;

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
pub(super) struct Locked<'a, I: Item> {
    shard: Shard<'a, I>,
    /// No item has come or gone: nobody who looks has to look again.
    idle: Cell<bool>,
}

impl<I: Item> Drop for Locked<'_, I> {
    fn drop(&mut self) {
        let lock = &self.shard.header[LOCK];
        let locked = lock.load(Ordering::Relaxed);
        // Release: the next one to have the lock sees what was done, and so does who looks.
        let unlocked = if self.idle.get() { locked.wrapping_sub(1) } else { locked.wrapping_add(1) };
        lock.store(unlocked, Ordering::Release);
    }
}

// Stores under the lock are released: see `look`.
impl<'a, I: Item> Locked<'a, I> {
    /// The lock was taken.
    pub(super) fn new(shard: Shard<'a, I>) -> Self {
        Self { shard, idle: Cell::new(false) }
    }

    pub(super) fn set(&self, word: usize, value: u32) {
        self.shard.header[word].store(value, Ordering::Release);
    }

    /// What the owner came with from `take`, if no thief has been faster. From here on the shard is not watched, and open.
    pub(super) fn reclaim(&self, item: I) -> Option<I> {
        let lost = I::load(self.shard.stolen, Ordering::Relaxed) == item;
        I::NONE.store(self.shard.stolen, Ordering::Release);
        self.set(WATCHED, 0);
        if self.shard.spare() == I::SHUT {
            self.shard.set_spare(I::NONE);
        }
        (item.is_slot() && !lost).then_some(item)
    }

    /// Takes an item, for the owner: no thief is here.
    pub(super) fn take(&self) -> Option<I> {
        let spare = self.shard.spare();
        if spare.is_slot() {
            self.shard.set_spare(I::NONE);
            return Some(spare);
        }
        let takes = self.shard.get(TAKES).wrapping_add(1);
        let at = self.shard.get(PUTS).wrapping_sub(takes);
        if signed(at.wrapping_sub(self.shard.get(TOP))) < 0 {
            return None;
        }
        self.set(TAKES, takes);
        Some(I::load(self.shard.item(at), Ordering::Relaxed))
    }

    /// Fills it up to the half of `room`, for the owner, when it is empty: `fetch` is given the most that it may get and where to put
    /// it. The first item becomes the result.
    #[inline]
    pub(super) fn refill(&self, room: u32, fetch: impl FnOnce(u32, &mut Loot<'_, I>) -> u32) -> Option<I> {
        let puts = self.shard.get(PUTS);
        // First the bottom goes to zero, then the top, so that there is nothing between them at any time.
        self.set(TAKES, puts);
        self.set(TOP, 0);
        let mut loot = Loot { first: I::NONE, items: self.shard.items };
        let count = fetch(room / 2 + 1, &mut loot);
        if count == 0 {
            // All that has changed is where there is nothing.
            self.idle.set(true);
            return None;
        }
        self.set(PUTS, puts.wrapping_add(count - 1));
        Some(loot.first)
    }

    /// Puts an item on the stack, for the owner. If there is no room, `give` is given half of the items, or none if thieves have made
    /// room.
    pub(super) fn put(&self, item: I, room: u32, give: impl FnOnce(&[I::Cell])) {
        self.spill(room, give);
        let done = self.shard.stack(item, room);
        debug_assert!(done, "half of the room is free");
    }

    fn spill(&self, room: u32, give: impl FnOnce(&[I::Cell])) {
        let takes = self.shard.get(TAKES);
        let bottom = self.shard.get(PUTS).wrapping_sub(takes);
        let top = self.shard.get(TOP);
        if bottom < room {
            return;
        }
        let half = room.div_ceil(2);
        if top >= half {
            // Thieves have been here: move up to where they have taken from.
            for at in top..bottom {
                I::load(self.shard.item(at), Ordering::Relaxed)
                    .store(self.shard.item(at - top), Ordering::Relaxed);
            }
            self.set(TAKES, takes.wrapping_add(top));
            self.set(TOP, 0);
        } else {
            let count = half.min(bottom - top);
            self.set(TAKES, takes.wrapping_add(count));
            give(&self.shard.items[(bottom - count) as usize..bottom as usize]);
        }
    }

    /// Takes up to half of the items on the stack, at most `most`, or the spare one if there are none, for a thread that is not the
    /// owner: how many.
    pub(super) fn steal(&self, most: u32, loot: &mut Loot<'_, I>) -> u32 {
        let top = self.shard.get(TOP);
        let stacked =
            signed(self.shard.get(PUTS).wrapping_sub(self.shard.get(TAKES)).wrapping_sub(top)).max(0);
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
            let takes = self.shard.header[TAKES].load(Ordering::Acquire);
            let puts = self.shard.header[PUTS].load(Ordering::Acquire);
            signed(puts.wrapping_sub(takes).wrapping_sub(top)).clamp(0, signed(wanted)).unsigned_abs()
        } else {
            0
        };
        for number in 0..count {
            loot.set(number, I::load(self.shard.item(top.wrapping_add(number)), Ordering::Relaxed));
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
        let spare = I::load(self.shard.spare, Ordering::Acquire);
        let got = spare.is_slot() && spare.replace(self.shard.spare, I::SHUT);
        if got {
            spare.store(self.shard.stolen, Ordering::Release);
            loot.set(0, spare);
        }
        u32::from(got)
    }
}
