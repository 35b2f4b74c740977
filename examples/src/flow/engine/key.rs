//! Values as keys: bytes that are equal exactly when the values are.

use super::Scalar;

/// Appends the bytes of `value` to `key`. A float that is a whole number gives the bytes of the integer.
#[inline]
pub(crate) fn encode(key: &mut Vec<u8>, value: Scalar<'_>) {
    match value {
        Scalar::Missing => key.push(0),
        Scalar::Truth(value) => key.push(1 + u8::from(value)),
        Scalar::Int(value) => encode_int(key, value),
        Scalar::Float(value) => {
            #[expect(clippy::cast_possible_truncation, reason = "compared with the original below")]
            let whole = value as i64;
            #[expect(
                clippy::cast_precision_loss,
                clippy::float_cmp,
                reason = "asks whether it is exactly whole"
            )]
            if whole as f64 == value && value.abs() < 9.0e18 {
                encode_int(key, whole);
            } else {
                key.push(4);
                key.extend_from_slice(&value.to_bits().to_le_bytes());
            }
        }
        Scalar::Text(text) => {
            key.push(5);
            key.extend_from_slice(text.as_bytes());
            key.push(0xFF); // in no text: keeps ("ab", "c") and ("a", "bc") apart
        }
    }
}

#[inline]
fn encode_int(key: &mut Vec<u8>, value: i64) {
    key.push(3);
    key.extend_from_slice(&value.to_le_bytes());
}
