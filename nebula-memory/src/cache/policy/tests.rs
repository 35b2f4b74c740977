//! Every policy over arbitrary requests: what it says is there is there, and nothing else; there is never too much.

use std::{collections::HashMap, time::Duration, vec::Vec};

use proptest::prelude::*;

use super::{
    Adaptive, AnyPolicy, Elastic, Expert, Hashes, Id, Kind, Lru, NONE, Nodes, NoteOf, Policy, Ranking,
    S3Fifo, Shadow, Sieve, WTinyLfu, Wide, ranking::sealed::Sealed,
};
use crate::cache::expiry::{ManualClock, Tti, Ttl};
use crate::cache::{Charged, Pinnable};

impl Sealed for Kind {}

impl Policy for Kind {
    type Ranking = Expert;

    fn ranking(&self, capacity: u64) -> Expert {
        Expert::new(*self, capacity)
    }
}

#[derive(Clone, Debug)]
enum Step {
    Access(u32, u32),
    /// As many keys one after the other.
    Scan(u32, u32),
    Take(u32),
    Reweigh(u32, u32),
    Resize(u64),
    Change(usize),
    Clear,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        30 => (0_u32..40, 1_u32..5).prop_map(|(key, weight)| Step::Access(key, weight)),
        3 => (0_u32..100, 1_u32..60).prop_map(|(from, keys)| Step::Scan(from, keys)),
        4 => (0_u32..40).prop_map(Step::Take),
        2 => (0_u32..40, 1_u32..5).prop_map(|(key, weight)| Step::Reweigh(key, weight)),
        1 => (1_u64..40).prop_map(Step::Resize),
        2 => (0_usize..4).prop_map(Step::Change),
        1 => Just(Step::Clear),
    ];
    prop::collection::vec(step, 0..120)
}

type Parts<'a, R> = (&'a mut R, &'a mut Hashes<<R as Ranking>::Node, ()>);

struct Checked<R: Ranking> {
    cache: Shadow<R>,
    /// What each entry weighs that came in and was not removed.
    model: HashMap<u32, u32>,
    capacity: u64,
}

impl<R: Ranking<Watch = super::Unwatched>> Checked<R> {
    fn access(&mut self, hash: u32, weight: u32) -> Result<(), TestCaseError> {
        let there = self.cache.hashes();
        prop_assert_eq!(self.cache.access(hash, weight), there.contains(&hash));
        if !there.contains(&hash) {
            self.model.insert(hash, weight);
        }
        // What has just been wanted and fits is there.
        prop_assert!(
            self.cache.hashes().contains(&hash)
                == (there.contains(&hash) || u64::from(weight) <= self.capacity)
        );
        Ok(())
    }

