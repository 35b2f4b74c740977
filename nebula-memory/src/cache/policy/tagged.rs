use super::{Id, Linked, Links, nodes::NONE};

/// A node that knows which of a few lists its entry is in.
pub(crate) trait Tag: Linked + Copy + Default {
    /// Which one, less than 4. A new node says 3.
    fn tag(&self) -> u8;

    /// Sets that.
    fn set_tag(&mut self, tag: u8);
}

/// Links whose upper bits are a tag, so that a node takes 8 bytes. Ids are less than 2³¹ - 1 here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tagged(Links);

const BIT: u32 = 1 << 31;

impl Tag for Tagged {
    #[inline(always)]
    fn tag(&self) -> u8 {
        (self.0.prev >> 31) as u8 | (self.0.next >> 30) as u8 & 2
    }

    #[inline(always)]
    fn set_tag(&mut self, tag: u8) {
        self.0.prev = self.0.prev & !BIT | u32::from(tag & 1) << 31;
        self.0.next = self.0.next & !BIT | u32::from(tag >> 1) << 31;
    }
}

/// Without the bit of the tag.
#[inline(always)]
fn strip(link: u32) -> Id {
    let id = link & !BIT;
    if id == NONE & !BIT { NONE } else { id }
}

impl Linked for Tagged {
    #[inline(always)]
    fn links(&mut self) -> &mut Links {
        &mut self.0
    }

    #[inline(always)]
    fn read(&mut self) -> Links {
        Links { prev: strip(self.0.prev), next: strip(self.0.next) }
    }

    #[inline(always)]
    fn write(&mut self, links: Links) {
        self.set_prev(links.prev);
        self.set_next(links.next);
    }

    #[inline(always)]
    fn set_prev(&mut self, id: Id) {
        self.0.prev = self.0.prev & BIT | id & !BIT;
    }

    #[inline(always)]
    fn set_next(&mut self, id: Id) {
        self.0.next = self.0.next & BIT | id & !BIT;
    }
}
