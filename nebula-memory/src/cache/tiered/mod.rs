//! A second tier for what had to leave the first: as compressed bytes, of which many more fit into the same memory.
//!
//! * `codec`: [`Codec`], how a value becomes bytes and is made of them again
//! * `packed`: bytes as the second tier keeps them, compressed if that is worth it, and sure to be those that went in

mod codec;
mod packed;

#[cfg(feature = "json")]
pub use codec::Json;
pub use codec::{Codec, CodecError, Raw};
