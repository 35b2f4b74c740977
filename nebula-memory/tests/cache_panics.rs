//! Whatever a cache calls may panic: the call ends there, the cache is in order, and nothing is lost or dropped twice.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::rc::Rc;

use nebula_memory::cache::policy::{AnyPolicy, Elastic, Fifo, Lfu, Lru, Random, S3Fifo, Sieve, WTinyLfu};
use nebula_memory::cache::{Cache, Cause};

/// What may panic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Hook {
    Hash,
    Eq,
    DropKey,
    DropValue,
    CloneKey,
    CloneValue,
    Weigh,
    Listen,
    Predicate,
}

const HOOKS: [Hook; 9] = [
    Hook::Hash,
    Hook::Eq,
    Hook::DropKey,
    Hook::DropValue,
    Hook::CloneKey,
    Hook::CloneValue,
    Hook::Weigh,
    Hook::Listen,
    Hook::Predicate,
];

/// What was made and not dropped yet, and which call of which hook panics.
#[derive(Default)]
struct Stage {
    alive: RefCell<HashSet<u64>>,
    next: Cell<u64>,
    trap: Cell<Option<(Hook, u32)>>,
    sprung: Cell<u32>,
}

thread_local! {
    static STAGE: Rc<Stage> = Rc::default();
}

struct Sprung;

impl Stage {
    fn call(hook: Hook) {
        let stage = STAGE.with(Rc::clone);
        if std::thread::panicking() {
            return;
        }
        if let Some((which, left)) = stage.trap.get()
            && which == hook
        {
            if left == 0 {
                stage.trap.set(None);
                stage.sprung.set(stage.sprung.get() + 1);
                panic_any(Sprung);
            }
            stage.trap.set(Some((which, left - 1)));
        }
    }
}

/// Something that is known from when it is made until it is dropped.
struct Token(u64);

impl Token {
    fn new() -> Self {
        STAGE.with(|stage| {
            let id = stage.next.replace(stage.next.get() + 1);
            stage.alive.borrow_mut().insert(id);
            Self(id)
        })
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        assert!(STAGE.with(|stage| stage.alive.borrow_mut().remove(&self.0)), "dropped twice");
    }
}

struct Key(u32, #[expect(dead_code, reason = "it is dropped")] Token);
struct Value(u32, #[expect(dead_code, reason = "it is dropped")] Token);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Stage::call(Hook::Hash);
        self.0.hash(state);
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        Stage::call(Hook::Eq);
        self.0 == other.0
    }
}

impl Eq for Key {}

impl Clone for Key {
    fn clone(&self) -> Self {
        Stage::call(Hook::CloneKey);
        key(self.0)
    }
}

impl Clone for Value {
    fn clone(&self) -> Self {
        Stage::call(Hook::CloneValue);
        value(self.0)
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        Stage::call(Hook::DropKey);
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        Stage::call(Hook::DropValue);
    }
}

fn key(number: u32) -> Key {
    Key(number, Token::new())
}

fn value(number: u32) -> Value {
    Value(number, Token::new())
}

fn weigh(_: &Key, value: &Value) -> u32 {
    Stage::call(Hook::Weigh);
    value.0 % 4
}

fn listen(_: &Key, _: &Value, _: Cause) {
    Stage::call(Hook::Listen);
}

type Tried =
    Cache<Key, Value, AnyPolicy, std::hash::RandomState, fn(&Key, &Value) -> u32, fn(&Key, &Value, Cause)>;

fn cache(policy: AnyPolicy) -> Tried {
    Cache::builder()
        .capacity(20)
        .policy(policy)
        .hasher(std::hash::RandomState::new())
        .weigher(weigh as fn(&Key, &Value) -> u32)
        .listener(listen as fn(&Key, &Value, Cause))
        .build()
}

/// One call, with something in it for each hook.
fn act(cache: &mut Tried, call: u32, number: u32) {
    let n = number % 23;
    match call % 12 {
        0 => drop(cache.get(&key(n)).is_some()),
        1..=4 => drop(cache.insert(key(n), value(number))),
        5 => drop(cache.push(key(n), value(number))),
        6 => drop(cache.remove_entry(&key(n))),
        7 => drop(cache.get_or_insert_with(key(n), || value(number)).is_ok()),
        8 => cache.retain(|key, _| {
            Stage::call(Hook::Predicate);
            key.0 % 7 != number % 7
        }),
        9 => cache.resize(10 + number as usize % 15),
        10 => drop(cache.clone()),
        _ if number.is_multiple_of(3) => cache.clear(),
        _ if number % 3 == 1 => drop(cache.drain().take(3).collect::<Vec<_>>()),
        _ => cache.insert_many((0..5).map(|more| (key((n + more) % 23), value(number + more)))),
    }
}

/// All that is there can be found, weighs what it should, and can be taken out.
fn check(cache: &mut Tried) {
    assert!(cache.weight() <= cache.capacity());
    let there: Vec<u32> = cache.keys().map(|key| key.0).collect();
    assert_eq!(there.len(), cache.len());
    let weight: u32 = cache.iter().map(|(_, value)| (value.0 % 4).max(1)).sum();
    assert_eq!(cache.weight(), weight as usize);
    for &number in &there {
        assert!(cache.contains(&key(number)));
    }
    for number in 100..160 {
        cache.insert(key(number), value(number));
    }
    assert!(cache.contains(&key(159)));
    for number in there {
        cache.remove(&key(number));
    }
    for number in 100..160 {
        cache.remove(&key(number));
    }
    assert_eq!((cache.len(), cache.weight()), (0, 0));
}

