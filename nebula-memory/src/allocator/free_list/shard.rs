use crate::sync::asymmetric::{cheap_light_fence, try_heavy_fence};
use crate::sync::{AtomicU32, Backoff, Ordering};

/// Free slots at hand of one thread: a stack of items that the owner works on with plain loads and stores, and that
/// others can take from when there is nothing left elsewhere.
///
/// A view of words that are zero at the start, a header and then the items.
///
/// * `owner`: the number of the thread whose shard it is; nobody's if zero. It changes only while no thread has the
///   number that stands there.
/// * `lock`: odd while somebody has it, and always more than before. For everything but the owner's `take` and `put`.
/// * `puts` and `takes`: how many items came on the stack and went, written by the owner alone. Two numbers, because each of them
///   waits for its own last store only, and because one that never goes down tells whether anything has happened. Their
///   difference, the *bottom*, is where the next item goes.
/// * `top`: from where on items are the owner's; those below are a thief's, or gone. Written under the lock.
/// * `spare`: the item that came last, if it is not on the stack: where one is taken for each that comes back, as in most
///   programs most of the time, nothing else is touched. Written by the owner; a thief takes it away.
/// * `came`: how many items the spare one has been, written by the owner.
/// * `watched`: not zero when a thief has been at the spare item, until the owner comes to the lock. `stolen`: the one it got.
///
/// The owner takes an item of the stack by counting it first and looking at `top` after; a thief moves `top` first and looks at
/// what is counted after (the protocol of Cilk-5: Frigo, Leiserson, Randall, 1998, on asymmetric fences). So they cannot both
/// have it: who is late lets it go, the owner by coming to the lock, the thief by moving `top` back. It is the same with the spare
/// item: the owner takes it away first and looks at `watched` after, a thief sets that first. If they meet, the owner comes to the lock
/// with the item, and finds there whether the thief had been faster. For that, no item becomes the spare one while the shard is
/// watched: `stolen` may be its name. No fast path waits for a thief, and no thief for an owner.
#[derive(Clone, Copy)]
pub(super) struct Shard<'a> {
    header: &'a [AtomicU32; HEADER],
    items: &'a [AtomicU32],
    /// The owner keeps no more items than this.
    room: u32,
}

const OWNER: usize = 0;
const LOCK: usize = 1;
const TOP: usize = 2;
const PUTS: usize = 3;
const TAKES: usize = 4;
const SPARE: usize = 5;
const CAME: usize = 6;
const WATCHED: usize = 7;
const STOLEN: usize = 8;
/// So many words come before the items.
pub(super) const HEADER: usize = 9;

/// No item. A shard that is nobody's has zeros instead, which mean nothing.
pub(super) const NONE: u32 = u32::MAX;

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

impl<'a> Shard<'a> {
    /// The shard in these words, of which the owner fills no more than `room` items.
    #[inline(always)]
    pub(super) fn of(words: &'a [AtomicU32], room: usize) -> Option<Self> {
        let (header, items) = words.split_first_chunk()?;
        #[expect(clippy::cast_possible_truncation, reason = "a hundred or so")]
        Some(Self { header, items, room: room.min(items.len()) as u32 })
    }

    #[inline(always)]
    fn get(self, word: usize) -> u32 {
        self.header[word].load(Ordering::Relaxed)
    }

