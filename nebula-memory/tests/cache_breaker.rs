//! No loads while they only fail: the three states, on threads and tasks, against a model, and with whatever panics.
#![cfg(all(not(loom), feature = "cache", feature = "std"))]

mod support;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nebula_memory::cache::expiry::{Clock, ManualClock};
use nebula_memory::cache::layers::{
    BreakerError, CircuitBreakerCache, CircuitBreakerLayer, CircuitState, ComputeCache, OneClass,
};
use proptest::prelude::*;
use support::shelf::Shelf;

type Store<V = u32> = Shelf<u32, V>;
type Over<G = OneClass> = CircuitBreakerCache<u32, u32, ComputeCache<u32, u32, Store>, G, ManualClock>;

const SECOND: Duration = Duration::from_secs(1);

fn layer(clock: &ManualClock) -> CircuitBreakerLayer<OneClass, ManualClock> {
    CircuitBreakerLayer::new().failures(3).window(10 * SECOND).open_for(5 * SECOND).clock(clock.clone())
}

fn cache() -> (Over, ManualClock) {
    let clock = ManualClock::new();
    (ComputeCache::over(Store::new(100)).layer(layer(&clock)), clock)
}

fn fail<G>(cache: &Over<G>, key: u32) -> Result<u32, BreakerError<&'static str>>
where
    G: nebula_memory::cache::layers::Classes<u32>,
{
    cache.try_get_or_compute(key, || Err("no"))
}

fn open_for(time: Duration) -> Result<u32, BreakerError<&'static str>> {
    Err(BreakerError::Open { retry_in: time })
}

const FAILED: Result<u32, BreakerError<&'static str>> = Err(BreakerError::Load("no"));

#[test]
fn it_opens_when_too_much_fails_and_closes_when_a_trial_succeeds() {
    let (cache, clock) = cache();
    for _ in 0..3 {
        assert_eq!(cache.state(&7), CircuitState::Closed);
        assert_eq!(fail(&cache, 7), FAILED);
    }
    assert_eq!(cache.state(&7), CircuitState::Open { retry_in: 5 * SECOND });
    clock.advance(2 * SECOND);
    let refused = cache.try_get_or_compute(8, || -> Result<_, &str> { unreachable!("is not called") });
    assert_eq!(refused, open_for(3 * SECOND));
    clock.advance(3 * SECOND);
    assert_eq!(cache.state(&7), CircuitState::HalfOpen);
    // A trial that fails opens it for as long again.
    assert_eq!(fail(&cache, 7), FAILED);
    assert_eq!(fail(&cache, 7), open_for(5 * SECOND));
    clock.advance(5 * SECOND);
    assert_eq!(cache.try_get_or_compute(7, || Ok::<_, &str>(49)), Ok(49));
    assert_eq!(cache.state(&7), CircuitState::Closed);
    // And nothing is left of what has failed before.
    assert_eq!((fail(&cache, 8), fail(&cache, 8)), (FAILED, FAILED));
    assert_eq!(cache.state(&7), CircuitState::Closed);
}

#[test]
fn what_is_there_is_served_in_any_case() {
    let (cache, _) = cache();
    cache.insert(1, 10);
    for _ in 0..5 {
        let _ = fail(&cache, 7);
    }
    assert_eq!(fail(&cache, 1), Ok(10));
    assert_eq!((cache.get(&1), cache.get(&7), cache.len()), (Some(10), None, 1));
}

#[test]
fn failures_are_forgotten() {
    let (cache, clock) = cache();
    for _ in 0..10 {
        assert_eq!((fail(&cache, 7), fail(&cache, 7)), (FAILED, FAILED));
        clock.advance(10 * SECOND);
    }
    assert_eq!(cache.state(&7), CircuitState::Closed);
    // By and by.
    let _ = (fail(&cache, 7), fail(&cache, 7));
    clock.advance(9 * SECOND);
    assert_eq!(fail(&cache, 7), FAILED);
    assert_eq!(cache.state(&7), CircuitState::Open { retry_in: 5 * SECOND });
}

