//! Words to copy: of real text, because their lengths are what a copy costs.

/// The address at Gettysburg, 1863.
const ADDRESS: &str = "\
Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived in Liberty, and \
dedicated to the proposition that all men are created equal. Now we are engaged in a great civil war, testing whether \
that nation, or any nation so conceived and so dedicated, can long endure. We are met on a great battle-field of that \
war. We have come to dedicate a portion of that field, as a final resting place for those who here gave their lives \
that that nation might live. It is altogether fitting and proper that we should do this. But, in a larger sense, we \
can not dedicate -- we can not consecrate -- we can not hallow -- this ground. The brave men, living and dead, who \
struggled here, have consecrated it, far above our poor power to add or detract. The world will little note, nor long \
remember what we say here, but it can never forget what they did here. It is for us the living, rather, to be \
dedicated here to the unfinished work which they who fought here have thus far so nobly advanced. It is rather for us \
to be here dedicated to the great task remaining before us -- that from these honored dead we take increased devotion \
to that cause for which they gave the last full measure of devotion -- that we here highly resolve that these dead \
shall not have died in vain -- that this nation, under God, shall have a new birth of freedom -- and that government \
of the people, by the people, for the people, shall not perish from the earth.";

/// How many [`words`] there are.
pub const WORDS: usize = 4096;

/// The words of the text, again and again.
pub fn words() -> Box<[&'static str; WORDS]> {
    let words: Box<[_]> = ADDRESS.split(' ').cycle().take(WORDS).collect();
    words.try_into().unwrap_or_else(|_| unreachable!("the text is not empty"))
}

/// Numbers that are the same in every run (a linear congruential generator with Knuth's constants for 64 bits, MMIX).
///
/// The cheapest that no branch predictor learns: drawing is part of what is measured, for everybody.
#[derive(Clone, Copy, Debug)]
pub struct Random(u64);

impl Random {
    /// From the start.
    #[expect(clippy::new_without_default, reason = "a sequence, not a value")]
    pub const fn new() -> Self {
        Self(0x9E37_79B9_7F4A_7C15)
    }

    /// The next number, below a bound that is a power of two, of at most 24 bits.
    #[inline(always)]
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as usize & (bound - 1)
    }
}
