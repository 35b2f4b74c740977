//! Caches of one owner and of many, with times, pins, weights and a budget at once, whatever panics: against a ledger of every value.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

mod support;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use nebula_memory::cache::expiry::{Clock, PerEntryTtl, Tti, Ttl};
use nebula_memory::cache::policy::{
    Adaptive, AnyPolicy, Fifo, Lfu, Lives, Lru, Pins, Policy, Random, S3Fifo, Sieve, WTinyLfu,
};
use nebula_memory::cache::{Cache, Cause, Charged, Listener, Pinnable, SharedCache, Weigher};
use nebula_memory::{Budget, BudgetUsage, Shared};
use proptest::prelude::*;
use support::cases;

/// What a cache calls that is not its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hook {
    Hash,
    Eq,
    Clone,
    DropKey,
    DropValue,
    Weigh,
    Listen,
    Clock,
    Notify,
    Predicate,
    Make,
}

/// What is alive, what the listener was told, what time it is, and when a call panics.
#[derive(Default)]
struct Stage {
    /// How many values there are of each number.
    alive: RefCell<HashMap<u32, u32>>,
    keys: Cell<u32>,
    told: RefCell<Vec<(u8, u32, Cause)>>,
    now: Cell<u64>,
    /// So many calls, and the next one panics.
    trap: Cell<Option<u32>>,
    sprung: Cell<Option<Hook>>,
}

thread_local! {
    static STAGE: Rc<Stage> = Rc::default();
}

fn stage() -> Rc<Stage> {
    STAGE.with(Rc::clone)
}

fn call(hook: Hook) {
    let stage = stage();
    if std::thread::panicking() {
        return;
    }
    match stage.trap.get() {
        Some(0) => {
            stage.trap.set(None);
            stage.sprung.set(Some(hook));
            // No hook of panics is run for it.
            resume_unwind(Box::new(hook));
        }
        left => stage.trap.set(left.map(|left| left - 1)),
    }
}

struct Key(u8);

impl Key {
    fn new(number: u8) -> Self {
        let stage = stage();
        stage.keys.set(stage.keys.get() + 1);
        Self(number)
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        let stage = stage();
        stage.keys.set(stage.keys.get() - 1);
        call(Hook::DropKey);
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        call(Hook::Hash);
        self.0.hash(state);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        call(Hook::Eq);
        self.0 == other.0
    }
}

impl Eq for Key {}

impl Clone for Key {
    fn clone(&self) -> Self {
        call(Hook::Clone);
        Self::new(self.0)
    }
}

/// A value has a number of its own; its clones have the same.
struct Value {
    number: u32,
    weight: u32,
}

impl Value {
    fn new(number: u32, weight: u32) -> Self {
        *stage().alive.borrow_mut().entry(number).or_default() += 1;
        Self { number, weight }
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        {
            let stage = stage();
            let mut alive = stage.alive.borrow_mut();
            let count = alive.get_mut(&self.number).expect("dropped twice");
            *count -= 1;
            if *count == 0 {
                alive.remove(&self.number);
            }
        }
        call(Hook::DropValue);
    }
}

impl Clone for Value {
    fn clone(&self) -> Self {
        call(Hook::Clone);
        Self::new(self.number, self.weight)
    }
}

/// The time that the stage says.
#[derive(Clone, Copy, Debug)]
struct Watch;

impl Clock for Watch {
    fn now(&self) -> Duration {
        call(Hook::Clock);
        time(stage().now.get())
    }
}

/// All times are multiples of as many nanoseconds, which is as exact as entries are put away.
fn time(steps: u64) -> Duration {
    Duration::from_nanos(steps.saturating_mul(1 << 16))
}

/// With the number of the value, as it is in the cache.
type There = Vec<(u8, u32)>;

/// The two kinds of caches, as far as they do the same.
trait Tested {
    const SHARED: bool;