#[test]
fn a_share_of_failures() {
    let clock = ManualClock::new();
    let cache = ComputeCache::over(Store::new(0)).layer(layer(&clock).failure_rate(0.5, 4));
    for _ in 0..2 {
        assert_eq!(fail(&cache, 7), FAILED);
    }
    assert_eq!(cache.try_get_or_compute(7, || Ok::<_, &str>(1)), Ok(1));
    assert_eq!(cache.state(&7), CircuitState::Closed, "three loads are not enough to tell");
    assert_eq!(cache.try_get_or_compute(7, || Ok::<_, &str>(1)), Ok(1));
    assert!(matches!(cache.state(&7), CircuitState::Open { .. }), "two of four is half");
}

#[test]
fn each_class_has_a_circuit() {
    let clock = ManualClock::new();
    let cache = ComputeCache::over(Store::new(100)).layer(layer(&clock).class_by(|key| key / 100).classes(8));
    for _ in 0..3 {
        let _ = fail(&cache, 101);
    }
    assert_eq!(fail(&cache, 199), open_for(5 * SECOND));
    assert_eq!(fail(&cache, 201), FAILED);
    cache.close(&150);
    assert_eq!(fail(&cache, 199), FAILED);
    // Of classes where nothing fails nothing is known.
    assert_eq!(cache.classes(), 2);
    for key in 0..50 {
        let _ = cache.try_get_or_compute(key * 100, || Ok::<_, &str>(key));
    }
    assert_eq!(cache.classes(), 2);
    // And never of more than there may be.
    for key in 100..1000 {
        let _ = fail(&cache, key * 100);
        assert!(cache.classes() <= 8);
    }
}

/// Of many classes, those go first that are at rest, and what is in use stays.
#[test]
fn an_open_circuit_is_not_forgotten_for_those_that_rest() {
    let clock = ManualClock::new();
    let cache = ComputeCache::over(Store::new(100)).layer(layer(&clock).class_by(|key| *key).classes(8));
    for key in 0..7 {
        let _ = fail(&cache, key);
    }
    clock.advance(8 * SECOND);
    for _ in 0..3 {
        let _ = fail(&cache, 100);
    }
    clock.advance(3 * SECOND);
    for key in 10..12 {
        let _ = fail(&cache, key);
    }
    assert_eq!(fail(&cache, 100), open_for(2 * SECOND));
    assert_eq!(cache.classes(), 3);
}

/// As many as are to be tried are let through at the same time, and no more.
#[test]
fn a_few_are_tried() {
    let clock = ManualClock::new();
    let cache = ComputeCache::over(Store::new(0)).layer(layer(&clock).trials(2));
    for _ in 0..3 {
        let _ = fail(&cache, 7);
    }
    clock.advance(5 * SECOND);
    let both = cache.try_get_or_compute(1, || {
        cache.try_get_or_compute(2, || {
            assert_eq!(fail(&cache, 3), open_for(5 * SECOND));
            clock.advance(SECOND);
            assert_eq!(fail(&cache, 3), open_for(4 * SECOND));
            Ok::<_, &str>(1)
        })?;
        assert_eq!(cache.state(&1), CircuitState::HalfOpen);
        Ok::<_, BreakerError<&str>>(2)
    });
    assert_eq!((both, cache.state(&1)), (Ok(2), CircuitState::Closed));
}

/// Trials of which nothing is heard do not keep others from being tried for ever.
#[test]
fn trials_that_take_too_long_are_not_waited_for() {
    let (cache, clock) = cache();
    for _ in 0..3 {
        let _ = fail(&cache, 7);
    }
    clock.advance(5 * SECOND);
    let slow = cache.try_get_or_compute(1, || {
        clock.advance(5 * SECOND);
        assert_eq!(cache.try_get_or_compute(2, || Ok::<_, &str>(2)), Ok(2));
        assert_eq!(cache.state(&1), CircuitState::Closed);
        // Of a time that is over: it changes nothing.
        Err::<u32, _>("late")
    });
    assert_eq!((slow, cache.state(&1)), (Err(BreakerError::Load("late")), CircuitState::Closed));
    assert_eq!(fail(&cache, 3), FAILED);
}

