use super::item::Item;
use super::locked::Locked;
use crate::sync::asymmetric::light_fence;
use crate::sync::{AtomicU32, Backoff, Ordering};

/// Free slots at hand of one thread: a stack of items that the owner works on with plain loads and stores, and that
/// others can take from when there is nothing left elsewhere.
///
/// A view of memory that is zero at the start: the words of the header, the spare item and the one that was stolen, and then the
/// items of the stack.
///
/// * `owner`: the number of the thread whose shard it is; nobody's if zero. It changes only while no thread has the
///   number that stands there.
/// * `lock`: odd while somebody has it, and more than before if an item has come or gone. For everything but the owner's `take` and `put`.
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
    pub(super) header: &'a [AtomicU32; HEADER],
    pub(super) spare: &'a I::Cell,
    pub(super) stolen: &'a I::Cell,
    pub(super) items: &'a [I::Cell],
}

#[expect(clippy::expl_impl_clone_on_copy, reason = "a derive would ask it of the cells as well")]
impl<I: Item> Clone for Shard<'_, I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I: Item> Copy for Shard<'_, I> {}

const OWNER: usize = 0;
pub(super) const LOCK: usize = 1;
pub(super) const TOP: usize = 2;
pub(super) const PUTS: usize = 3;
pub(super) const TAKES: usize = 4;
pub(super) const WATCHED: usize = 5;
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
pub(super) const fn signed(difference: u32) -> i32 {
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
    pub(super) fn get(self, word: usize) -> u32 {
        self.header[word].load(Ordering::Relaxed)
    }

    #[inline(always)]
    pub(super) fn spare(self) -> I {
        I::load(self.spare, Ordering::Relaxed)
    }

    /// Release: a thief that finds the item finds what was done with its slot done, and who finds none here finds those elsewhere that
    /// came there before.
    #[inline(always)]
    pub(super) fn set_spare(self, item: I) {
        #[cfg(not(loom))]
        item.store(self.spare, Ordering::Release);
        #[cfg(loom)]
        item.swap(self.spare, Ordering::Release);
    }

    #[inline(always)]
    pub(super) fn item(self, at: u32) -> &'a I::Cell {
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
    /// If there is none: `NONE`. If a thief has been there: an item to be [reclaimed](super::locked::Locked::reclaim).
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
    pub(super) fn stack(self, item: I, room: u32) -> bool {
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
        free.then(|| Locked::new(self))
    }
}
