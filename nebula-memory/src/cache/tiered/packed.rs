use std::sync::Arc;
use std::vec;
use std::vec::Vec;

use lz4_flex::block;

use super::{Codec, CodecError};

/// How the bytes are kept, how many they were, and what sums them up.
const HEADER: usize = 1 + 4 + 4;

/// The bytes as they were.
const RAW: u8 = 0;

/// A block of LZ4.
const LZ4: u8 = 1;

/// As many times longer than its block can no text be that LZ4 has compressed.
const EXPANSION: usize = 255;

/// Below this compressing is not tried: there is nothing to be had.
const SMALL: usize = 32;

/// A value as bytes: compressed if that saves an eighth at least, as they are if not.
///
/// They carry a sum, so that what has been changed in whatever way is not taken for a value (but for one change in four
/// thousand million).
#[derive(Clone, Debug)]
pub(super) struct Packed(Arc<[u8]>);

/// What is wrong with bytes that are no [`Packed`] value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// They are too few, or kept in a way that is unknown.
    Form,
    /// They are not what they were.
    Sum,
}

impl core::fmt::Display for Damage {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Form => "these bytes are no packed value",
            Self::Sum => "these bytes have changed since they were packed",
        })
    }
}

impl core::error::Error for Damage {}

impl Packed {
    /// Encodes and compresses a value.
    ///
    /// # Errors
    ///
    /// Those of the codec; more bytes than 4 GiB are one as well.
    pub(super) fn pack<V>(codec: &impl Codec<V>, value: &V) -> Result<Self, CodecError> {
        let mut raw = Vec::new();
        codec.encode(value, &mut raw)?;
        let length = u32::try_from(raw.len()).map_err(|_| "the value has more than 4 GiB")?;

        if raw.len() >= SMALL {
            let mut bytes = vec![0; HEADER + block::get_maximum_output_size(raw.len())];
            // There is as much room as it can take, so that this cannot fail.
            let taken = block::compress_into(&raw, &mut bytes[HEADER..])?;
            if taken <= raw.len() - raw.len() / 8 {
                bytes.truncate(HEADER + taken);
                return Ok(Self::seal(bytes, LZ4, length));
            }
        }
        raw.splice(0..0, [0; HEADER]);
        Ok(Self::seal(raw, RAW, length))
    }

    /// Writes the header in front of what is kept.
    fn seal(mut bytes: Vec<u8>, method: u8, length: u32) -> Self {
        let sum = sum(method, length, &bytes[HEADER..]);
        bytes[0] = method;
        bytes[1..5].copy_from_slice(&length.to_le_bytes());
        bytes[5..HEADER].copy_from_slice(&sum.to_le_bytes());
        Self(bytes.into())
    }

    /// Makes the value again.
    ///
    /// # Errors
    ///
    /// The bytes are not what they were, or those of the codec.
    pub(super) fn unpack<V>(&self, codec: &impl Codec<V>) -> Result<V, CodecError> {
        let (&method, rest) = self.0.split_first().ok_or(Damage::Form)?;
        let (&length, rest) = rest.split_first_chunk().ok_or(Damage::Form)?;
        let (&summed, kept) = rest.split_first_chunk().ok_or(Damage::Form)?;
        let length = u32::from_le_bytes(length);
        if sum(method, length, kept) != u32::from_le_bytes(summed) {
            return Err(Damage::Sum.into());
        }

        let length = length as usize;
        match method {
            RAW if kept.len() == length => codec.decode(kept),
            // Before memory is asked for it: a header that lies must not cost a gigabyte.
            LZ4 if length / EXPANSION <= kept.len() => {
                let mut raw = vec![0; length];
                if block::decompress_into(kept, &mut raw)? != length {
                    return Err(Damage::Form.into());
                }
                codec.decode(&raw)
            }
            _ => Err(Damage::Form.into()),
        }
    }

    /// Whether both are the same bytes in the same place.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// How many bytes it takes, the header among them.
    pub(super) fn size(&self) -> usize {
        self.0.len()
    }
}

/// A sum in which each bit of what is summed up has a say.
fn sum(method: u8, length: u32, kept: &[u8]) -> u32 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |sum: u64, word: u64| ((sum ^ word).wrapping_mul(ODD)).rotate_left(29);
    let (words, rest) = kept.as_chunks::<8>();
    let first = mix(u64::from(method), u64::from(length));
    let sum = words.iter().fold(first, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let sum = mix(sum, u64::from_le_bytes(last));
    (mix(sum, kept.len() as u64) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use std::string::ToString;
    use std::vec::Vec;

    use std::sync::Arc;

    use super::{Damage, HEADER, Packed, RAW};
    use crate::cache::tiered::Raw;

    fn noise(bytes: usize) -> Vec<u8> {
        let mut seed = 7_u64;
        let step = |_| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed.to_le_bytes()[4]
        };
        (0..bytes).map(step).collect()
    }

    #[test]
    fn what_goes_in_comes_out() {
        for length in [0, 1, 7, 8, 31, 32, 33, 100, 4096, if cfg!(miri) { 5_000 } else { 70_000 }] {
            for value in [std::vec![b'x'; length], noise(length)] {
                let packed = Packed::pack(&Raw, &value).unwrap();
                assert!(packed.size() <= HEADER + length);
                let out: Vec<u8> = packed.unpack(&Raw).unwrap();
                assert_eq!(out, value);
            }
        }
    }

    #[test]
    fn what_cannot_be_compressed_stays_as_it_is() {
        let packed = Packed::pack(&Raw, &noise(4096)).unwrap();
        assert_eq!((packed.0[0], packed.size()), (RAW, HEADER + 4096));
        assert!(Packed::pack(&Raw, &std::vec![1_u8; 4096]).unwrap().size() < 64);
    }

    #[test]
    fn no_changed_bit_gets_through() {
        let text = b"the same words, and the same words, and the same words again".repeat(3);
        for value in [text, noise(100)] {
            let packed = Packed::pack(&Raw, &value).unwrap();
            for bit in 0..packed.size() * 8 {
                let mut changed = packed.clone();
                Arc::make_mut(&mut changed.0)[bit / 8] ^= 1 << (bit % 8);
                let error = changed.unpack::<Vec<u8>>(&Raw).unwrap_err();
                assert_eq!(error.downcast_ref(), Some(&Damage::Sum), "bit {bit}");
            }
            for length in 0..packed.size() {
                let cut = Packed(packed.0[..length].into());
                assert!(cut.unpack::<Vec<u8>>(&Raw).is_err(), "{length} bytes");
            }
        }
    }

    #[test]
    fn a_header_that_lies_costs_no_memory() {
        let lying = Packed::seal(std::vec![0; HEADER + 20], super::LZ4, u32::MAX);
        assert_eq!(lying.unpack::<Vec<u8>>(&Raw).unwrap_err().downcast_ref(), Some(&Damage::Form));
        let unknown = Packed::seal(std::vec![0; HEADER + 20], 9, 20);
        assert_eq!(unknown.unpack::<Vec<u8>>(&Raw).unwrap_err().downcast_ref(), Some(&Damage::Form));
        for length in [3_000, 20, 0] {
            let short = Packed::seal(noise(HEADER + 20), super::LZ4, length);
            assert!(short.unpack::<Vec<u8>>(&Raw).is_err());
        }
    }

    #[test]
    fn text_that_is_no_text_is_an_error() {
        let packed = Packed::pack(&Raw, &std::vec![0xFF_u8; 3]).unwrap();
        let error = packed.unpack::<std::string::String>(&Raw).unwrap_err();
        assert!(error.to_string().contains("utf-8"));
    }
}
