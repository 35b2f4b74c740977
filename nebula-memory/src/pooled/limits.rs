//! What the numbers in `#[pooled(…)]` must be, for those that only the compiler can compute.

/// The capacity of a static pool.
///
/// # Panics
/// If it is zero, while compiling.
#[must_use]
pub const fn capacity(capacity: usize) -> usize {
    assert!(capacity > 0, "a pool with a `capacity` of zero can hold nothing: it must be at least 1");
    capacity
}

/// The alignment of the slots of a static pool.
///
/// # Panics
/// If it is not a power of two or too large, while compiling.
#[must_use]
pub const fn align(align: usize) -> usize {
    assert!(align.is_power_of_two() && align <= 65_536, "`align` must be a power of two, at most 65536");
    align
}
