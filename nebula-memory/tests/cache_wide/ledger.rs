//! What is done with a cache, and what has to be in it then.

use std::collections::HashMap;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nebula_memory::cache::Cause;
use nebula_memory::{Budget, Shared};
use proptest::prelude::*;

use crate::stage::{Hook, Value, call, stage, time};
use crate::tested::Tested;

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Get(u8),
    Peek(u8),
    Insert(u8, u32),
    TryInsert(u8, u32),
    InsertFor(u8, u32, u64),
    Remove(u8),
    GetOrInsert(u8, u32),
    Pin(u8),
    Unpin(u8),
    InvalidateIf(u8),
    Resize(usize),
    Clear,
    RemoveExpired,
    Advance(u64),
    Other(u8, u8, u32),
}

pub(crate) fn steps() -> impl Strategy<Value = Vec<(Step, Option<u32>)>> {
    use Step::*;
    let key = || 0..16_u8;
    let weight = || prop_oneof![12 => 0..7_u32, 1 => Just(u32::MAX)];
    let step = prop_oneof![
        6 => key().prop_map(Get),
        1 => key().prop_map(Peek),
        8 => (key(), weight()).prop_map(|(key, weight)| Insert(key, weight)),
        3 => (key(), weight()).prop_map(|(key, weight)| TryInsert(key, weight)),
        4 => (key(), weight(), 0..12_u64).prop_map(|(key, weight, life)| InsertFor(key, weight, life)),
        3 => key().prop_map(Remove),
        3 => (key(), weight()).prop_map(|(key, weight)| GetOrInsert(key, weight)),
        2 => key().prop_map(Pin),
        2 => key().prop_map(Unpin),
        1 => (1..4_u8).prop_map(InvalidateIf),
        2 => (0..24_usize).prop_map(Resize),
        1 => Just(Clear),
        1 => Just(RemoveExpired),
        3 => (0..8_u64).prop_map(Advance),
        5 => (key(), any::<u8>(), weight()).prop_map(|(key, which, weight)| Other(key, which, weight)),
    ];
    let trap = prop_oneof![3 => Just(None), 1 => (0..24_u32).prop_map(Some)];
    prop::collection::vec((step, trap), 0..32)
}

/// A value that has come in and not left.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) number: u32,
    pub(crate) weight: u32,
    pub(crate) end: u64,
    pub(crate) idle_end: u64,
    pub(crate) pinned: bool,
    /// Nothing has panicked while its time or its pin was set.
    pub(crate) sure: bool,
}

impl Known {
    pub(crate) fn lives(self, now: u64) -> bool {
        now < self.end && now < self.idle_end
    }
}

/// How long what comes in lives by the policy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(crate) age: u64,
    pub(crate) idle: u64,
}

pub(crate) struct Ledger {
    pub(crate) rule: Rule,
    pub(crate) known: HashMap<u8, Known>,
}

impl Ledger {
    pub(crate) fn live(&self, key: u8) -> Option<Known> {
        self.known.get(&key).copied().filter(|known| known.lives(stage().now.get()))
    }
}

/// A key, the weight and the own life of the value that comes in with it.
pub(crate) fn comes(step: &Step) -> Option<(u8, u32, u64)> {
    match *step {
        Step::Insert(key, weight)
        | Step::TryInsert(key, weight)
        | Step::GetOrInsert(key, weight)
        | Step::Other(key, _, weight) => Some((key, weight, u64::MAX)),
        Step::InsertFor(key, weight, life) => Some((key, weight, life)),
        _ => None,
    }
}

