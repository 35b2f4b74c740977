//! Adaptors: collections of other crates in our allocators.
//!
//! * `api2`: the trait of the `allocator-api2` crate, version 0.2, which hashbrown and its own `Vec` and `Box`
//!   take

#[cfg(feature = "allocator-api2")]
mod api2;

/// Implements the foreign allocator traits for a type that is ours; nothing without their features.
macro_rules! implement_api2 {
    ([$($generics:tt)*] $type:ty) => {
        #[cfg(feature = "allocator-api2")]
        crate::allocator::interop::forward_api2!([$($generics)*] $type);
    };
}

#[cfg(feature = "allocator-api2")]
pub(crate) use api2::forward_api2;
pub(crate) use implement_api2;