    fn get(&mut self, key: u8) -> Option<u32>;
    fn peek(&self, key: u8) -> Option<u32>;
    fn insert(&mut self, key: u8, value: Value) -> Option<u32>;
    fn try_insert(&mut self, key: u8, value: Value) -> bool;
    fn insert_for(&mut self, key: u8, value: Value, life: Duration);
    fn remove(&mut self, key: u8) -> Option<u32>;
    fn get_or_insert(&mut self, key: u8, make: impl FnOnce() -> Value) -> Option<u32>;
    fn pin(&mut self, key: u8) -> bool;
    fn unpin(&mut self, key: u8) -> bool;
    fn is_pinned(&self, key: u8) -> bool;
    fn invalidate_if(&mut self, is_invalid: impl FnMut(&Key, &Value) -> bool) -> usize;
    fn resize(&mut self, capacity: usize);
    fn clear(&mut self);
    fn remove_expired(&mut self) -> usize;
    /// What one kind alone can do.
    fn other(&mut self, key: u8, which: u8, value: Value);
    fn there(&self) -> There;
    fn figures(&self) -> (usize, usize, usize);
    /// Drops what has left.
    fn reclaim(&self);
}

fn number(value: &Value) -> u32 {
    value.number
}

/// A cache that is tested.
struct Under<C>(C);

macro_rules! both {
    ($self:ident) => {
        fn pin(&mut $self, key: u8) -> bool {
            $self.0.pin(&Key::new(key))
        }

        fn unpin(&mut $self, key: u8) -> bool {
            $self.0.unpin(&Key::new(key))
        }

        fn is_pinned(&$self, key: u8) -> bool {
            $self.0.is_pinned(&Key::new(key))
        }

        fn resize(&mut $self, capacity: usize) {
            $self.0.resize(capacity);
        }

        fn clear(&mut $self) {
            $self.0.clear();
        }

        fn remove_expired(&mut $self) -> usize {
            $self.0.remove_expired()
        }

        fn invalidate_if(&mut $self, is_invalid: impl FnMut(&Key, &Value) -> bool) -> usize {
            $self.0.invalidate_if(is_invalid)
        }

        fn remove(&mut $self, key: u8) -> Option<u32> {
            $self.0.remove(&Key::new(key)).as_ref().map(number)
        }

        fn try_insert(&mut $self, key: u8, value: Value) -> bool {
            $self.0.try_insert(Key::new(key), value).is_ok()
        }

        fn insert_for(&mut $self, key: u8, value: Value, life: Duration) {
            let _ = $self.0.insert_for(Key::new(key), value, life);
        }

        fn figures(&$self) -> (usize, usize, usize) {
            ($self.0.len(), $self.0.weight(), $self.0.capacity())
        }
    };
}

type Hasher32 = std::hash::BuildHasherDefault<Narrow>;

/// Few hashes, so that keys share them.
#[derive(Default)]
struct Narrow(u64);

impl Hasher for Narrow {
    fn finish(&self) -> u64 {
        self.0.wrapping_mul(0x9E37_79B9_7F4A_7C15)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 + u64::from(*byte)) % 11;
        }
    }
}

impl<P, W, L> Tested for Under<Cache<Key, Value, P, Hasher32, W, L>>
where
    P: Policy<Ranking: Pins + Lives>,
    W: Weigher<Key, Value>,
    L: Listener<Key, Value>,
{
    const SHARED: bool = false;

    both!(self);

    fn get(&mut self, key: u8) -> Option<u32> {
        self.0.get(&Key::new(key)).map(number)
    }

    fn peek(&self, key: u8) -> Option<u32> {
        self.0.peek(&Key::new(key)).map(number)
    }

    fn insert(&mut self, key: u8, value: Value) -> Option<u32> {
        self.0.insert(Key::new(key), value).as_ref().map(number)
    }

    fn get_or_insert(&mut self, key: u8, make: impl FnOnce() -> Value) -> Option<u32> {
        self.0.get_or_insert_with(Key::new(key), make).ok().map(|value| value.number)
    }

    fn other(&mut self, key: u8, which: u8, value: Value) {
        match which % 6 {
            0 => drop(self.0.pop()),
            1 => drop(self.0.drain().take(2).collect::<Vec<_>>()),
            2 => drop(self.0.push(Key::new(key), value)),
            3 => self.0.extend([(Key::new(key), value)]),
            4 => self.0.retain(|key, _| {
                call(Hook::Predicate);
                key.0 % 3 != which / 6 % 3
            }),
            _ => drop(self.0.entry(Key::new(key)).or_insert(value).map(|there| there.number)),
        }
    }

    fn there(&self) -> There {
        self.0.iter().map(|(key, value)| (key.0, value.number)).collect()
    }

    fn reclaim(&self) {}
}