    fn check(&mut self, validate: impl Fn(Parts<'_, R>) -> usize) -> Result<(), TestCaseError> {
        let hashes = self.cache.hashes();
        let weight: u64 = hashes.iter().map(|hash| u64::from(self.model[hash])).sum();
        prop_assert_eq!(weight, self.cache.weight());
        prop_assert!(weight <= self.capacity);
        prop_assert_eq!(hashes.len(), self.cache.len());
        prop_assert_eq!(validate(self.cache.parts()), hashes.len());
        Ok(())
    }
}

fn run<P: Policy>(
    policy: &P,
    capacity: u64,
    steps: &[Step],
    validate: impl Fn(Parts<'_, P::Ranking>) -> usize,
    change: impl Fn(Parts<'_, P::Ranking>, Kind),
) -> Result<(), TestCaseError>
where
    P::Ranking: Ranking<Watch = super::Unwatched>,
{
    let mut cache = Checked { cache: Shadow::new(policy, capacity), model: HashMap::new(), capacity };
    let hash = |key: u32| key.wrapping_mul(0x85EB_CA6B) ^ 0x1234_5678;
    for step in steps {
        match *step {
            Step::Access(key, weight) => cache.access(hash(key), weight)?,
            Step::Scan(from, keys) => (from..from + keys).try_for_each(|key| cache.access(hash(key), 1))?,
            Step::Take(key) => {
                let there = cache.cache.hashes().contains(&hash(key));
                prop_assert_eq!(cache.cache.take(hash(key)), there);
                prop_assert!(!cache.cache.hashes().contains(&hash(key)));
            }
            Step::Reweigh(key, weight) => {
                if cache.cache.hashes().contains(&hash(key)) && u64::from(weight) <= cache.capacity {
                    cache.model.insert(hash(key), weight);
                    cache.cache.reweigh(hash(key), weight);
                }
            }
            Step::Resize(capacity) => {
                cache.capacity = capacity;
                cache.cache.resize(capacity);
            }
            Step::Change(kind) => change(cache.cache.parts(), Kind::ALL[kind]),
            Step::Clear => {
                cache.cache.clear();
                prop_assert_eq!(cache.cache.weight(), 0);
            }
        }
        cache.check(&validate)?;
    }
    Ok(())
}

fn expert(kind: Kind, capacity: u64, steps: &[Step]) -> Result<(), TestCaseError> {
    run(&kind, capacity, steps, |(expert, nodes)| expert.validate(nodes), |_, _| ())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 2 } else { 64 }, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn elastic(capacity in 1_u64..40, steps in steps()) {
        run(&Elastic, capacity, &steps, |(ranking, nodes)| ranking.0.validate(nodes), |_, _| ())?;
    }

    #[test]
    fn s3_fifo(capacity in 1_u64..40, steps in steps()) {
        run(&S3Fifo, capacity, &steps, |(ranking, nodes)| ranking.0.validate(nodes), |_, _| ())?;
        expert(Kind::S3Fifo, capacity, &steps)?;
    }

    #[test]
    fn w_tiny_lfu(capacity in 1_u64..40, steps in steps(), window in 0_u8..=100) {
        for policy in [WTinyLfu::default(), WTinyLfu::with_window(window)] {
            run(&policy, capacity, &steps, |(ranking, nodes)| ranking.0.validate(nodes), |_, _| ())?;
        }
        expert(Kind::TinyLfu, capacity, &steps)?;
    }

    #[test]
    fn lirs(capacity in 1_u64..40, steps in steps()) {
        expert(Kind::Lirs, capacity, &steps)?;
    }

    #[test]
    fn lru(capacity in 1_u64..40, steps in steps()) {
        expert(Kind::Lru, capacity, &steps)?;
    }

    #[test]
    fn adaptive(capacity in 1_u64..40, steps in steps()) {
        let change = |(ranking, nodes): Parts<'_, _>, kind| {
            let ranking: &mut super::adaptive::AdaptiveRanking = ranking;
            ranking.force(nodes, kind);
        };
        run(&Adaptive, capacity, &steps, |(ranking, nodes)| ranking.validate(nodes), change)?;
    }
}

/// Whichever policy hands over, entries that were used last are those that stay.
#[test]
fn what_was_used_last_outlives_a_change() {
    for from in Kind::ALL {
        let mut cache = Shadow::new(&Adaptive, 100);
        let (ranking, nodes): (_, &mut Hashes<Wide, ()>) = cache.parts();
        ranking.force(nodes, from);
        for hash in 0..100 {
            assert!(!cache.access(hash, 1));
        }
        let (ranking, nodes) = cache.parts();
        ranking.force(nodes, Kind::Lru);
        for hash in 100..150 {
            assert!(!cache.access(hash, 1));
        }
        assert!((50..150).all(|hash| cache.access(hash, 1)), "{from:?}");
    }
}

/// No request has to wait until all entries have moved.
#[test]
fn a_change_takes_a_few_entries_with_each_request() {
    for (from, kind) in Kind::ALL.into_iter().flat_map(|from| Kind::ALL.map(|kind| (from, kind))) {
        let mut cache = Shadow::new(&Adaptive, 1000);
        for hash in (0..1000).chain(0..300) {
            cache.access(hash, 1);
        }
        let (ranking, nodes): (_, &mut Hashes<Wide, ()>) = cache.parts();
        ranking.force(nodes, from);
        for turn in 0..2000 {
            cache.access(if turn % 2 == 0 { turn } else { turn % 300 }, 1);
        }
        let (ranking, nodes) = cache.parts();
        ranking.force(nodes, kind);
        let mut left = ranking.left();
        assert_eq!(left, 1000);
        for turn in 0..250 {
            cache.access(turn * turn % 3000, 1);
            let now = cache.parts().0.left();
            assert!((left.saturating_sub(6)..=left.saturating_sub(4)).contains(&now), "{left} {now}");
            left = now;
        }
        assert_eq!(left, 0);
    }
}

/// Entries that others hit all the time, without a lock.
struct Hot<N>(Vec<N>);

impl<N> Nodes<N> for Hot<N> {
    fn node(&self, id: Id) -> &N {
        &self.0[id as usize]
    }

