use core::iter;

use alloc_crate::vec::Vec;

/// Requests in order: which key each is for, and what that weighs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// Keys by their number, from 0.
    keys: Vec<u32>,
    /// As many as keys, or none if everything weighs 1.
    weights: Vec<u32>,
    unique: usize,
}

impl Trace {
    /// Requests for these keys, which all weigh 1.
    ///
    /// Takes O(n log n) time.
    ///
    /// # Panics
    ///
    /// If there are 2³² - 1 requests or more.
    pub fn new<K: Ord>(keys: impl IntoIterator<Item = K>) -> Self {
        let keys: Vec<K> = keys.into_iter().collect();
        Self::numbered(&keys, Vec::new())
    }

    /// Requests for these keys, each with its weight; what weighs 0 counts as 1. A key weighs what its first request says, until it
    /// has gone from the cache.
    ///
    /// # Panics
    ///
    /// If there are 2³² - 1 requests or more.
    pub fn weighted<K: Ord>(requests: impl IntoIterator<Item = (K, u32)>) -> Self {
        let (keys, weights): (Vec<K>, Vec<u32>) = requests.into_iter().unzip();
        Self::numbered(&keys, weights.into_iter().map(|weight| weight.max(1)).collect())
    }

    fn numbered<K: Ord>(keys: &[K], weights: Vec<u32>) -> Self {
        let len = u32::try_from(keys.len()).ok().filter(|&len| len < u32::MAX);
        let mut order: Vec<u32> = (0..len.expect("more requests than a trace can have")).collect();
        order.sort_unstable_by(|&one, &other| keys[one as usize].cmp(&keys[other as usize]));
        let mut numbers = alloc_crate::vec![0; keys.len()];
        let mut unique = 0;
        for (at, &request) in order.iter().enumerate() {
            let new = at == 0 || keys[order[at - 1] as usize] != keys[request as usize];
            unique += u32::from(new);
            numbers[request as usize] = unique - 1;
        }
        Self { keys: numbers, weights, unique: unique as usize }
    }

    /// The same requests, all of which weigh 1.
    #[must_use]
    pub fn unweighted(self) -> Self {
        Self { weights: Vec::new(), ..self }
    }

    /// How many requests there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// For how many different keys.
    #[must_use]
    pub fn unique(&self) -> usize {
        self.unique
    }

    /// Whether the requests have weights.
    #[must_use]
    pub fn is_weighted(&self) -> bool {
        !self.weights.is_empty()
    }

    /// What all keys weigh together, each as its first request says: a cache with this capacity never has to evict anything.
    #[must_use]
    pub fn footprint(&self) -> u64 {
        let mut seen = alloc_crate::vec![false; self.unique];
        let first = self.requests().filter(|&(key, _)| !core::mem::replace(&mut seen[key as usize], true));
        first.map(|(_, weight)| u64::from(weight)).sum()
    }

    /// Every request: the number of its key, less than [`unique`](Self::unique), and its weight.
    pub fn requests(&self) -> impl Iterator<Item = (u32, u32)> {
        let weights = self.weights.iter().copied().chain(iter::repeat(1));
        self.keys.iter().copied().zip(weights)
    }
}
