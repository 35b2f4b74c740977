use alloc_crate::vec::{IntoIter, Vec};
use core::slice::Iter;
use core::time::Duration;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How snapshots are written. Others are not read.
const VERSION: u32 = 1;

/// An entry of a [`Snapshot`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(expecting = "an entry of a snapshot")]
#[non_exhaustive]
pub struct Saved<K, V> {
    /// Its key.
    pub key: K,
    /// Its value.
    pub value: V,
    /// What it weighed; 1 in a cache that does not weigh.
    pub weight: u64,
    /// How long it may still be served; for ever if there is none.
    #[serde(default)]
    pub remaining: Option<Duration>,
}

impl<K, V> Saved<K, V> {
    /// An entry that weighs 1 and does not expire.
    #[must_use]
    pub const fn new(key: K, value: V) -> Self {
        Self { key, value, weight: 1, remaining: None }
    }
}

/// The entries of a cache in the order in which they would leave, to be written by `serde` and put into a cache again: of any
/// policy, capacity and kind.
///
/// Time stands still in a snapshot. [`age`](Self::age) tells it how much has passed.
///
/// Where it is read, bytes that are no snapshot, or one that was written in another way, are an error. Entries can be anything that
/// their types allow: who does not trust where they come from has to look at them.
///
/// # Examples
///
/// ```
/// # #[cfg(feature = "json")] {
/// use nebula_memory::cache::{Cache, Snapshot, policy::Lru};
///
/// let mut cache = Cache::builder().capacity(10).policy(Lru).build();
/// cache.extend([("a", 1), ("b", 2), ("c", 3)]);
/// cache.get("a");
/// let text = serde_json::to_string(&cache.to_snapshot())?;
///
/// // Another day, and room for two: those that would have stayed longest.
/// let saved: Snapshot<String, i32> = serde_json::from_str(&text)?;
/// let mut cache = Cache::builder().capacity(2).policy(Lru).build();
/// assert_eq!(cache.restore(saved), 2);
/// assert_eq!(cache.pop(), Some(("c".to_string(), 3)));
/// assert_eq!(cache.pop(), Some(("a".to_string(), 1)));
/// # }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot<K, V> {
    entries: Vec<Saved<K, V>>,
}

impl<K, V> Snapshot<K, V> {
    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries, that which leaves first in front.
    pub fn iter(&self) -> Iter<'_, Saved<K, V>> {
        self.entries.iter()
    }

    /// So much time has passed since it was taken: what has expired in it goes, the rest has less time left.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::time::Duration;
    /// use nebula_memory::cache::{Saved, Snapshot};
    ///
    /// let mut token = Saved::new("token", 7);
    /// token.remaining = Some(Duration::from_secs(60));
    /// let mut saved = Snapshot::from_iter([token, Saved::new("name", 8)]);
    /// saved.age(Duration::from_secs(60));
    /// assert!(saved.iter().map(|entry| entry.key).eq(["name"]));
    /// ```
    pub fn age(&mut self, by: Duration) {
        self.entries.retain_mut(|entry| {
            if let Some(remaining) = &mut entry.remaining {
                *remaining = remaining.saturating_sub(by);
            }
            entry.remaining != Some(Duration::ZERO)
        });
    }
}

/// In the order in which they leave, the first in front.
impl<K, V> FromIterator<Saved<K, V>> for Snapshot<K, V> {
    fn from_iter<I: IntoIterator<Item = Saved<K, V>>>(entries: I) -> Self {
        Self { entries: entries.into_iter().collect() }
    }
}

impl<K, V> IntoIterator for Snapshot<K, V> {
    type Item = Saved<K, V>;
    type IntoIter = IntoIter<Saved<K, V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl<'s, K, V> IntoIterator for &'s Snapshot<K, V> {
    type Item = &'s Saved<K, V>;
    type IntoIter = Iter<'s, Saved<K, V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K: Serialize, V: Serialize> Serialize for Snapshot<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename = "Snapshot")]
        struct Written<'s, K, V> {
            version: u32,
            entries: &'s [Saved<K, V>],
        }

        Written { version: VERSION, entries: &self.entries }.serialize(serializer)
    }
}

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Snapshot<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(rename = "Snapshot", expecting = "a snapshot of a cache", deny_unknown_fields)]
        struct Read<K, V> {
            version: Version,
            entries: Vec<Saved<K, V>>,
        }

        let read = Read::deserialize(deserializer)?;
        let Version = read.version;
        Ok(Self { entries: read.entries })
    }
}

/// The version that can be read: before entries are, so that those of another one are not taken for what they are not.
struct Version;

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u32::deserialize(deserializer)? {
            VERSION => Ok(Self),
            other => Err(D::Error::custom(format_args!("a snapshot of version {other}, not {VERSION}"))),
        }
    }
}