pub(crate) fn follow<C: Tested>(
    mut cache: C,
    rule: Rule,
    budget: Option<&Budget<'_, Shared>>,
    steps: &[(Step, Option<u32>)],
) -> Result<(), TestCaseError> {
    let stage = stage();
    let mut ledger = Ledger { rule, known: HashMap::new() };
    for ((step, trap), number) in steps.iter().zip(0_u32..) {
        let now = stage.now.get();
        let coming = comes(step).map(|(key, weight, life)| (key, Value::new(number, weight), life));
        stage.sprung.set(None);
        stage.trap.set(*trap);
        let result: Result<Result<(), TestCaseError>, _> = catch_unwind(AssertUnwindSafe(|| {
            let there = |key| ledger.live(key).map(|known| known.number);
            let sure = |key| ledger.known.get(&key).is_none_or(|known| known.sure);
            match (step, coming) {
                (Step::Get(key), _) => {
                    let found = cache.get(*key);
                    prop_assert!(!sure(*key) || found == there(*key), "{found:?}");
                }
                (Step::Peek(key), _) => {
                    let found = cache.peek(*key);
                    prop_assert!(!sure(*key) || found == there(*key), "{found:?}");
                }
                (Step::Insert(key, _), Some((_, value, _))) => {
                    let old = cache.insert(*key, value);
                    prop_assert!(!sure(*key) || old == there(*key), "{old:?}");
                }
                (Step::TryInsert(key, _), Some((_, value, _))) => {
                    let came = cache.try_insert(*key, value);
                    prop_assert_eq!(came, stage.alive.borrow().contains_key(&number));
                }
                (Step::InsertFor(key, ..), Some((_, value, life))) => {
                    cache.insert_for(*key, value, time(life));
                }
                (Step::Remove(key), _) => {
                    let old = cache.remove(*key);
                    prop_assert!(!sure(*key) || old == there(*key), "{old:?}");
                }
                (Step::GetOrInsert(key, _), Some((_, value, _))) => {
                    let got = cache.get_or_insert(*key, || {
                        call(Hook::Make);
                        value
                    });
                    let expected = there(*key).unwrap_or(number);
                    prop_assert!(!sure(*key) || got.is_none_or(|got| got == expected), "{got:?}");
                }
                (Step::Pin(key), _) => {
                    let pinned = cache.pin(*key);
                    prop_assert!(!sure(*key) || pinned == there(*key).is_some());
                }
                (Step::Unpin(key), _) => {
                    let pinned = ledger.live(*key).is_some_and(|known| known.pinned);
                    let was = cache.unpin(*key);
                    prop_assert!(!sure(*key) || pinned == was);
                }
                (Step::InvalidateIf(by), _) => {
                    let gone = ledger.known.iter().filter(|(key, known)| **key % by == 0 && known.lives(now));
                    let (gone, sure) = (gone.count(), ledger.known.values().all(|known| known.sure));
                    let count = cache.invalidate_if(|key, _| {
                        call(Hook::Predicate);
                        key.0 % by == 0
                    });
                    // That of one owner also counts what is over.
                    prop_assert!(!sure || count == gone || !C::SHARED && count >= gone);
                }
                (Step::Resize(capacity), _) => cache.resize(*capacity),
                (Step::Clear, _) => cache.clear(),
                (Step::RemoveExpired, _) => {
                    let over = ledger.known.values().filter(|known| !known.lives(now)).count();
                    let sure = ledger.known.values().all(|known| known.sure);
                    let count = cache.remove_expired();
                    prop_assert!(!sure || count == over);
                }
                (Step::Advance(by), _) => stage.now.set(now + by),
                (Step::Other(key, which, _), Some((_, value, _))) => cache.other(*key, *which, value),
                _ => unreachable!("a value comes in with these"),
            }
            Ok(())
        }));
        stage.trap.set(None);
        let sprung = stage.sprung.get();
        match result {
            Ok(checked) => checked?,
            Err(panic) => prop_assert!(panic.is::<Hook>(), "it was another panic"),
        }
        settle(&mut ledger, step, number, sprung, C::SHARED)?;
        resync(&cache, &mut ledger, step, sprung);
        check(&cache, &ledger, budget)?;
    }
    drop(cache);
    prop_assert!(stage.alive.borrow().is_empty() && stage.keys.get() == 0, "something was lost");
    if let Some(budget) = budget {
        prop_assert_eq!(budget.used(), 0);
    }
    stage.told.take();
    Ok(())
}

