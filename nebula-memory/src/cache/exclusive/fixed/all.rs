//! All entries of a [`FixedCache`], and where they come from.

use core::array;
use core::fmt;
use core::hash::{BuildHasher, Hash};
use core::iter::{Flatten, FusedIterator};
use core::slice;

use super::{FixedCache, InPlace};
use crate::cache::policy::Policy;

/// The same entries in the same order.
impl<K, V, const N: usize, P, S> Clone for FixedCache<K, V, N, P, S>
where
    K: Clone,
    V: Clone,
    P: InPlace + Policy<Ranking: Clone>,
    S: Clone,
{
    fn clone(&self) -> Self {
        Self {
            entries: self.entries.clone(),
            sides: self.sides.clone(),
            heads: self.heads,
            free: self.free,
            len: self.len,
            ranking: self.ranking.clone(),
            hasher: self.hasher.clone(),
        }
    }
}

/// Inserts one after the other.
impl<K, V, const N: usize, P, S> Extend<(K, V)> for FixedCache<K, V, N, P, S>
where
    K: Hash + Eq,
    P: InPlace,
    S: BuildHasher,
{
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            drop(self.push(key, value));
        }
    }
}

/// Inserts one after the other: of more than there is room for, those stay that the policy keeps.
///
/// ```
/// use nebula_memory::cache::FixedCache;
///
/// let cache: FixedCache<char, u32, 3> = ('a'..='z').zip(1..).collect();
/// assert_eq!((cache.len(), cache.peek(&'z')), (3, Some(&26)));
/// ```
impl<K, V, const N: usize, P, S> FromIterator<(K, V)> for FixedCache<K, V, N, P, S>
where
    K: Hash + Eq,
    P: InPlace + Default,
    S: BuildHasher + Default,
{
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut cache = Self::with_policy_and_hasher(P::default(), S::default());
        cache.extend(entries);
        cache
    }
}

/// The entries of a [`FixedCache`]: see [`FixedCache::iter`].
#[must_use = "iterators do nothing unless they are asked"]
pub struct FixedIter<'a, K, V>(pub(super) Flatten<slice::Iter<'a, Option<(K, V)>>>);

impl<'a, K, V> Iterator for FixedIter<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<K, V> FusedIterator for FixedIter<'_, K, V> {}

impl<K, V> Clone for FixedIter<'_, K, V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for FixedIter<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// The entries of a [`FixedCache`], to be changed: see [`FixedCache::iter_mut`].
#[must_use = "iterators do nothing unless they are asked"]
pub struct FixedIterMut<'a, K, V>(pub(super) Flatten<slice::IterMut<'a, Option<(K, V)>>>);

impl<'a, K, V> Iterator for FixedIterMut<'a, K, V> {
    type Item = (&'a K, &'a mut V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (&*key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<K, V> FusedIterator for FixedIterMut<'_, K, V> {}

impl<K, V> fmt::Debug for FixedIterMut<'_, K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FixedIterMut").finish_non_exhaustive()
    }
}

impl<'a, K, V, const N: usize, P: InPlace, S> IntoIterator for &'a FixedCache<K, V, N, P, S> {
    type Item = (&'a K, &'a V);
    type IntoIter = FixedIter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, K, V, const N: usize, P: InPlace, S> IntoIterator for &'a mut FixedCache<K, V, N, P, S> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = FixedIterMut<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

/// The entries, in no order that means anything.
impl<K, V, const N: usize, P: InPlace, S> IntoIterator for FixedCache<K, V, N, P, S> {
    type Item = (K, V);
    type IntoIter = Flatten<array::IntoIter<Option<(K, V)>, N>>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter().flatten()
    }
}
