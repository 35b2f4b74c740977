use super::{Id, Linked, Links, Tag, Tagged};

/// A node for whichever expert is in charge.
///
/// As its fields are at even addresses and nothing more, it takes 10 bytes: with what caches have beside it, an entry takes no more
/// than one with links alone, which are of 8.
#[derive(Clone, Copy, Debug, Default)]
#[repr(Rust, packed(2))]
pub struct Wide {
    links: Tagged,
    /// When it was used last, and in the uppermost bit the side it is on.
    time: u16,
}

const _: () = assert!(size_of::<Wide>() == 10, "entries are larger than they need to be");

/// Two sides: of those that experts have, and of those that have been left to them, either can be on either.
const SIDE: u16 = 1 << 15;

impl Wide {
    /// When it was used last, with its side.
    #[inline(always)]
    pub(super) fn time(&self) -> u16 {
        self.time
    }

    /// Sets both.
    #[inline(always)]
    pub(super) fn set_time(&mut self, time: u16) {
        self.time = time;
    }

    #[inline(always)]
    fn change(&mut self, change: impl FnOnce(&mut Tagged)) {
        let mut links = self.links;
        change(&mut links);
        self.links = links;
    }
}

impl Linked for Wide {
    #[inline(always)]
    fn read(&self) -> Links {
        let links = self.links;
        links.read()
    }

    #[inline(always)]
    fn write(&mut self, links: Links) {
        self.change(|own| own.write(links));
    }

    #[inline(always)]
    fn set_prev(&mut self, id: Id) {
        self.change(|links| links.set_prev(id));
    }

    #[inline(always)]
    fn set_next(&mut self, id: Id) {
        self.change(|links| links.set_next(id));
    }
}

impl Tag for Wide {
    #[inline(always)]
    fn tag(&self) -> u8 {
        let links = self.links;
        links.tag()
    }

    #[inline(always)]
    fn set_tag(&mut self, tag: u8) {
        self.change(|links| links.set_tag(tag));
    }

    #[inline(always)]
    fn write_tagged(&mut self, links: Links, tag: u8) {
        self.change(|own| own.write_tagged(links, tag));
    }
}

/// How long ago a time is, which counts around, on whichever side.
#[inline(always)]
pub(super) fn age(time: u16, now: u16) -> u16 {
    now.wrapping_sub(time) & !SIDE
}

/// The time after that, on the same side.
#[inline(always)]
pub(super) fn after(time: u16) -> u16 {
    time & SIDE | time.wrapping_add(1) & !SIDE
}

/// The same time on the other side.
#[inline(always)]
pub(super) fn across(time: u16) -> u16 {
    time ^ SIDE
}

/// Whether both are on the same side.
#[inline(always)]
pub(super) fn is_beside(one: u16, other: u16) -> bool {
    (one ^ other) & SIDE == 0
}
