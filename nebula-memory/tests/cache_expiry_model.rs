//! Caches whose entries expire against a model that knows every deadline, with clocks that jump forward and back.
#![cfg(all(not(loom), feature = "cache"))]

mod support;

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use nebula_memory::cache::expiry::{ManualClock, PerEntryTtl, Tti, Ttl};
use nebula_memory::cache::policy::{AnyPolicy, Fifo, Lives, Lru, Policy, S3Fifo, WTinyLfu};
use nebula_memory::cache::{Cache, Cause, DefaultHashBuilder, UnitWeight};
use proptest::prelude::*;
use support::cases;

/// All times are multiples of as many nanoseconds: no entry is over for less than what a sweep can see.
const STEP: u64 = 1 << 16;

#[derive(Clone, Debug)]
enum Step {
    Insert(u8),
    /// With a time of its own.
    InsertFor(u8, u64),
    Get(u8),
    Peek(u8),
    Remove(u8),
    /// Retains keys that are less.
    Retain(u8),
    Forward(u64),
    Back(u64),
    Sweep,
    Clear,
}

/// Times of all sizes.
fn time() -> impl Strategy<Value = u64> {
    prop_oneof![3 => 0..20_u64, 1 => (any::<u64>(), 16_u32..64).prop_map(|(time, bits)| time >> bits)]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let key = || 0..8_u8;
    let step = prop_oneof![
        4 => key().prop_map(Step::Insert),
        4 => (key(), time()).prop_map(|(key, life)| Step::InsertFor(key, life)),
        4 => key().prop_map(Step::Get),
        2 => key().prop_map(Step::Peek),
        1 => key().prop_map(Step::Remove),
        1 => key().prop_map(Step::Retain),
        6 => time().prop_map(Step::Forward),
        1 => time().prop_map(Step::Back),
        1 => Just(Step::Sweep),
        1 => Just(Step::Clear),
    ];
    proptest::collection::vec(step, 0..40)
}

/// What a policy says of times, as a model: all in steps.
#[derive(Clone, Copy, Debug)]
struct Rule {
    /// Since the value came in.
    age: u64,
    /// Since it was used.
    idle: u64,
}

const RULES: [Rule; 4] = [
    Rule { age: u64::MAX, idle: u64::MAX },
    Rule { age: 15, idle: u64::MAX },
    Rule { age: u64::MAX, idle: 7 },
    Rule { age: 15, idle: 7 },
];

fn life(steps: u64) -> Duration {
    Duration::from_nanos(steps.saturating_mul(STEP))
}

/// A value, and until when.
#[derive(Clone, Copy, Debug)]
struct Known {
    value: u32,
    end: u64,
    idle_end: u64,
}

impl Known {
    fn lives(self, now: u64) -> bool {
        now < self.end && now < self.idle_end
    }
}

/// What is there, by the model: with what has not been seen to be over.
struct Model {
    rule: Rule,
    now: u64,
    /// The latest there ever was.
    latest: u64,
    known: HashMap<u8, Known>,
}

impl Model {
    fn insert(&mut self, key: u8, value: u32, own: u64) {
        let (now, rule) = (self.now, self.rule);
        let end = now.saturating_add(rule.age).min(now.saturating_add(own));
        self.known.insert(key, Known { value, end, idle_end: now.saturating_add(rule.idle) });
    }

    fn get(&mut self, key: u8) -> Option<u32> {
        let (now, idle) = (self.now, self.rule.idle);
        let known = self.known.get_mut(&key).filter(|known| known.lives(now))?;
        known.idle_end = known.idle_end.max(now.saturating_add(idle));
        Some(known.value)
    }
}

