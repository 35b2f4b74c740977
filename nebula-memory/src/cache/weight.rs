/// How much of the capacity an entry takes.
///
/// Asked once, when the entry comes in, before anything is changed. Implemented for closures.
///
/// ```
/// use nebula_memory::cache::{Cache, Weigher};
///
/// /// Bytes of text.
/// struct Bytes;
///
/// impl Weigher<u32, String> for Bytes {
///     fn weigh(&self, _: &u32, text: &String) -> u32 {
///         u32::try_from(text.len()).unwrap_or(u32::MAX)
///     }
/// }
///
/// let mut cache = Cache::builder().capacity(10).weigher(Bytes).build();
/// cache.insert(1, "seven".to_string());
/// cache.insert(2, "seventeen".to_string());
/// assert_eq!((cache.len(), cache.weight()), (1, 9));
/// ```
pub trait Weigher<K, V> {
    /// Whether everything weighs 1: then no weight is kept.
    #[doc(hidden)]
    const UNIT: bool = false;

    /// The weight, in whatever unit the capacity has: bytes, mostly. What weighs 0 counts as 1.
    fn weigh(&self, key: &K, value: &V) -> u32;
}

/// Every entry weighs 1: the capacity is a number of entries.
#[derive(Clone, Copy, Debug, Default)]
pub struct UnitWeight;

impl<K, V> Weigher<K, V> for UnitWeight {
    const UNIT: bool = true;

    #[inline(always)]
    fn weigh(&self, _: &K, _: &V) -> u32 {
        1
    }
}

impl<K, V, F: Fn(&K, &V) -> u32> Weigher<K, V> for F {
    fn weigh(&self, key: &K, value: &V) -> u32 {
        self(key, value)
    }
}