    #[inline(always)]
    fn item(self, at: u32) -> &'a AtomicU32 {
        &self.items[at as usize]
    }

    /// Whether this is the shard of the calling thread, whose number is passed.
    #[inline(always)]
    pub(super) fn is_of(self, thread: u32) -> bool {
        self.get(OWNER) == thread
    }

    /// Takes an item, for the owner.
    ///
    /// # Errors
    /// If there is none, or a thief has been there: `NONE`, or an item to be [reclaimed](Locked::reclaim).
    #[inline(always)]
    pub(super) fn take(self) -> Result<u32, u32> {
        let spare = self.get(SPARE);
        if spare != NONE {
            self.header[SPARE].store(NONE, Ordering::Relaxed);
            cheap_light_fence();
            return if self.get(WATCHED) == 0 { Ok(spare) } else { Err(spare) };
        }
        let takes = self.get(TAKES).wrapping_add(1);
        self.header[TAKES].store(takes, Ordering::Relaxed);
        cheap_light_fence();
        let at = self.get(PUTS).wrapping_sub(takes);
        if signed(at.wrapping_sub(self.get(TOP))) < 0 {
            self.header[TAKES].store(takes.wrapping_sub(1), Ordering::Relaxed);
            return Err(NONE);
        }
        Ok(self.item(at).load(Ordering::Relaxed))
    }

    /// Puts an item there, for the owner: whether it could.
    #[inline(always)]
    pub(super) fn put(self, item: u32) -> bool {
        if self.get(SPARE) == NONE {
            if self.get(WATCHED) != 0 {
                return false;
            }
            self.header[CAME].store(self.get(CAME).wrapping_add(1), Ordering::Relaxed);
            // Release: a thief that finds the item finds what was done with its slot done, and who counts has it counted.
            self.header[SPARE].store(item, Ordering::Release);
            return true;
        }
        let puts = self.get(PUTS);
        let at = puts.wrapping_sub(self.get(TAKES));
        if at >= self.room {
            return false;
        }
        self.item(at).store(item, Ordering::Relaxed);
        // Release: as above.
        self.header[PUTS].store(puts.wrapping_add(1), Ordering::Release);
        true
    }

    /// The number of items, of which the owner's steps since may have changed.
    pub(super) fn look(self) -> Look {
        // Each before the next: whoever sees a number that was written under the lock sees, when it looks again, that there
        // was a lock.
        let owner = self.header[OWNER].load(Ordering::Acquire);
        let lock = self.header[LOCK].load(Ordering::Acquire);
        if owner == NOBODY {
            return Look { items: 0, busy: !lock.is_multiple_of(2), version: lock };
        }
        let came = self.header[CAME].load(Ordering::Acquire);
        let spare = self.header[SPARE].load(Ordering::Acquire);
        let takes = self.header[TAKES].load(Ordering::Acquire);
        let puts = self.header[PUTS].load(Ordering::Acquire);
        let top = self.header[TOP].load(Ordering::Acquire);
        let items = signed(puts.wrapping_sub(takes).wrapping_sub(top)).max(0);
        Look {
            items: items.unsigned_abs() + u32::from(spare != NONE),
            busy: !lock.is_multiple_of(2),
            version: lock.wrapping_add(puts).wrapping_add(came),
        }
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
                    locked.set(SPARE, NONE);
                    locked.set(STOLEN, NONE);
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
    pub(super) fn lock(self) -> Locked<'a> {
        let mut backoff = Backoff::new();
        loop {
            match self.try_lock() {
                Some(locked) => return locked,
                None => backoff.wait(),
            }
        }
    }

    /// Takes the lock if nobody has it.
    pub(super) fn try_lock(self) -> Option<Locked<'a>> {
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
pub(super) struct Loot<'a> {
    first: u32,
    items: &'a [AtomicU32],
}

impl Loot<'_> {
    /// Only the first.
    pub(super) const NONE: Self = Self { first: 0, items: &[] };

    /// The first one.
    pub(super) fn first(&self) -> u32 {
        self.first
    }

    #[inline(always)]
    pub(super) fn set(&mut self, number: u32, item: u32) {
        match number {
            0 => self.first = item,
            _ => self.items[number as usize - 1].store(item, Ordering::Relaxed),
        }
    }
}

/// A shard in which nobody else moves `top`.
pub(super) struct Locked<'a>(Shard<'a>);

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        let lock = &self.0.header[LOCK];
        // Release: the next one to have the lock sees what was done, and so does who looks.
        lock.store(lock.load(Ordering::Relaxed).wrapping_add(1), Ordering::Release);
    }
}

