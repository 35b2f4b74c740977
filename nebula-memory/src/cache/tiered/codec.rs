use std::borrow::ToOwned;
use std::boxed::Box;
use std::string::String;
use std::sync::Arc;
use std::vec::Vec;

/// Why a value could not become bytes, or bytes are no value: whatever error the codec has.
pub type CodecError = Box<dyn core::error::Error + Send + Sync>;

/// How a value becomes bytes, and is made of them again.
///
/// What was encoded is to be decoded to a value that is as good. A codec that fails or panics costs the entry, and nothing else.
///
/// ```
/// use nebula_memory::cache::{Codec, CodecError};
///
/// #[derive(Debug, PartialEq)]
/// struct Point(i32, i32);
///
/// struct Pairs;
///
/// impl Codec<Point> for Pairs {
///     fn encode(&self, value: &Point, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
///         bytes.extend(value.0.to_le_bytes());
///         bytes.extend(value.1.to_le_bytes());
///         Ok(())
///     }
///
///     fn decode(&self, bytes: &[u8]) -> Result<Point, CodecError> {
///         let (x, y) = bytes.split_first_chunk().ok_or("too short")?;
///         Ok(Point(i32::from_le_bytes(*x), i32::from_le_bytes(y.try_into()?)))
///     }
/// }
///
/// let mut bytes = Vec::new();
/// Pairs.encode(&Point(3, -4), &mut bytes)?;
/// assert_eq!(Pairs.decode(&bytes)?, Point(3, -4));
/// # Ok::<(), CodecError>(())
/// ```
pub trait Codec<V> {
    /// Appends the bytes of the value.
    ///
    /// # Errors
    ///
    /// Those of the codec. What was appended by then is thrown away.
    fn encode(&self, value: &V, bytes: &mut Vec<u8>) -> Result<(), CodecError>;

    /// The value that has these bytes.
    ///
    /// # Errors
    ///
    /// Those of the codec: the bytes are those of no value.
    fn decode(&self, bytes: &[u8]) -> Result<V, CodecError>;
}

/// Values that are bytes or text already.
#[derive(Clone, Copy, Debug, Default)]
pub struct Raw;

macro_rules! raw {
    ($($type:ty: |$value:ident| $bytes:expr, |$raw:ident| $made:expr;)*) => {$(
        impl Codec<$type> for Raw {
            fn encode(&self, $value: &$type, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
                bytes.extend_from_slice($bytes);
                Ok(())
            }

            fn decode(&self, $raw: &[u8]) -> Result<$type, CodecError> {
                Ok($made)
            }
        }
    )*};
}

raw! {
    Vec<u8>: |value| value, |bytes| bytes.to_vec();
    Box<[u8]>: |value| value, |bytes| bytes.into();
    Arc<[u8]>: |value| value, |bytes| bytes.into();
    String: |value| value.as_bytes(), |bytes| core::str::from_utf8(bytes)?.to_owned();
    Box<str>: |value| value.as_bytes(), |bytes| core::str::from_utf8(bytes)?.into();
    Arc<str>: |value| value.as_bytes(), |bytes| core::str::from_utf8(bytes)?.into();
}

/// Values that `serde` can write and read, as JSON.
#[cfg(feature = "json")]
#[derive(Clone, Copy, Debug, Default)]
pub struct Json;

#[cfg(feature = "json")]
impl<V: serde::Serialize + serde::de::DeserializeOwned> Codec<V> for Json {
    fn encode(&self, value: &V, bytes: &mut Vec<u8>) -> Result<(), CodecError> {
        Ok(serde_json::to_writer(bytes, value)?)
    }

    fn decode(&self, bytes: &[u8]) -> Result<V, CodecError> {
        Ok(serde_json::from_slice(bytes)?)
    }
}