/// What began before the circuit opened says nothing of what is now.
#[test]
fn failures_of_a_time_that_is_over_do_not_count() {
    let (cache, clock) = cache();
    let late = cache.try_get_or_compute(1, || {
        for _ in 0..3 {
            let _ = fail(&cache, 7);
        }
        clock.advance(5 * SECOND);
        assert_eq!(cache.try_get_or_compute(2, || Ok::<_, &str>(2)), Ok(2));
        let _ = (fail(&cache, 7), fail(&cache, 7));
        Err::<u32, _>("late")
    });
    assert_eq!(late, Err(BreakerError::Load("late")));
    assert_eq!(cache.state(&1), CircuitState::Closed);
}

#[test]
fn a_clock_that_goes_back_breaks_nothing() {
    let (cache, clock) = cache();
    clock.set(1000 * SECOND);
    for _ in 0..3 {
        let _ = fail(&cache, 7);
    }
    clock.set(Duration::ZERO);
    assert_eq!(cache.state(&7), CircuitState::Open { retry_in: 5 * SECOND });
    assert_eq!(fail(&cache, 7), open_for(5 * SECOND), "never for longer than it was open at first");
    clock.advance(5 * SECOND);
    assert_eq!(cache.try_get_or_compute(7, || Ok::<_, &str>(1)), Ok(1));
    clock.set(Duration::MAX);
    for _ in 0..3 {
        let _ = fail(&cache, 8);
    }
    assert!(fail(&cache, 8).is_err());
}

#[test]
fn a_panic_is_a_failure() {
    let (cache, clock) = cache();
    for _ in 0..3 {
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            cache.try_get_or_compute(7, || -> Result<u32, &str> { panic!("out of luck") })
        }));
        assert!(panicked.is_err());
    }
    assert_eq!(fail(&cache, 7), open_for(5 * SECOND));
    clock.advance(5 * SECOND);
    // Also that of a trial, which is not lost by it.
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        cache.try_get_or_compute(7, || -> Result<u32, &str> { panic!("out of luck") })
    }));
    assert!(panicked.is_err());
    assert_eq!(fail(&cache, 7), open_for(5 * SECOND));
    clock.advance(5 * SECOND);
    assert_eq!(cache.try_get_or_compute(7, || Ok::<_, &str>(1)), Ok(1));
}

/// A clock that stands still, or panics.
#[derive(Clone, Debug, Default)]
struct Broken(Arc<AtomicBool>);

impl Clock for Broken {
    fn now(&self) -> Duration {
        assert!(!self.0.load(Ordering::Relaxed), "it is broken");
        Duration::ZERO
    }
}

#[test]
fn a_load_is_heard_of_though_the_clock_panics() {
    let clock = Broken::default();
    let layer = CircuitBreakerLayer::new().failures(2).open_for(SECOND).clock(clock.clone());
    let cache = ComputeCache::<u32, u32, Store>::over(Store::new(100)).layer(layer);
    for end in [|| panic!("out of luck"), || Err("no")] {
        let failing = catch_unwind(AssertUnwindSafe(|| {
            cache.try_get_or_compute(7, || -> Result<u32, &str> {
                clock.0.store(true, Ordering::Relaxed);
                end()
            })
        }));
        clock.0.store(false, Ordering::Relaxed);
        assert!(failing.is_err());
    }
    assert_eq!(cache.state(&7), CircuitState::Open { retry_in: SECOND });
}

#[test]
fn a_class_that_panics_changes_nothing() {
    let clock = ManualClock::new();
    let cache = ComputeCache::over(Store::new(10)).layer(layer(&clock).class_by(|key: &u32| {
        assert!(*key != 13, "unlucky");
        *key
    }));
    assert!(catch_unwind(AssertUnwindSafe(|| fail(&cache, 13))).is_err());
    assert_eq!(cache.try_get_or_compute(1, || Ok::<_, &str>(1)), Ok(1));
    assert_eq!(cache.classes(), 0);
}

