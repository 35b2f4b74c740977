use super::ranking::sealed::Sealed;
use super::{Policy, Queue};

/// The least recently used leaves first.
///
/// Good where what was used lately is used again soon; one long scan through other keys empties it.
///
/// Peter J. Denning, *The Working Set Model for Program Behavior*, 1968. A hit and an eviction take constant time.
///
/// # Examples
///
/// ```
/// use nebula_memory::cache::{Cache, policy::Lru};
///
/// let mut cache = Cache::builder().capacity(2).policy(Lru).build();
/// cache.insert("a", 1);
/// cache.insert("b", 2);
/// cache.get("a");
/// cache.insert("c", 3);
/// assert!(cache.contains("a") && !cache.contains("b"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lru;

impl Sealed for Lru {}

impl Policy for Lru {
    type Ranking = Queue<true>;

    fn ranking(&self, _: u64) -> Self::Ranking {
        Queue::new()
    }
}