    fn node_mut(&mut self, id: Id) -> &mut N {
        &mut self.0[id as usize]
    }

    fn mark(&self, _: Id) -> u8 {
        3
    }

    fn set_mark(&mut self, _: Id, _: u8) {}

    fn hash(&self, id: Id) -> u32 {
        id
    }

    fn weight(&self, _: Id) -> u64 {
        1
    }
}

fn all_hot_ones_leave<P: Policy>(policy: &P)
where
    P::Ranking: Ranking<Watch = super::Unwatched>,
{
    let mut ranking = policy.ranking(20);
    let mut nodes = Hot(Vec::new());
    for id in 0..20 {
        nodes.0.push(<P::Ranking as Ranking>::Node::default());
        ranking.on_insert(&mut nodes, id, &());
    }
    let mut left: Vec<_> = core::iter::from_fn(|| ranking.evict(&mut nodes, 0)).take(30).collect();
    left.sort_unstable();
    assert!(left.into_iter().eq(0..20));
}

#[test]
fn one_leaves_though_all_are_hit_all_the_time() {
    all_hot_ones_leave(&S3Fifo);
    all_hot_ones_leave(&Elastic);
    all_hot_ones_leave(&Sieve);
    all_hot_ones_leave(&Adaptive);
    all_hot_ones_leave(&WTinyLfu::default());
}

/// Who leaves next is known before, for its memory to be asked for in time.
fn next_is_known<P: Policy>(policy: &P) {
    let mut ranking = policy.ranking(10);
    let mut nodes = Hashes::<<P::Ranking as Ranking>::Node, ()>::with_room(10);
    assert_eq!(ranking.upcoming(&mut nodes), NONE);
    for hash in 0..10 {
        let id = nodes.insert(hash, 1);
        ranking.on_insert(&mut nodes, id, &NoteOf::<P::Ranking>::default());
    }
    for _ in 0..5 {
        let next = ranking.upcoming(&mut nodes);
        assert_eq!(ranking.evict(&mut nodes, 10), Some(next));
    }
}

#[test]
fn what_stands_around_a_policy_tells_who_is_next() {
    let (clock, life) = (ManualClock::new(), Duration::from_secs(1));
    let budget = crate::Budget::new(100);
    for policy in
        [AnyPolicy::from(Lru), AnyPolicy::from(Sieve), AnyPolicy::from(S3Fifo), AnyPolicy::from(Elastic)]
    {
        next_is_known(&policy);
        next_is_known(&Pinnable::new(policy));
        next_is_known(&Charged::new(policy, &budget));
        next_is_known(&Ttl::new(policy, life).with_clock(clock.clone()));
        next_is_known(&Tti::new(Pinnable::new(policy), life).with_clock(clock.clone()));
    }
}
