use super::ranking::sealed::Sealed;
use super::{Policy, Queue};

/// First in, first out: a hit changes nothing.
///
/// The cheapest there is, for what is used about equally often; [`Sieve`](super::Sieve) is better at nearly the same price.
///
/// László Bélády, *A Study of Replacement Algorithms for a Virtual-Storage Computer*, 1966. All takes constant time.
///
/// # Examples
///
/// ```
/// use nebula_memory::cache::{Cache, policy::Fifo};
///
/// let mut cache = Cache::builder().capacity(2).policy(Fifo).build();
/// cache.insert("a", 1);
/// cache.insert("b", 2);
/// cache.get("a");
/// cache.insert("c", 3);
/// assert!(!cache.contains("a") && cache.contains("b"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fifo;

impl Sealed for Fifo {}

impl Policy for Fifo {
    type Ranking = Queue<false>;

    fn ranking(&self, _: u64) -> Self::Ranking {
        Queue::new()
    }
}