// Stores under the lock are released: see `look`.
impl Locked<'_> {
    fn set(&self, word: usize, value: u32) {
        self.0.header[word].store(value, Ordering::Release);
    }

    /// What the owner came with from `take`, if no thief has been faster. From here on the shard is not watched.
    pub(super) fn reclaim(&self, item: u32) -> Option<u32> {
        let lost = self.0.get(STOLEN) == item;
        self.set(STOLEN, NONE);
        self.set(WATCHED, 0);
        (item != NONE && !lost).then_some(item)
    }

    /// Takes an item, for the owner: no thief is here.
    pub(super) fn take(&self) -> Option<u32> {
        let spare = self.0.get(SPARE);
        if spare != NONE {
            self.set(SPARE, NONE);
            return Some(spare);
        }
        let takes = self.0.get(TAKES).wrapping_add(1);
        let at = self.0.get(PUTS).wrapping_sub(takes);
        if signed(at.wrapping_sub(self.0.get(TOP))) < 0 {
            return None;
        }
        self.set(TAKES, takes);
        Some(self.0.item(at).load(Ordering::Relaxed))
    }

    /// Fills it up to the half, for the owner, when it is empty: `fetch` is given the most that it may get and where to put it. The
    /// first item becomes the result.
    #[inline]
    pub(super) fn refill(&self, fetch: impl FnOnce(u32, &mut Loot<'_>) -> u32) -> Option<u32> {
        let puts = self.0.get(PUTS);
        // First the bottom goes to zero, then the top, so that there is nothing between them at any time.
        self.set(TAKES, puts);
        self.set(TOP, 0);
        let mut loot = Loot { first: 0, items: self.0.items };
        let count = fetch(self.0.room / 2 + 1, &mut loot);
        if count == 0 {
            return None;
        }
        self.set(PUTS, puts.wrapping_add(count - 1));
        Some(loot.first)
    }

    /// Makes room for the owner if there is none: `give` is given half of the items, or none if thieves have made room.
    pub(super) fn spill(&self, give: impl FnOnce(&[AtomicU32])) {
        let takes = self.0.get(TAKES);
        let bottom = self.0.get(PUTS).wrapping_sub(takes);
        let top = self.0.get(TOP);
        if bottom < self.0.room {
            return;
        }
        let half = self.0.room.div_ceil(2);
        if top >= half {
            // Thieves have been here: move up to where they have taken from.
            for at in top..bottom {
                self.0.item(at - top).store(self.0.item(at).load(Ordering::Relaxed), Ordering::Relaxed);
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
    pub(super) fn steal(&self, most: u32, loot: &mut Loot<'_>) -> u32 {
        let top = self.0.get(TOP);
        let stacked = signed(self.0.get(PUTS).wrapping_sub(self.0.get(TAKES)).wrapping_sub(top)).max(0);
        match stacked.unsigned_abs().div_ceil(2).min(most) {
            0 => self.steal_spare(loot),
            wanted => self.steal_stacked(top, wanted, loot),
        }
    }

    fn steal_stacked(&self, top: u32, wanted: u32, loot: &mut Loot<'_>) -> u32 {
        self.set(TOP, top.wrapping_add(wanted));
        // From here on the owner takes nothing below the new top. What it has taken before shows in `takes`; items that it
        // puts there now may be had as well. `takes` is read first: what it takes in between is above.
        let count = if try_heavy_fence() {
            let takes = self.0.header[TAKES].load(Ordering::Acquire);
            let puts = self.0.header[PUTS].load(Ordering::Acquire);
            signed(puts.wrapping_sub(takes).wrapping_sub(top)).clamp(0, signed(wanted)).unsigned_abs()
        } else {
            0
        };
        for number in 0..count {
            loot.set(number, self.0.item(top.wrapping_add(number)).load(Ordering::Relaxed));
        }
        self.set(TOP, top.wrapping_add(count));
        count
    }

    fn steal_spare(&self, loot: &mut Loot<'_>) -> u32 {
        self.set(WATCHED, 1);
        if !try_heavy_fence() {
            return 0;
        }
        // From here on the owner does not take the spare item without coming to the lock. If it has taken it away before, it is not
        // there.
        let spare = self.0.header[SPARE].load(Ordering::Acquire);
        let got = spare != NONE
            && self.0.header[SPARE]
                .compare_exchange(spare, NONE, Ordering::AcqRel, Ordering::Relaxed)
                .is_ok();
        if got {
            self.set(STOLEN, spare);
            loot.set(0, spare);
        }
        u32::from(got)
    }
}
