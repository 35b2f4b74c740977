//! Groups of fifteen places of a hash table, told apart by a byte each.
//!
//! A look-up compares all of them at once, in sixteen bytes, and goes to the entries themselves only where the byte, the *tag*,
//! is that of its hash: for 1 entry in 255 for nothing. The sixteenth byte counts the entries that belong into the group but had
//! to go to one behind it because it was full. So removing needs no tombstones, and a table never gets slower by its history.
//!
//! | what could break | what prevents it |
//! | --- | --- |
//! | an instruction that the processor lacks | SSE2 is part of `x86_64`; other targets get the portable twin, as does Miri |

/// The places of a group.
#[cfg(any(feature = "std", test))]
pub(crate) const PLACES: usize = 15;

/// The tag of a place with nothing in it. No hash has it.
pub(crate) const FREE: u8 = 0;

/// A counter that has come this far stays there, as it has lost count.
#[cfg(feature = "std")]
pub(crate) const STICKY: u8 = u8::MAX;

/// A hash, so that its upper bits depend on all lower ones: hashers differ in which bits they do well, and some do none.
#[cfg(feature = "std")]
#[inline(always)]
pub(crate) fn spread(hash: u64) -> u64 {
    (hash ^ (hash >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The half of a hash that a table works with: its upper bits depend on all of the hash below them, so that hashers do that leave
/// the upper bits of small numbers alone.
#[inline(always)]
pub(crate) fn half(hash: u64) -> u32 {
    (hash.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

/// The group that a half belongs into: by its upper bits.
#[inline(always)]
pub(crate) fn home(half: u32, groups: u32) -> u32 {
    ((u64::from(half) * u64::from(groups)) >> 32) as u32
}

/// The tag of a half: by its lower bits, which have no say in the group.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the lower bits are meant")]
pub(crate) fn tag(half: u32) -> u8 {
    (half as u8).max(1)
}

/// So many groups have room for so many entries, if a hundred groups are to have no more than `most` of them.
pub(crate) fn groups_for(room: usize, most: usize) -> usize {
    // A hundred times the room may be more than a word of 32 bits can say.
    room / most * 100 + (room % most * 100).div_ceil(most)
}

/// For so many entries there is room in these groups.
#[cfg(any(feature = "std", test))]
pub(crate) fn room_of(groups: usize, most: usize) -> usize {
    groups / 100 * most + groups % 100 * most / 100
}

/// The groups in which an entry may be, in the order in which they are tried.
///
/// What does not fit into a group goes to one at a distance of its own: groups next to each other would fill each other up. After
/// some tries it goes through all of them, so that a free place is found if there is one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    /// The group to try now.
    pub(crate) group: usize,
    distance: usize,
    groups: usize,
    /// How many were tried.
    tried: usize,
}

/// So many groups are tried at a distance.
const FAR: usize = 16;

impl Probe {
    /// From the home of a half on.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "no table has more groups than there are ids")]
    pub(crate) fn new(half: u32, groups: usize) -> Self {
        let distance = usize::from(tag(half)) * 2 + 1;
        Self { group: home(half, groups as u32) as usize, distance, groups, tried: 0 }
    }

    /// On to the next group; `false` if all were tried.
    #[inline(always)]
    pub(crate) fn advance(&mut self) -> bool {
        self.tried += 1;
        // Not the same group again, however few there are. Where there are many, no division is needed to see that.
        let others = (self.groups - 1).max(1);
        let far = 1 + if self.distance < others { self.distance } else { self.distance % others };
        let next = self.group + if self.tried < FAR { far } else { 1 };
        self.group = if next < self.groups { next } else { next % self.groups };
        self.tried < FAR + self.groups
    }
}

/// The tags of a group and its counter, as they were at one moment.
#[cfg(any(feature = "std", test))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(16))]
pub(crate) struct Tags(pub(crate) [u8; PLACES + 1]);

#[cfg(any(feature = "std", test))]
impl Tags {
    /// Out of two words, the first places in the lower bytes of the first.
    #[inline(always)]
    pub(crate) fn from_words(words: [u64; 2]) -> Self {
        let both = u128::from(words[0]) | u128::from(words[1]) << 64;
        Self(both.to_le_bytes())
    }

    /// How many entries of this group are in others.
    #[inline(always)]
    pub(crate) fn overflow(self) -> u8 {
        self.0[PLACES]
    }

    /// The places with this tag; [`FREE`] for those with nothing in them.
    #[inline(always)]
    pub(crate) fn matching(self, tag: u8) -> Matches {
        Matches(equal(self.0, tag) & ((1 << PLACES) - 1))
    }
}

/// Places of a group.
#[cfg(any(feature = "std", test))]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Matches(u32);

#[cfg(any(feature = "std", test))]
impl Matches {
    /// The first.
    #[inline(always)]
    pub(crate) fn first(&self) -> Option<usize> {
        (self.0 != 0).then_some(self.0.trailing_zeros() as usize)
    }
}

#[cfg(any(feature = "std", test))]
impl Iterator for Matches {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        let first = self.first()?;
        self.0 &= self.0 - 1;
        Some(first)
    }
}

/// A bit for each byte that is the tag.
#[cfg(all(target_arch = "x86_64", not(miri)))]
#[inline(always)]
pub(crate) fn equal(bytes: [u8; 16], tag: u8) -> u32 {
    use core::arch::x86_64::{__m128i, _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_set1_epi32};

    // SAFETY: sixteen bytes are sixteen bytes, and any are valid for the vector.
    let bytes = unsafe { core::mem::transmute::<[u8; 16], __m128i>(bytes) };
    // SAFETY: SSE2 is part of x86_64.
    let tags = unsafe { _mm_set1_epi32((u32::from(tag) * 0x0101_0101).cast_signed()) };
    // SAFETY: as above.
    let equal = unsafe { _mm_cmpeq_epi8(bytes, tags) };
    // SAFETY: as above.
    unsafe { _mm_movemask_epi8(equal) }.cast_unsigned()
}

#[cfg(any(not(target_arch = "x86_64"), miri))]
#[inline(always)]
pub(crate) fn equal(bytes: [u8; 16], tag: u8) -> u32 {
    portable(bytes, tag)
}

/// A bit for each byte that is the tag.
#[cfg(any(not(target_arch = "x86_64"), miri, test))]
#[inline(always)]
fn portable(bytes: [u8; 16], tag: u8) -> u32 {
    const LOW: u64 = u64::from_le_bytes([0x7F; 8]);
    let both = u128::from_le_bytes(bytes);
    let of = |word: u64| {
        // Zero where the tag is. The sum carries from no byte into the next, so that the answer is exact.
        let other = word ^ (u64::from(tag) * u64::from_le_bytes([1; 8]));
        let zero = !(((other & LOW) + LOW) | other | LOW);
        // The highest bit of each byte, gathered in the uppermost byte.
        (((zero >> 7).wrapping_mul(0x0102_0408_1020_4080)) >> 56) as u32
    };
    #[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
    let first = of(both as u64);
    let second = of((both >> 64) as u64);
    first | second << 8
}

#[cfg(test)]
mod tests {
    use super::{FREE, PLACES, Probe, Tags, equal, groups_for, half, home, portable, room_of, tag};

    #[test]
    fn both_kernels_find_exactly_the_tag() {
        let mut seed = 7_u64;
        for round in 0..2_000 {
            let bytes: [u8; 16] = core::array::from_fn(|_| {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                let byte = seed.to_le_bytes()[4];
                if round % 2 == 0 { byte } else { byte % 3 }
            });
            for tag in [0, 1, 2, 127, 128, 129, 255, bytes[3]] {
                let slow = (0..16).filter(|&at| bytes[at] == tag).fold(0, |all, at| all | 1 << at);
                assert_eq!(portable(bytes, tag), slow);
                assert_eq!(equal(bytes, tag), slow);
            }
        }
    }

    #[test]
    fn the_counter_is_no_place() {
        let mut tags = Tags([FREE; PLACES + 1]);
        assert_eq!(tags.matching(FREE).count(), PLACES);
        tags.0[PLACES] = 9;
        assert_eq!(tags.matching(9).first(), None);
        assert_eq!(tags.overflow(), 9);
        tags.0[14] = 9;
        tags.0[2] = 9;
        assert!(tags.matching(9).eq([2, 14]));
    }

    #[test]
    fn words_have_the_first_places_in_their_lower_bytes() {
        let tags = Tags::from_words([0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908]);
        assert!(tags.0.iter().copied().eq(0..16));
    }

    #[test]
    fn groups_have_the_room_that_is_asked_for() {
        let large = [989, 990, 991, 99_000, 42_949_673, 1 << 30, u32::MAX as usize];
        for room in (0..2000).chain(large) {
            for most in [990, 1050] {
                let groups = groups_for(room, most);
                assert_eq!(groups as u64, (room as u64 * 100).div_ceil(most as u64));
                assert_eq!(room_of(groups, most) as u64, groups as u64 * most as u64 / 100);
                assert!(room_of(groups, most) >= room);
            }
        }
    }

    #[test]
    fn all_groups_are_tried() {
        for groups in 1..70 {
            for half in [0, 1, 0x8000_0000, u32::MAX, 0x1234_5678] {
                let mut seen = [false; 70];
                let mut probe = Probe::new(half, groups);
                loop {
                    seen[probe.group] = true;
                    if !probe.advance() {
                        break;
                    }
                }
                assert!(seen[..groups].iter().all(|&seen| seen), "{groups}");
            }
        }
    }

    #[test]
    fn no_hash_means_nothing_and_keys_in_a_row_spread() {
        let mut groups = [0_u32; 64];
        for key in 0..6400_u64 {
            assert_ne!(tag(half(key)), FREE);
            groups[home(half(key), 64) as usize] += 1;
        }
        assert!(groups.iter().all(|&of| (50..200).contains(&of)), "{groups:?}");
    }
}
