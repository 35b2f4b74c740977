/// A hash of bytes: FNV-1a, stirred at the end, because the low bits choose the slot.
#[derive(Clone, Copy)]
pub(super) struct Hash(u64);

impl Hash {
    pub(super) const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(super) fn text(mut self, text: &str) -> Self {
        for &byte in text.as_bytes() {
            self = self.number(u64::from(byte));
        }
        self.number(0xff)
    }

    pub(super) const fn number(self, number: u64) -> Self {
        Self((self.0 ^ number).wrapping_mul(0x0000_0100_0000_01b3))
    }

    pub(super) const fn finish(self) -> u64 {
        let stirred = (self.0 ^ self.0 >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        stirred ^ stirred >> 29
    }
}