/// What has come in and left, by what the listener was told.
pub(crate) fn settle(
    ledger: &mut Ledger,
    step: &Step,
    number: u32,
    sprung: Option<Hook>,
    shared: bool,
) -> Result<(), TestCaseError> {
    let stage = stage();
    let now = stage.now.get();
    let (mut left_at_once, mut pinned) = (false, false);
    for (key, value, cause) in stage.told.take() {
        if value == number {
            // It has come in, and gone in the same step.
            prop_assert!(!left_at_once && comes(step).is_some_and(|(of, ..)| of == key));
            left_at_once = true;
            continue;
        }
        let known = ledger.known.remove(&key);
        let Some(known) = known.filter(|known| known.number == value) else {
            prop_assert!(false, "{} of {} was told of and was not there", value, key);
            continue;
        };
        if !known.sure || sprung.is_some() {
            continue;
        }
        let lives = known.lives(now);
        pinned |= known.pinned && cause == Cause::Replaced;
        match cause {
            Cause::Expired => prop_assert!(!lives),
            Cause::Capacity => {
                prop_assert!(lives && (!known.pinned || matches!(step, Step::Unpin(of) if *of == key)));
            }
            Cause::Replaced => prop_assert!(lives && comes(step).is_some_and(|(of, ..)| of == key)),
            _ => prop_assert!(lives || shared && matches!(step, Step::Clear)),
        }
    }
    if let Some((key, weight, life)) = comes(step)
        && !left_at_once
        && stage.alive.borrow().contains_key(&number)
    {
        // What was there before has been told of.
        let before = ledger.known.insert(
            key,
            Known {
                number,
                weight: weight.max(1),
                end: now.saturating_add(ledger.rule.age).min(now.saturating_add(life)),
                idle_end: now.saturating_add(ledger.rule.idle),
                pinned,
                sure: sprung.is_none(),
            },
        );
        prop_assert!(before.is_none());
    }
    // What leaves together with others is not told of where the listener, or a drop, has panicked.
    if matches!(sprung, Some(Hook::Listen | Hook::DropKey | Hook::DropValue)) && !shared {
        ledger.known.retain(|_, known| stage.alive.borrow().contains_key(&known.number));
    }
    Ok(())
}

/// What a step has done to the times and pins of entries.
pub(crate) fn resync<C: Tested>(cache: &C, ledger: &mut Ledger, step: &Step, sprung: Option<Hook>) {
    let now = stage().now.get();
    let (idle, touched) = match *step {
        Step::Get(key) | Step::GetOrInsert(key, _) => (ledger.rule.idle, Some(key)),
        Step::Other(key, which, _) if C::SHARED && which % 5 == 4 => (ledger.rule.idle, Some(key)),
        Step::Other(key, which, _) if !C::SHARED && which % 6 == 5 => (ledger.rule.idle, Some(key)),
        _ => (0, None),
    };
    for (key, known) in &mut ledger.known {
        if sprung.is_some() {
            known.sure &= sprung != Some(Hook::Clock) && touched != Some(*key);
        } else if touched == Some(*key) && known.lives(now) {
            known.idle_end = known.idle_end.max(now.saturating_add(idle));
        }
        if known.lives(now) {
            known.pinned = cache.is_pinned(*key);
        }
    }
}

pub(crate) fn check<C: Tested>(
    cache: &C,
    ledger: &Ledger,
    budget: Option<&Budget<'_, Shared>>,
) -> Result<(), TestCaseError> {
    let stage = stage();
    let now = stage.now.get();
    cache.reclaim();
    let (len, weight, capacity) = cache.figures();
    let sum = ledger.known.values().map(|known| known.weight as usize).sum::<usize>();
    prop_assert_eq!((len, weight), (ledger.known.len(), sum));
    let pinned: usize = ledger
        .known
        .values()
        .filter(|known| known.pinned || !known.sure)
        .map(|known| known.weight as usize)
        .sum();
    prop_assert!(weight <= capacity.max(pinned), "{} of {}", weight, capacity);
    let alive = (stage.alive.borrow().len(), stage.keys.get() as usize);
    prop_assert_eq!(alive, (len, len), "something was lost");
    prop_assert!(budget.is_none_or(|budget| budget.used() == weight));

    let there = cache.there();
    for &(key, number) in &there {
        let known = ledger.known.get(&key);
        prop_assert!(known.is_some_and(|known| known.number == number && (known.lives(now) || !known.sure)));
    }
    for (&key, known) in ledger.known.iter().filter(|(_, known)| known.sure) {
        let found = known.lives(now).then_some(known.number);
        prop_assert_eq!(cache.peek(key), found);
        prop_assert_eq!(there.contains(&(key, known.number)), found.is_some());
    }
    Ok(())
}
