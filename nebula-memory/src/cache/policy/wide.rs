use super::{Linked, Links, Tag};

/// A node for whichever expert is in charge.
#[derive(Clone, Copy, Debug)]
pub struct Wide {
    pub(super) links: Links,
    /// Upper two bits: the tag. The others: when it was used last.
    pub(super) state: u32,
}

impl Default for Wide {
    fn default() -> Self {
        Self { links: Links::default(), state: u32::MAX }
    }
}

/// Bits of the state that are not the tag.
const REST: u32 = u32::MAX >> 2;

impl Wide {
    /// When it was used last.
    #[inline(always)]
    pub(super) fn rest(&self) -> u32 {
        self.state & REST
    }

    /// Sets that, of which the lower 30 bits count.
    #[inline(always)]
    pub(super) fn set_rest(&mut self, rest: u32) {
        self.state = self.state & !REST | rest & REST;
    }
}

impl Linked for Wide {
    #[inline(always)]
    fn links(&mut self) -> &mut Links {
        &mut self.links
    }
}

impl Tag for Wide {
    #[inline(always)]
    fn tag(&self) -> u8 {
        (self.state >> 30) as u8
    }

    #[inline(always)]
    fn set_tag(&mut self, tag: u8) {
        self.state = self.rest() | u32::from(tag) << 30;
    }
}

/// How long ago a time is, which counts around in as many bits as a rest has.
#[inline(always)]
pub(super) fn age(time: u32, now: u32) -> u32 {
    now.wrapping_sub(time) & REST
}
