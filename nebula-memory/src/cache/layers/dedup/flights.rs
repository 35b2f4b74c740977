use core::hash::{BuildHasher, Hash};
use core::mem;
use std::boxed::Box;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::vec::Vec;

use equivalent::Equivalent;

use crate::cache::DefaultHashBuilder;
use crate::sync::{AtomicU32, Mutex, MutexGuard, Ordering};

/// A load that somebody may wait for.
pub(super) trait Flight {
    type Key;

    /// What it is to bring.
    fn cargo(&self) -> &Cargo<Self::Key>;
}

/// What a load is to bring: the value of a key, and whether it is still wanted.
pub(super) struct Cargo<K> {
    key: K,
    superseded: AtomicU32,
}

impl<K> Cargo<K> {
    pub(super) fn new(key: K) -> Self {
        Self { key, superseded: AtomicU32::new(0) }
    }

    pub(super) fn key(&self) -> &K {
        &self.key
    }

    /// It is not to be kept: the key has another value by now, or is to have none.
    fn supersede(&self) {
        // Seen by who looks in the same step in which the store takes the value in: that is ordered by the store.
        self.superseded.store(1, Ordering::Release);
    }

    /// Whether it is to be kept.
    pub(super) fn is_wanted(&self) -> bool {
        self.superseded.load(Ordering::Acquire) == 0
    }
}

/// What is being loaded, by key: at most one flight for each.
///
/// Nothing of others is called under a lock: keys are compared outside, with whatever flights have the same hash, and flights
/// are dropped outside. There are as many entries as loads, and no memory is held for those that are done.
pub(super) struct Flights<F> {
    shards: Box<[Mutex<Shard<F>>]>,
    hasher: DefaultHashBuilder,
}

struct Shard<F> {
    /// By hash, and then by number.
    flights: BTreeMap<Place, Arc<F>>,
    /// The number of the next one. Whoever has compared its key with all below it has only to look at those that came since.
    next: u64,
}

/// Where a flight is to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    hash: u64,
    number: u64,
}

/// What somebody who has a load finds.
pub(super) enum Joined<F> {
    /// None that is as far: this one is it, and was put there.
    Leads(Arc<F>, Place),
    /// Another one.
    #[cfg_attr(not(feature = "async"), expect(dead_code, reason = "threads do not have to find it again"))]
    Follows(Arc<F>, Place),
}

/// As many threads may begin or end a load without meeting, mostly.
const SHARDS: usize = if cfg!(loom) { 1 } else { 16 };

impl<F: Flight> Flights<F> {
    pub(super) fn new() -> Self {
        let shard = || Mutex::new(Shard { flights: BTreeMap::new(), next: 0 });
        Self { shards: (0..SHARDS).map(|_| shard()).collect(), hasher: DefaultHashBuilder::default() }
    }

    pub(super) fn hash<Q: ?Sized + Hash>(&self, key: &Q) -> u64 {
        self.hasher.hash_one(key)
    }

    fn lock(&self, hash: u64) -> MutexGuard<'_, Shard<F>> {
        open(&self.shards[((hash >> 32) % self.shards.len() as u64) as usize])
    }

    /// The flights with this hash from this number on.
    fn since(&self, hash: u64, number: u64) -> Vec<(Place, Arc<F>)> {
        self.lock(hash).since(hash, number)
    }

    /// The flight of `key`: the one that is there, or the one that is made.
    pub(super) fn join(&self, hash: u64, key: &F::Key, make: impl FnOnce() -> F) -> Joined<F>
    where
        F::Key: Eq,
    {
        let (mut make, mut flight) = (Some(make), None);
        let mut number = 0;
        loop {
            let others = {
                let mut shard = self.lock(hash);
                let others = shard.since(hash, number);
                if others.is_empty()
                    && let Some(flight) = flight.take()
                {
                    return shard.put(hash, flight);
                }
                others
            };
            if let Some(make) = make.take_if(|_| others.is_empty()) {
                flight = Some(Arc::new(make()));
            }
            for (place, other) in others {
                if other.cargo().key() == key {
                    return Joined::Follows(other, place);
                }
                number = place.number + 1;
            }
        }
    }

    /// The load of `key`, if there is one, is not to be kept any more, and nobody who comes from now on waits for it.
    ///
    /// What comes back is to be dropped when all is done: that may be to call what panics.
    pub(super) fn supersede<Q>(&self, key: &Q) -> Vec<(Place, Arc<F>)>
    where
        Q: ?Sized + Hash + Equivalent<F::Key>,
    {
        let hash = self.hash(key);
        let flights = self.since(hash, 0);
        for (place, flight) in &flights {
            if key.equivalent(flight.cargo().key()) {
                flight.cargo().supersede();
                self.leave(*place);
            }
        }
        flights
    }

    /// The same for all loads.
    pub(super) fn supersede_all(&self) -> Vec<BTreeMap<Place, Arc<F>>> {
        let take = |shard: &Mutex<Shard<F>>| {
            let flights = mem::take(&mut open(shard).flights);
            for flight in flights.values() {
                flight.cargo().supersede();
            }
            flights
        };
        self.shards.iter().map(take).collect()
    }

    /// Nobody finds this one any more.
    pub(super) fn leave(&self, place: Place) {
        let flight = self.lock(place.hash).flights.remove(&place);
        // The lock is free by now.
        drop(flight);
    }

    /// How many loads there are.
    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| open(shard).flights.len()).sum()
    }
}

fn open<F>(shard: &Mutex<Shard<F>>) -> MutexGuard<'_, Shard<F>> {
    // Nothing panics under the lock that leaves it halfway.
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<F> Shard<F> {
    fn since(&self, hash: u64, number: u64) -> Vec<(Place, Arc<F>)> {
        let range = Place { hash, number }..=Place { hash, number: u64::MAX };
        self.flights.range(range).map(|(place, flight)| (*place, Arc::clone(flight))).collect()
    }

    fn put(&mut self, hash: u64, flight: Arc<F>) -> Joined<F> {
        let place = Place { hash, number: self.next };
        self.next += 1;
        self.flights.insert(place, Arc::clone(&flight));
        Joined::Leads(flight, place)
    }
}