#[test]
fn the_last_good_value_is_better_than_none() {
    let clock = ManualClock::new();
    let stale = Arc::new(Store::new(10));
    let cache = ComputeCache::over(Store::new(1)).layer(layer(&clock).stale_from(Arc::clone(&stale)));
    assert_eq!(cache.try_get_or_compute(1, || Ok::<_, &str>(10)), Ok(10));
    // It has to go for another one.
    assert_eq!(cache.try_get_or_compute(2, || Ok::<_, &str>(20)), Ok(20));
    for _ in 0..3 {
        assert_eq!(cache.try_get_or_compute(1, || Err("no")), Ok(10));
        assert_eq!(cache.get(&1), None, "it is not kept as if it was new");
    }
    // No load, and still an answer.
    assert_eq!(cache.try_get_or_compute(1, || Err("no")), Ok(10));
    assert_eq!(cache.try_get_or_compute(3, || Err("no")), open_for(5 * SECOND));
    clock.advance(5 * SECOND);
    assert_eq!(cache.try_get_or_compute(1, || Ok::<_, &str>(11)), Ok(11));
    cache.insert(2, 21);
    assert_eq!(cache.try_get_or_compute(1, || Err("no")), Ok(11));
    assert_eq!(cache.len(), 1);
}

/// What was removed, or replaced, does not come back.
#[test]
fn what_was_removed_is_not_the_last_good_value() {
    let clock = ManualClock::new();
    let stale = Arc::new(Store::new(10));
    let cache = ComputeCache::over(Store::new(10)).layer(layer(&clock).stale_from(Arc::clone(&stale)));
    let _ = cache.try_get_or_compute(1, || Ok::<_, &str>(10));
    assert_eq!(cache.remove(&1), Some(10));
    assert_eq!(cache.try_get_or_compute(1, || Err("no")), FAILED);
    cache.insert(1, 11);
    assert_eq!(cache.inner().remove(&1), Some(11));
    assert_eq!(cache.try_get_or_compute(1, || Err("no")), Ok(11));
    cache.clear();
    assert_eq!(cache.try_get_or_compute(1, || Err("no")), FAILED);
    // Also not what was loaded meanwhile.
    cache.close(&4);
    let loaded = cache.try_get_or_compute(4, || {
        cache.remove(&4);
        Ok::<_, &str>(40)
    });
    assert_eq!(loaded, Ok(40));
    cache.inner().remove(&4);
    assert_eq!(cache.try_get_or_compute(4, || Err("no")), FAILED);
}

thread_local! {
    static TOUCHED: Cell<bool> = const { Cell::new(false) };
}

#[derive(Debug, PartialEq)]
struct Touchy(u32);

impl Clone for Touchy {
    fn clone(&self) -> Self {
        assert!(!TOUCHED.get(), "touched");
        Self(self.0)
    }
}

#[test]
fn a_value_that_cannot_be_cloned_harms_nobody() {
    let clock = ManualClock::new();
    let cache = ComputeCache::over(Store::<Touchy>::new(10)).layer(layer(&clock).stale_from(Store::new(10)));
    TOUCHED.set(true);
    for _ in 0..5 {
        let load = || cache.try_get_or_compute(1, || Ok::<_, &str>(Touchy(1)));
        assert!(catch_unwind(AssertUnwindSafe(load)).is_err());
    }
    TOUCHED.set(false);
    // The loads have succeeded, whatever came of their values.
    assert_eq!(cache.state(&1), CircuitState::Closed);
    assert_eq!(cache.try_get_or_compute(1, || Ok::<_, &str>(Touchy(2))), Ok(Touchy(2)));
}

#[test]
fn errors_say_what_to_do() {
    let open = BreakerError::<std::io::Error>::Open { retry_in: 3 * SECOND };
    assert!(open.is_open() && open.to_string().contains("try again in 3s"));
    assert_eq!((open.retry_in(), open.into_load().is_none()), (Some(3 * SECOND), true));
    let load = BreakerError::Load(std::io::Error::other("unplugged"));
    assert!(!load.is_open() && load.to_string().contains("unplugged") && load.retry_in().is_none());
    assert_eq!(std::error::Error::source(&load).unwrap().to_string(), "unplugged");
    assert_eq!(load.into_load().unwrap().to_string(), "unplugged");
}

/// What the circuit of a class is, said as simply as can be: by all that has happened.
#[derive(Default)]
struct Model {
    /// When what was loaded since it closed, and whether it failed.
    loads: Vec<(u64, bool)>,
    open_until: Option<u64>,
    tried: u32,
}

#[derive(Clone, Copy, Debug)]
struct Setting {
    window: u64,
    failures: Option<u32>,
    share: u32,
    loads: u32,
    open_for: u64,
    trials: u32,
}