fn silent(run: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(run)) {
        assert!(panic.is::<Sprung>(), "it was another panic");
    }
}

#[test]
fn a_panic_anywhere_leaves_the_cache_in_order() {
    std::panic::set_hook(Box::new(|info| {
        if !info.payload().is::<Sprung>() {
            eprintln!("{info}");
        }
    }));
    let policies: [AnyPolicy; 8] = [
        Lru.into(),
        Fifo.into(),
        Lfu.into(),
        Sieve.into(),
        S3Fifo.into(),
        Elastic.into(),
        Random::new(3).into(),
        WTinyLfu::default().into(),
    ];
    let stage = STAGE.with(Rc::clone);
    let mut sprung = HashSet::new();
    let mut numbers = 7_u32;
    for policy in policies {
        for hook in HOOKS {
            for round in if cfg!(miri) { 1..3 } else { 0..25 } {
                {
                    let mut cache = cache(policy);
                    for call in 0..40 {
                        numbers = numbers.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        let (call, number) = (numbers >> 8 ^ call, numbers >> 12);
                        stage.trap.set(Some((hook, round % 7 + number % 3)));
                        let before = stage.sprung.get();
                        silent(|| act(&mut cache, call, number));
                        stage.trap.set(None);
                        if stage.sprung.get() > before {
                            sprung.insert(hook);
                        }
                        if round % 5 == 0 {
                            let mut copy = cache.clone();
                            check(&mut copy);
                        }
                    }
                    check(&mut cache);
                }
                assert!(stage.alive.borrow().is_empty(), "{hook:?}: something was lost");
            }
        }
    }
    assert_eq!(sprung.len(), HOOKS.len(), "only {sprung:?} have panicked");
    drop(std::panic::take_hook());
}

#[test]
fn dropping_a_cache_goes_on_after_a_panic() {
    let stage = STAGE.with(Rc::clone);
    for nth in 0..20 {
        let mut cache = cache(Lru.into());
        for number in 0..10 {
            cache.insert(key(number), value(1));
        }
        stage.trap.set(Some((if nth % 2 == 0 { Hook::DropKey } else { Hook::DropValue }, nth / 2)));
        assert!(catch_unwind(AssertUnwindSafe(|| drop(cache))).is_err());
        assert!(stage.alive.borrow().is_empty());
    }
}

#[test]
fn what_is_refused_is_not_lost_if_a_drop_panics() {
    let stage = STAGE.with(Rc::clone);
    for trap in [(Hook::DropKey, 0), (Hook::DropKey, 1), (Hook::DropValue, 0)] {
        let mut cache = cache(Lru.into());
        cache.resize(1);
        cache.insert(key(1), value(1));
        stage.trap.set(Some(trap));
        assert!(catch_unwind(AssertUnwindSafe(|| cache.insert(key(1), value(3)))).is_err());
        stage.trap.set(None);
        assert!(cache.is_empty() && stage.alive.borrow().is_empty());
    }
}

/// `LeakSanitizer` is right about it, and so is Miri.
#[cfg(not(any(nebula_asan, miri)))]
#[test]
fn what_is_drained_and_forgotten_is_lost_and_nothing_else() {
    let mut cache = Cache::builder().capacity(10).policy(Lru).build();
    cache.extend((0..10).map(|n| (n, Rc::new(n))));
    std::mem::forget(cache.drain());
    assert!(cache.is_empty());
    cache.insert(1, Rc::new(1));
    assert_eq!(cache.get(&1).map(|rc| **rc), Some(1));
}

#[test]
fn values_of_any_size_and_alignment() {
    #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[repr(align(4096))]
    struct Page(u8);

    let mut pages = Cache::builder().capacity(5).policy(Sieve).build();
    for n in 0..20 {
        pages.insert(Page(n), Page(n));
        assert!(pages.iter().all(|(key, value)| std::ptr::from_ref(key).is_aligned() && key == value));
    }
    assert_eq!(pages.len(), 5);

    let mut nothing: Cache<(), ()> = Cache::new(3);
    assert_eq!(nothing.insert((), ()), None);
    assert_eq!(nothing.insert((), ()), Some(()));
    assert_eq!((nothing.len(), nothing.remove(&())), (1, Some(())));
}

#[test]
fn a_hasher_that_knows_one_answer_only_costs_time() {
    #[derive(Clone, Default)]
    struct Same;
    impl Hasher for Same {
        fn finish(&self) -> u64 {
            7
        }
        fn write(&mut self, _: &[u8]) {}
    }
    let hasher = std::hash::BuildHasherDefault::<Same>::default();
    let (room, keys) = if cfg!(miri) { (40, 150) } else { (400, 1500_u32) };
    let mut cache = Cache::builder().capacity(room as usize).policy(Lru).hasher(hasher).build();
    for n in 0..keys {
        cache.insert(n, n);
    }
    assert!((keys - room..keys).all(|n| cache.get(&n) == Some(&n)));
    assert!((0..keys - room).all(|n| !cache.contains(&n)));
    cache.clear();
    assert_eq!(cache.insert(1, 1), None);
}
