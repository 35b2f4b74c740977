use super::{Id, Linked, Links};

/// A node that knows which of a few lists its entry is in.
pub(crate) trait Tag: Linked + Copy + Default {
    /// Which one, less than 4. A new node says 3.
    fn tag(&self) -> u8;

    /// Sets that.
    fn set_tag(&mut self, tag: u8);

    /// Sets the links as well.
    #[inline(always)]
    fn write_tagged(&mut self, links: Links, tag: u8) {
        self.set_tag(tag);
        self.write(links);
    }
}

/// Links whose lowest bits are a tag, so that a node takes 8 bytes. Ids are less than 2³⁰ here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tagged(Links);

impl Tag for Tagged {
    #[inline(always)]
    fn tag(&self) -> u8 {
        u8::from(self.0.prev & 1 != 0) | (u8::from(self.0.next & 1 != 0) << 1)
    }

    #[inline(always)]
    fn set_tag(&mut self, tag: u8) {
        self.0.prev = self.0.prev & !1 | u32::from(tag & 1);
        self.0.next = self.0.next & !1 | u32::from(tag >> 1 & 1);
    }

    #[inline(always)]
    fn write_tagged(&mut self, links: Links, tag: u8) {
        self.0.prev = links.prev << 1 | u32::from(tag & 1);
        self.0.next = links.next << 1 | u32::from(tag >> 1 & 1);
    }
}

/// Without the bit of the tag. The uppermost bit comes again, as those of no id are all set.
#[inline(always)]
fn strip(link: u32) -> Id {
    (link.cast_signed() >> 1).cast_unsigned()
}

impl Linked for Tagged {
    #[inline(always)]
    fn read(&self) -> Links {
        Links { prev: strip(self.0.prev), next: strip(self.0.next) }
    }

    #[inline(always)]
    fn write(&mut self, links: Links) {
        self.set_prev(links.prev);
        self.set_next(links.next);
    }

    #[inline(always)]
    fn set_prev(&mut self, id: Id) {
        self.0.prev = self.0.prev & 1 | id << 1;
    }

    #[inline(always)]
    fn set_next(&mut self, id: Id) {
        self.0.next = self.0.next & 1 | id << 1;
    }
}