/// Does it with a cache of this capacity and the model; entries that leave are told of with the right cause.
fn follow<P>(
    policy: P,
    clock: &ManualClock,
    rule: Rule,
    capacity: usize,
    steps: &[Step],
) -> Result<(), TestCaseError>
where
    P: Policy,
    P::Ranking: Lives,
{
    let left = RefCell::new(Vec::new());
    let listener = |key: &u8, value: &u32, cause: Cause| left.borrow_mut().push((*key, *value, cause));
    let mut cache: Cache<u8, u32, P, DefaultHashBuilder, UnitWeight, _> =
        Cache::builder().capacity(capacity).policy(policy).listener(listener).build();
    let mut model = Model { rule, now: 0, latest: 0, known: HashMap::new() };
    for (step, value) in steps.iter().zip(0_u32..) {
        let now = model.now;
        // What is there before, as long as it lives.
        let alive = |model: &Model, key| model.known.get(key).copied().filter(|known| known.lives(now));
        match *step {
            Step::Insert(key) | Step::InsertFor(key, _) => {
                let own = if let Step::InsertFor(_, own) = *step { own } else { u64::MAX };
                let before = alive(&model, &key).map(|known| known.value);
                let old = match *step {
                    Step::InsertFor(_, own) => cache.insert_for(key, value, life(own)),
                    _ => cache.insert(key, value),
                };
                prop_assert_eq!(old, before);
                for (gone, what, cause) in left.borrow_mut().drain(..) {
                    let known = model.known.remove(&gone);
                    prop_assert!(known.is_some_and(|known| known.value == what), "told of once");
                    let known = known.unwrap_or_else(|| unreachable!());
                    match cause {
                        Cause::Expired => prop_assert!(!known.lives(now)),
                        Cause::Replaced => prop_assert!(gone == key && known.lives(now)),
                        _ => {
                            prop_assert!(known.lives(now) && model.known.len() + 1 >= capacity);
                            // Nothing else is over, unless the clock was ahead.
                            prop_assert!(
                                now < model.latest || model.known.values().all(|known| known.lives(now))
                            );
                        }
                    }
                }
                model.insert(key, value, own);
            }
            Step::Get(key) => prop_assert_eq!(cache.get(&key).copied(), model.get(key)),
            Step::Peek(key) => {
                let known = alive(&model, &key).map(|known| known.value);
                prop_assert_eq!(cache.peek(&key).copied(), known);
                prop_assert_eq!(cache.contains(&key), known.is_some());
            }
            Step::Remove(key) => {
                let known = alive(&model, &key).map(|known| known.value);
                prop_assert_eq!(cache.remove(&key), known);
            }
            Step::Retain(below) => cache.retain(|key, _| *key < below),
            Step::Forward(by) => model.now = (now + by).min(u64::MAX / STEP),
            Step::Back(by) => model.now = now.saturating_sub(by),
            Step::Sweep => {
                cache.remove_expired();
                let still = |known: &Known| known.lives(now) || now < model.latest;
                prop_assert!(cache.len() <= model.known.values().filter(|known| still(known)).count());
            }
            Step::Clear => cache.clear(),
        }
        for (gone, what, cause) in left.borrow_mut().drain(..) {
            let known = model.known.remove(&gone);
            prop_assert!(known.is_some_and(|known| known.value == what), "told of once");
            let over = known.is_some_and(|known| !known.lives(now));
            match cause {
                Cause::Expired => prop_assert!(over),
                Cause::Removed => prop_assert!(!over || matches!(step, Step::Clear)),
                _ => prop_assert!(false, "{:?} of {:?}", cause, step),
            }
        }
        model.latest = model.latest.max(model.now);
        clock.set(life(model.now));
        prop_assert_eq!(cache.len(), model.known.len());
        prop_assert!(cache.len() <= capacity);
        let there = cache.iter().map(|(key, value)| (*key, *value)).collect::<HashMap<_, _>>();
        let alive = model.known.iter().filter(|(_, known)| known.lives(model.now));
        prop_assert_eq!(there, alive.map(|(key, known)| (*key, known.value)).collect::<HashMap<_, _>>());
    }
    Ok(())
}

/// Who leaves first among what lives.
fn orders() -> impl Strategy<Value = AnyPolicy> {
    prop_oneof![
        Just(AnyPolicy::from(Lru)),
        Just(Fifo.into()),
        Just(S3Fifo.into()),
        Just(WTinyLfu::default().into()),
    ]
}

proptest! {
    #![proptest_config(cases(256))]

    /// What is served is what lives, to the moment; what leaves is told of once, for the right cause.
    #[test]
    fn serves_what_lives(
        steps in steps(),
        rule in 0..RULES.len(),
        small in any::<bool>(),
        order in orders(),
    ) {
        let clock = ManualClock::new();
        let own = PerEntryTtl::new(order).with_clock(clock.clone());
        let rule = RULES[rule];
        let (age, idle) = (life(rule.age), life(rule.idle));
        let capacity = if small { 4 } else { 100 };
        let aged = |policy| Ttl::new(policy, age).with_clock(clock.clone());
        match (rule.age, rule.idle) {
            (u64::MAX, u64::MAX) => follow(own, &clock, rule, capacity, &steps)?,
            (_, u64::MAX) => follow(aged(own), &clock, rule, capacity, &steps)?,
            (u64::MAX, _) => follow(Tti::new(own, idle).with_clock(clock.clone()), &clock, rule, capacity, &steps)?,
            _ => {
                let both = Tti::new(aged(own), idle).with_clock(clock.clone());
                follow(both, &clock, rule, capacity, &steps)?;
            }
        }
    }
}
