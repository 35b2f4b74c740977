use core::fmt;
use core::hash::{BuildHasher, Hash};

use crate::cache::DefaultHashBuilder;

/// Which keys fail together.
#[doc(hidden)]
pub trait Classes<K> {
    /// The number of the class.
    fn class(&self, key: &K) -> u64;
}

/// All of them: there is one circuit.
#[derive(Clone, Copy, Debug, Default)]
pub struct OneClass;

impl<K> Classes<K> for OneClass {
    fn class(&self, _: &K) -> u64 {
        0
    }
}

/// Those of which a closure says the same.
#[derive(Clone)]
pub struct ClassBy<F> {
    class: F,
    hasher: DefaultHashBuilder,
}

impl<F> ClassBy<F> {
    pub(super) fn new(class: F) -> Self {
        Self { class, hasher: DefaultHashBuilder::default() }
    }
}

impl<K, H: Hash, F: Fn(&K) -> H> Classes<K> for ClassBy<F> {
    fn class(&self, key: &K) -> u64 {
        self.hasher.hash_one((self.class)(key))
    }
}

impl<F> fmt::Debug for ClassBy<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClassBy")
    }
}