impl Model {
    /// Whether there is a load, at `now`; and if there is, it goes so.
    fn load(&mut self, now: u64, fails: bool, setting: &Setting) -> Result<(), u64> {
        if let Some(until) = self.open_until {
            if now < until {
                return Err(until - now);
            }
            if fails {
                (self.open_until, self.tried) = (Some(now + setting.open_for), 0);
            } else {
                self.tried += 1;
                if self.tried == setting.trials {
                    *self = Self::default();
                }
            }
            return Ok(());
        }
        self.loads.push((now, fails));
        let part = (setting.window / 10).max(1);
        let recent: Vec<_> = self.loads.iter().filter(|(at, _)| at / part + 10 > now / part).collect();
        let failed = recent.iter().filter(|(_, fails)| *fails).count();
        let too_much = match setting.failures {
            Some(failures) => failed >= failures as usize,
            None => {
                failed > 0
                    && recent.len() >= setting.loads as usize
                    && failed * 4 >= recent.len() * setting.share as usize
            }
        };
        if too_much {
            (self.open_until, self.tried) = (Some(now + setting.open_for), 0);
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(support::cases(256))]

    #[test]
    fn it_is_what_a_list_of_all_loads_says(
        window in 1_u64..200, failures in proptest::option::of(1_u32..5), share in 0_u32..5, loads in 0_u32..6,
        open_for in 1_u64..100, trials in 1_u32..4,
        steps in proptest::collection::vec((0_u64..3, 0_u64..40, 0_usize..2, any::<bool>()), 1..80),
    ) {
        let setting = Setting { window, failures, share, loads, open_for, trials };
        let nanos = Duration::from_nanos;
        let clock = ManualClock::new();
        let layer = CircuitBreakerLayer::new()
            .window(nanos(window))
            .open_for(nanos(open_for))
            .trials(trials)
            .clock(clock.clone())
            .class_by(|key: &u32| *key);
        let layer = match failures {
            Some(failures) => layer.failures(failures),
            None => layer.failure_rate(f64::from(share) / 4.0, loads),
        };
        let cache = ComputeCache::over(Store::new(0)).layer(layer);
        let mut models = [Model::default(), Model::default()];
        let mut now = 0;
        for (scale, step, class, fails) in steps {
            let step = step * [0, 1, 10][usize::try_from(scale).unwrap()];
            now += step;
            clock.advance(nanos(step));
            let key = u32::try_from(class).unwrap();
            let got = cache.try_get_or_compute(key, || if fails { Err("no") } else { Ok(1) });
            let expected = match models[class].load(now, fails, &setting) {
                Err(retry_in) => Err(BreakerError::Open { retry_in: nanos(retry_in) }),
                Ok(()) if fails => Err(BreakerError::Load("no")),
                Ok(()) => Ok(1),
            };
            prop_assert_eq!(got, expected);
        }
    }
}

#[cfg(feature = "async")]
mod tasks {
    use std::future::Future;
    use std::pin::Pin;
    use std::sync::Mutex;
    use std::task::{Context, Poll, Waker};

    use nebula_memory::cache::layers::{AsyncCache, AsyncCircuitBreakerCache};

    use super::support::task::ready;
    use super::*;

    type Over = AsyncCircuitBreakerCache<u32, u32, AsyncCache<u32, u32, Store>, OneClass, ManualClock>;

    fn cache() -> (Over, ManualClock) {
        let clock = ManualClock::new();
        (AsyncCache::over(Store::new(100)).layer(layer(&clock)), clock)
    }

    fn poll<F: Future>(future: &mut Pin<Box<F>>) -> Poll<F::Output> {
        future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }

    fn fail(cache: &Over) -> Result<u32, BreakerError<&'static str>> {
        ready(cache.try_get_or_compute(7, async || Err("no")))
    }

    #[test]
    fn it_opens_and_closes() {
        let (cache, clock) = cache();
        for _ in 0..3 {
            assert_eq!(fail(&cache), FAILED);
        }
        assert_eq!(fail(&cache), open_for(5 * SECOND));
        clock.advance(5 * SECOND);
        assert_eq!(ready(cache.try_get_or_compute(7, async || Ok::<_, &str>(49))), Ok(49));
        assert_eq!((cache.state(&7), cache.get(&7)), (CircuitState::Closed, Some(49)));
    }

