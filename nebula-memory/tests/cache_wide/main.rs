//! Caches of one owner and of many, with times, pins, weights and a budget at once, whatever panics: against a ledger of every value.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

mod ledger;
mod stage;
#[path = "../support/mod.rs"]
mod support;
mod tested;

use std::sync::Arc;

use nebula_memory::cache::expiry::{PerEntryTtl, Tti, Ttl};
use nebula_memory::cache::policy::{
    Adaptive, AnyPolicy, Elastic, Fifo, Lfu, Lives, Lru, Pins, Policy, Random, S3Fifo, Sieve, WTinyLfu,
};
use nebula_memory::cache::{Cache, Cause, Charged, Pinnable};
use nebula_memory::{Budget, BudgetUsage, Shared};
use proptest::prelude::*;

use ledger::{Rule, Step, follow, steps};
use stage::{Hook, Key, STAGE, Value, Watch, call, stage, time};
use support::cases;
use tested::{Hasher32, Under};

fn weigh(_: &Key, value: &Value) -> u32 {
    call(Hook::Weigh);
    value.weight
}

fn listen(key: &Key, value: &Value, cause: Cause) {
    stage().told.borrow_mut().push((key.0, value.number, cause));
    call(Hook::Listen);
}

/// Both kinds with this policy.
fn both<P: Policy<Ranking: Pins + Lives>>(
    policy: P,
    rule: Rule,
    capacity: usize,
    shared: bool,
    budget: Option<&Budget<'_, Shared>>,
    steps: &[(Step, Option<u32>)],
) -> Result<(), TestCaseError> {
    let builder = Cache::builder().capacity(capacity).policy(policy).hasher(Hasher32::default());
    let builder = builder.weigher(weigh).listener(listen).shards(1);
    if shared {
        follow(Under(builder.build_shared()), rule, budget, steps)
    } else {
        follow(Under(builder.build()), rule, budget, steps)
    }
}

fn orders() -> impl Strategy<Value = AnyPolicy> {
    prop_oneof![
        Just(AnyPolicy::from(Lru)),
        Just(Fifo.into()),
        Just(Lfu.into()),
        Just(Sieve.into()),
        Just(S3Fifo.into()),
        Just(Elastic.into()),
        Just(Random::new(3).into()),
        Just(WTinyLfu::default().into()),
        Just(Adaptive.into()),
    ]
}

const RULES: [Rule; 4] = [
    Rule { age: u64::MAX, idle: u64::MAX },
    Rule { age: 15, idle: u64::MAX },
    Rule { age: u64::MAX, idle: 7 },
    Rule { age: 15, idle: 7 },
];

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn whatever_panics_the_books_are_right(
        steps in steps(),
        order in orders(),
        capacity in 0..20_usize,
        rule in 0..RULES.len(),
        shared in any::<bool>(),
        nesting in 0..4_u8,
    ) {
        STAGE.with(|stage| {
            // Of a case that has failed.
            stage.alive.take();
            stage.told.take();
            (stage.keys.set(0), stage.now.set(0))
        });
        let rule = RULES[rule];
        let own = PerEntryTtl::new(order).with_clock(Watch);
        let (age, idle) = (time(rule.age), time(rule.idle));
        match nesting {
            0 => {
                let policy = Pinnable::new(Tti::new(Ttl::new(own, age).with_clock(Watch), idle).with_clock(Watch));
                both(policy, rule, capacity, shared, None, &steps)?;
            }
            1 => {
                let policy = Ttl::new(Tti::new(Pinnable::new(own), idle).with_clock(Watch), age).with_clock(Watch);
                both(policy, rule, capacity, shared, None, &steps)?;
            }
            _ => {
                let notify = |_: BudgetUsage| call(Hook::Notify);
                let budget: Arc<Budget<'_, Shared>> = Arc::new(Budget::new_shared(14).with_soft_limit(10, &notify));
                let policy = Pinnable::new(own);
                if nesting == 2 {
                    let policy = Tti::new(Ttl::new(policy, age).with_clock(Watch), idle).with_clock(Watch);
                    both(Charged::new(policy, Arc::clone(&budget)), rule, capacity, shared, Some(&budget), &steps)?;
                } else {
                    let policy = Ttl::new(Charged::new(policy, Arc::clone(&budget)), age).with_clock(Watch);
                    let policy = Tti::new(policy, idle).with_clock(Watch);
                    both(policy, rule, capacity, shared, Some(&budget), &steps)?;
                }
            }
        }
    }
}