impl<P, W, L> Tested for Under<SharedCache<Key, Value, P, Hasher32, W, L>>
where
    P: Policy<Ranking: Pins + Lives>,
    W: Weigher<Key, Value>,
    L: Listener<Key, Value>,
{
    const SHARED: bool = true;

    both!(self);

    fn get(&mut self, key: u8) -> Option<u32> {
        self.0.read(&Key::new(key), number)
    }

    fn peek(&self, key: u8) -> Option<u32> {
        self.0.peek(&Key::new(key)).as_ref().map(number)
    }

    fn insert(&mut self, key: u8, value: Value) -> Option<u32> {
        self.0.replace(Key::new(key), value).as_ref().map(number)
    }

    fn get_or_insert(&mut self, key: u8, make: impl FnOnce() -> Value) -> Option<u32> {
        Some(self.0.get_or_insert_with(Key::new(key), make).number)
    }

    fn other(&mut self, key: u8, which: u8, value: Value) {
        match which % 5 {
            0 => drop(self.0.compute(Key::new(key), |old| {
                call(Hook::Make);
                old.is_none().then(|| value.clone())
            })),
            1 => drop(self.0.compute(Key::new(key), |_| {
                call(Hook::Make);
                Some(value.clone())
            })),
            2 => self.0.insert_many([(Key::new(key), value)]),
            3 => self.0.retain(|key, _| {
                call(Hook::Predicate);
                key.0 % 3 != which / 5 % 3
            }),
            _ => drop(self.0.get(&Key::new(key))),
        }
    }

    fn there(&self) -> There {
        let mut all = Vec::new();
        self.0.for_each(|key, value| all.push((key.0, value.number)));
        all
    }

    fn reclaim(&self) {
        self.0.reclaim();
    }
}

#[derive(Clone, Debug)]
enum Step {
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

fn steps() -> impl Strategy<Value = Vec<(Step, Option<u32>)>> {
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
struct Known {
    number: u32,
    weight: u32,
    end: u64,
    idle_end: u64,
    pinned: bool,
    /// Nothing has panicked while its time or its pin was set.
    sure: bool,
}

impl Known {
    fn lives(self, now: u64) -> bool {
        now < self.end && now < self.idle_end
    }
}

/// How long what comes in lives by the policy.
#[derive(Clone, Copy, Debug)]
struct Rule {
    age: u64,
    idle: u64,
}

struct Ledger {
    rule: Rule,
    known: HashMap<u8, Known>,
}

impl Ledger {
    fn live(&self, key: u8) -> Option<Known> {
        self.known.get(&key).copied().filter(|known| known.lives(stage().now.get()))
    }
}

/// A key, the weight and the own life of the value that comes in with it.
fn comes(step: &Step) -> Option<(u8, u32, u64)> {
    match *step {
        Step::Insert(key, weight)
        | Step::TryInsert(key, weight)
        | Step::GetOrInsert(key, weight)
        | Step::Other(key, _, weight) => Some((key, weight, u64::MAX)),
        Step::InsertFor(key, weight, life) => Some((key, weight, life)),
        _ => None,
    }
}

fn follow<C: Tested>(
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
fn settle(
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
fn resync<C: Tested>(cache: &C, ledger: &mut Ledger, step: &Step, sprung: Option<Hook>) {
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

fn check<C: Tested>(
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