    /// What is borrowed by a load is borrowed for as long as it takes: without deduplication nothing has to be `'static` or `Send`.
    #[test]
    fn loads_may_borrow() {
        let (cache, _) = cache();
        let name = std::rc::Rc::new(String::from("name"));
        let load = async || Ok::<_, &str>(u32::try_from(name.len()).unwrap());
        assert_eq!(ready(cache.try_get_or_compute(1, load)), Ok(4));
    }

    #[test]
    fn what_is_given_up_has_not_failed() {
        let (cache, clock) = cache();
        for _ in 0..5 {
            let mut task =
                Box::pin(cache.try_get_or_compute(7, std::future::pending::<Result<u32, &'static str>>));
            assert!(poll(&mut task).is_pending());
        }
        assert_eq!(cache.state(&7), CircuitState::Closed);
        for _ in 0..3 {
            assert_eq!(fail(&cache), FAILED);
        }
        clock.advance(5 * SECOND);
        let mut trial =
            Box::pin(cache.try_get_or_compute(7, std::future::pending::<Result<u32, &'static str>>));
        assert!(poll(&mut trial).is_pending());
        assert_eq!(fail(&cache), open_for(5 * SECOND));
        drop(trial);
        // Somebody else is tried instead.
        assert_eq!(ready(cache.try_get_or_compute(7, async || Ok::<_, &str>(49))), Ok(49));
        assert_eq!(cache.state(&7), CircuitState::Closed);
    }

    /// What is heard of a trial when others are tried already changes nothing.
    #[test]
    fn a_late_trial_does_not_count() {
        let (cache, clock) = cache();
        for _ in 0..3 {
            assert_eq!(fail(&cache), FAILED);
        }
        clock.advance(5 * SECOND);
        let answers = [Cell::new(None), Cell::new(None)];
        let begin = |which: usize| {
            let answer = &answers[which];
            let load =
                async || std::future::poll_fn(|_| answer.get().map_or(Poll::Pending, Poll::Ready)).await;
            Box::pin(cache.try_get_or_compute(u32::try_from(which).unwrap(), load))
        };
        let mut late = begin(0);
        assert!(poll(&mut late).is_pending());
        clock.advance(5 * SECOND);
        let mut trial = begin(1);
        assert!(poll(&mut trial).is_pending());
        answers[0].set(Some(Err("late")));
        assert_eq!(poll(&mut late), Poll::Ready(Err(BreakerError::Load("late"))));
        assert_eq!(cache.state(&7), CircuitState::HalfOpen);
        assert_eq!(fail(&cache), open_for(5 * SECOND), "the other one is still tried");
        answers[1].set(Some(Ok(1)));
        assert_eq!(poll(&mut trial), Poll::Ready(Ok(1)));
        assert_eq!(cache.state(&7), CircuitState::Closed);
    }

    #[test]
    fn a_trial_that_is_leaked_is_not_waited_for() {
        let (cache, clock) = cache();
        for _ in 0..3 {
            assert_eq!(fail(&cache), FAILED);
        }
        clock.advance(5 * SECOND);
        let mut trial =
            Box::pin(cache.try_get_or_compute(7, std::future::pending::<Result<u32, &'static str>>));
        assert!(poll(&mut trial).is_pending());
        // As good as leaked: nobody polls it again, and it is not dropped before all is over.
        assert_eq!(fail(&cache), open_for(5 * SECOND));
        clock.advance(5 * SECOND);
        assert_eq!(ready(cache.try_get_or_compute(7, async || Ok::<_, &str>(49))), Ok(49));
        drop(trial);
    }

    #[test]
    fn a_panic_is_a_failure() {
        let (cache, _) = cache();
        let panicking = Mutex::new(0);
        for _ in 0..3 {
            let load = async || -> Result<u32, &str> {
                *panicking.lock().unwrap() += 1;
                std::panic::resume_unwind(Box::new(()))
            };
            let call = || ready(cache.try_get_or_compute(7, load));
            assert!(catch_unwind(AssertUnwindSafe(call)).is_err());
            panicking.clear_poison();
        }
        assert_eq!(fail(&cache), open_for(5 * SECOND));
    }
}
