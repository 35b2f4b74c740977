//! One load for all tasks that wait for it: the ways in which it can end, on tokio and on tasks that are polled by hand.
#![cfg(all(not(loom), feature = "cache", feature = "async"))]

mod support;

use std::cell::Cell;
use std::future::{Future, pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use nebula_memory::cache::layers::{AsyncCache, AsyncDedupCache};
use support::shelf::Shelf;
use support::task::{Task, ready};

type Over<K, V> = AsyncDedupCache<K, V, AsyncCache<K, V, Shelf<K, V>>>;

fn cache(capacity: usize) -> Arc<Over<u32, u32>> {
    Arc::new(AsyncDedupCache::over(Shelf::new(capacity)))
}

fn tokio<T>(run: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_time().build().unwrap().block_on(run)
}

fn panics<T>(call: impl FnOnce() -> T) -> String {
    let Err(panic) = catch_unwind(AssertUnwindSafe(call)) else { panic!("should have panicked") };
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// What a load waits for, and counts itself at.
#[derive(Clone, Default)]
struct Gate(Arc<Mutex<(bool, Option<Waker>)>>, Arc<AtomicUsize>);

impl Gate {
    fn open(&self) {
        let waker = {
            let mut state = self.0.lock().unwrap();
            state.0 = true;
            state.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Wakes who waits, for nothing.
    fn knock(&self) {
        let waker = self.0.lock().unwrap().1.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    async fn pass(self) {
        poll_fn(|context| {
            self.1.fetch_add(1, Ordering::Relaxed);
            let mut state = self.0.lock().unwrap();
            if state.0 {
                return Poll::Ready(());
            }
            state.1 = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// How often a load was polled that waits for this.
    fn polls(&self) -> usize {
        self.1.load(Ordering::Relaxed)
    }
}

/// A load of 1 behind the gate.
fn load(gate: &Gate) -> impl FnOnce() -> Pin<Box<dyn Future<Output = u32> + Send>> + use<> {
    let gate = gate.clone();
    || {
        Box::pin(async {
            gate.pass().await;
            1
        })
    }
}

#[test]
fn one_load_for_64_callers() {
    tokio(async {
        let (cache, loads) = (cache(10), Arc::new(AtomicUsize::new(0)));
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let (cache, loads) = (Arc::clone(&cache), Arc::clone(&loads));
                tokio::spawn(async move {
                    let load = async move || {
                        loads.fetch_add(1, Ordering::Relaxed);
                        tokio::time::sleep(Duration::from_millis(20)).await;
                        49
                    };
                    cache.get_or_compute(7, load).await
                })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap(), 49);
        }
        assert_eq!(loads.load(Ordering::Relaxed), 1);
        assert_eq!((cache.get(&7), cache.computing()), (Some(49), 0));
    });
}

#[test]
fn what_is_there_is_not_waited_for() {
    let cache = cache(10);
    assert_eq!(ready(cache.get_or_compute(7, async || 49)), 49);
    assert_eq!(ready(cache.get_or_compute(7, || -> std::future::Ready<u32> { panic!("not called") })), 49);
    assert_eq!((cache.len(), cache.computing()), (1, 0));
}

/// The one who began is alive, and is not polled again: it is carried on by who waits.
#[test]
fn a_leader_that_is_never_polled_again_hangs_nobody() {
    let (cache, gate) = (cache(10), Gate::default());
    let mut leader = Task::new(cache.get_or_compute(7, load(&gate)));
    let mut followers: Vec<_> = (0..3).map(|_| Task::new(cache.get_or_compute(7, async || 2))).collect();
    assert!(leader.poll().is_pending());
    for follower in &mut followers {
        assert!(follower.poll().is_pending());
    }
    gate.open();
    assert!(followers.iter().all(|one| one.wakes() == 1), "whoever is polled can carry it on");
    assert_eq!(followers[1].poll(), Poll::Ready(1));
    assert_eq!(cache.get(&7), Some(1));
    // The others have been woken, and have it; so has the leader, if it is polled after all.
    assert_eq!(followers[0].poll(), Poll::Ready(1));
    assert_eq!(followers[2].poll(), Poll::Ready(1));
    assert_eq!(leader.poll(), Poll::Ready(1));
    assert_eq!(cache.computing(), 0);
}

#[test]
fn a_stalled_leader_on_tokio_hangs_nobody() {
    tokio(async {
        let cache = cache(10);
        let slow = async || {
            tokio::time::sleep(Duration::from_millis(20)).await;
            49
        };
        let mut leader = Box::pin(cache.get_or_compute(7, slow));
        // Polled once, and then kept.
        tokio::select! {
            biased;
            _ = &mut leader => unreachable!(),
            () = std::future::ready(()) => {}
        }
        let follower = Arc::clone(&cache);
        let follower = tokio::spawn(async move { follower.get_or_compute(7, async || 2).await });
        assert_eq!(tokio::time::timeout(Duration::from_secs(30), follower).await.unwrap().unwrap(), 49);
        assert_eq!(leader.await, 49);
    });
}

/// A wake that comes while the load is polled, by one who is not polled again afterwards.
#[test]
fn a_wake_in_the_midst_of_a_poll_is_everybodys() {
    let cache = cache(10);
    let polls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&polls);
    let load = move || {
        poll_fn(move |context| {
            if counted.fetch_add(1, Ordering::Relaxed) < 2 {
                context.waker().wake_by_ref();
                Poll::Pending
            } else {
                Poll::Ready(1)
            }
        })
    };
    let mut leader = Task::new(cache.get_or_compute(7, load));
    assert!(leader.poll().is_pending());
    assert_eq!(leader.wakes(), 1);
    let mut follower = Task::new(cache.get_or_compute(7, async || 2));
    assert!(follower.poll().is_pending());
    assert_eq!(follower.wakes(), 1);
    assert_eq!(follower.poll(), Poll::Ready(1));
    assert_eq!(polls.load(Ordering::Relaxed), 3);
}

#[test]
fn an_aborted_leader_hands_over() {
    let (cache, gate) = (cache(10), Gate::default());
    let mut leader = Task::new(cache.get_or_compute(7, load(&gate)));
    let mut follower = Task::new(cache.get_or_compute(7, async || 2));
    assert!(leader.poll().is_pending() && follower.poll().is_pending());
    drop(leader);
    assert_eq!(cache.computing(), 1);
    gate.open();
    assert_eq!((follower.wakes(), follower.poll()), (1, Poll::Ready(1)));
    assert_eq!((cache.get(&7), cache.computing()), (Some(1), 0));
}

#[test]
fn an_aborted_task_on_tokio_hands_over() {
    tokio(async {
        let (cache, gate) = (cache(10), Gate::default());
        let loads = Arc::new(AtomicUsize::new(0));
        let ask = || {
            let (cache, loads, gate) = (Arc::clone(&cache), Arc::clone(&loads), gate.clone());
            tokio::spawn(async move {
                let load = async move || {
                    loads.fetch_add(1, Ordering::Relaxed);
                    gate.pass().await;
                    49
                };
                cache.get_or_compute(7, load).await
            })
        };
        let leader = ask();
        while gate.polls() == 0 {
            tokio::task::yield_now().await;
        }
        let followers: Vec<_> = (0..8).map(|_| ask()).collect();
        leader.abort();
        assert!(leader.await.unwrap_err().is_cancelled());
        gate.open();
        for follower in followers {
            assert_eq!(follower.await.unwrap(), 49);
        }
        // Once, or once more if nobody had come when the first one went.
        assert!((1..=2).contains(&loads.load(Ordering::Relaxed)));
    });
}

#[test]
fn a_load_nobody_waits_for_is_dropped() {
    let (cache, gate) = (cache(10), Gate::default());
    let held = Arc::new(());
    let weak = Arc::downgrade(&held);
    let gone = gate.clone();
    let load = move || async move {
        gone.pass().await;
        drop(held);
        1
    };
    let mut leader = Task::new(cache.get_or_compute(7, load));
    let mut follower = Task::new(cache.get_or_compute(7, async || 2));
    assert!(leader.poll().is_pending() && follower.poll().is_pending());
    drop(leader);
    assert!(weak.upgrade().is_some());
    drop(follower);
    assert!(weak.upgrade().is_none());
    assert_eq!(cache.computing(), 0);
    gate.open();
    assert_eq!(ready(cache.get_or_compute(7, async || 3)), 3);
}

#[test]
fn a_failing_load_is_tried_once_per_round() {
    let (cache, gate) = (cache(10), Gate::default());
    let loads = Arc::new(AtomicUsize::new(0));
    let ask = || {
        let (gate, loads) = (gate.clone(), Arc::clone(&loads));
        Task::new(cache.try_get_or_compute(7, move || async move {
            loads.fetch_add(1, Ordering::Relaxed);
            gate.pass().await;
            Err::<u32, _>("no".to_string())
        }))
    };
    let mut tasks: Vec<_> = (0..16).map(|_| ask()).collect();
    for task in &mut tasks {
        assert!(task.poll().is_pending());
    }
    gate.open();
    for task in &mut tasks {
        assert_eq!(task.poll(), Poll::Ready(Err("no".to_string())));
    }
    assert_eq!((loads.load(Ordering::Relaxed), cache.len(), cache.computing()), (1, 0, 0));
    // Another round tries again.
    assert_eq!(ask().poll(), Poll::Ready(Err("no".to_string())));
    assert_eq!(loads.load(Ordering::Relaxed), 2);
    assert_eq!(ready(cache.try_get_or_compute(7, async || Ok::<_, String>(49))), Ok(49));
}

#[test]
fn errors_of_other_types_are_not_shared() {
    let (cache, gate) = (cache(10), Gate::default());
    let behind = gate.clone();
    let mut leader = Task::new(cache.try_get_or_compute(7, move || async move {
        behind.pass().await;
        Err::<u32, _>("text")
    }));
    let mut other = Task::new(cache.try_get_or_compute(7, async || Err::<u32, _>(404)));
    let mut sure = Task::new(cache.get_or_compute(7, async || 49));
    assert!(leader.poll().is_pending() && other.poll().is_pending() && sure.poll().is_pending());
    gate.open();
    assert_eq!(other.poll(), Poll::Ready(Err(404)));
    assert_eq!(leader.poll(), Poll::Ready(Err("text")));
    assert_eq!(sure.poll(), Poll::Ready(49));
}

/// The panic is that of the one who began, whoever carries the load on; the next one tries.
#[test]
fn a_panicking_load_lets_the_next_try() {
    for polled_by_leader in [true, false] {
        let (cache, gate) = (cache(10), Gate::default());
        let behind = gate.clone();
        let mut leader = Task::new(cache.get_or_compute(7, move || async move {
            behind.pass().await;
            panic!("out of luck")
        }));
        let mut follower = Task::new(cache.get_or_compute(7, async || 2));
        let mut another = Task::new(cache.get_or_compute(7, async || 3));
        assert!(leader.poll().is_pending() && follower.poll().is_pending() && another.poll().is_pending());
        gate.open();
        if polled_by_leader {
            assert_eq!(panics(|| leader.poll()), "out of luck");
            assert_eq!(follower.poll(), Poll::Ready(2));
            assert_eq!(another.poll(), Poll::Ready(2));
        } else {
            // Whoever comes before the leader does not hear of it.
            assert_eq!(follower.poll(), Poll::Ready(2));
            assert_eq!(another.poll(), Poll::Ready(2));
            assert_eq!(panics(|| leader.poll()), "out of luck");
        }
        assert_eq!((cache.get(&7), cache.computing()), (Some(2), 0));
    }
}

/// The closure that makes the future panics; and the panic of a load whose leader has gone is nobody's.
#[test]
fn panics_before_and_after() {
    let (cache, gate) = (cache(10), Gate::default());
    assert_eq!(
        panics(|| ready(cache.get_or_compute(7, || -> std::future::Ready<u32> { panic!("at once") }))),
        "at once"
    );
    assert_eq!(cache.computing(), 0);
    let behind = gate.clone();
    let mut leader = Task::new(cache.get_or_compute(7, move || async move {
        behind.pass().await;
        panic!("out of luck")
    }));
    let mut follower = Task::new(cache.get_or_compute(7, async || 2));
    assert!(leader.poll().is_pending() && follower.poll().is_pending());
    drop(leader);
    gate.open();
    assert_eq!(follower.poll(), Poll::Ready(2));
}

/// What those get who began and waited, while `meanwhile` happens.
fn during_a_load(cache: &Arc<Over<u32, u32>>, meanwhile: impl FnOnce()) -> (u32, u32) {
    let gate = Gate::default();
    let mut leader = Task::new(cache.get_or_compute(7, load(&gate)));
    let mut follower = Task::new(cache.get_or_compute(7, async || 2));
    assert!(leader.poll().is_pending() && follower.poll().is_pending());
    meanwhile();
    gate.open();
    let Poll::Ready(first) = follower.poll() else { panic!("it is there") };
    let Poll::Ready(second) = leader.poll() else { panic!("it is there") };
    assert_eq!(cache.computing(), 0);
    (second, first)
}

#[test]
fn an_insert_during_a_load_wins_over_the_load() {
    let cache = cache(10);
    during_a_load(&cache, || {
        cache.insert(7, 99);
        assert_eq!(ready(cache.get_or_compute(7, async || 3)), 99);
    });
    assert_eq!(cache.get(&7), Some(99));
}

#[test]
fn a_removal_during_a_load_leaves_nothing_behind() {
    let cache = cache(10);
    assert_eq!(during_a_load(&cache, || assert_eq!(cache.remove(&7), None)), (1, 1));
    assert_eq!((cache.get(&7), cache.len()), (None, 0));
    during_a_load(&cache, || cache.clear());
    assert_eq!((cache.get(&7), cache.len()), (None, 0));
    // Who comes after the removal gets what was loaded after it.
    during_a_load(&cache, || {
        cache.remove(&7);
        assert_eq!(ready(cache.get_or_compute(7, async || 3)), 3);
    });
    assert_eq!(cache.get(&7), Some(3));
}

#[test]
fn who_waits_is_not_woken_for_nothing_and_not_polled_for_others() {
    let (cache, gate) = (cache(10), Gate::default());
    let mut leader = Task::new(cache.get_or_compute(7, load(&gate)));
    let mut other = Task::new(cache.get_or_compute(8, async || 3));
    assert!(leader.poll().is_pending());
    assert_eq!(other.poll(), Poll::Ready(3));
    assert_eq!((leader.wakes(), gate.polls()), (0, 1));
    gate.knock();
    assert_eq!(leader.wakes(), 1);
    assert!(leader.poll().is_pending());
    gate.open();
    assert_eq!((leader.wakes(), leader.poll()), (2, Poll::Ready(1)));
}

#[test]
fn a_load_that_asks_for_its_own_key_does_not_hang() {
    let cache = cache(10);
    let same = Arc::clone(&cache);
    let message = panics(|| {
        ready(cache.get_or_compute(7, move || async move { same.get_or_compute(7, async || 1).await }))
    });
    assert!(message.contains("would wait for itself"), "{message}");
    assert_eq!(cache.computing(), 0);
    // Hidden in another executor, with another waker.
    let same = Arc::clone(&cache);
    let message = panics(|| {
        ready(cache.get_or_compute(7, move || async move { ready(same.get_or_compute(7, async || 1)) }))
    });
    assert!(message.contains("would wait for itself"), "{message}");
    // By way of another key, and after it has waited for something.
    let (same, gate) = (Arc::clone(&cache), Gate::default());
    let behind = gate.clone();
    let mut task = Task::new(cache.get_or_compute(7, move || async move {
        behind.pass().await;
        let again = Arc::clone(&same);
        same.get_or_compute(8, move || async move { again.get_or_compute(7, async || 1).await }).await
    }));
    assert!(task.poll().is_pending());
    gate.open();
    assert!(panics(|| task.poll()).contains("would wait for itself"));
    drop(task);
    assert_eq!((ready(cache.get_or_compute(7, async || 2)), cache.computing()), (2, 0));
}

#[test]
fn a_load_may_ask_for_other_keys() {
    fn fibonacci(cache: Arc<Over<u32, u32>>, n: u32) -> Pin<Box<dyn Future<Output = u32> + Send>> {
        Box::pin(async move {
            let inner = Arc::clone(&cache);
            let load = move || async move {
                if n < 2 {
                    return n;
                }
                fibonacci(Arc::clone(&inner), n - 1).await + fibonacci(inner, n - 2).await
            };
            cache.get_or_compute(n, load).await
        })
    }
    let cache = cache(100);
    assert_eq!(ready(fibonacci(Arc::clone(&cache), 40)), 102_334_155);
    assert_eq!((cache.len(), cache.computing()), (41, 0));
}

#[test]
fn who_waits_gets_what_a_store_refuses_with_a_panic() {
    let store = Shelf::<u32, u32>::weighed(10, |&value| assert!(value != 1, "too heavy"));
    let (cache, gate) = (AsyncDedupCache::over(store), Gate::default());
    let mut leader = Task::new(cache.get_or_compute(7, load(&gate)));
    let mut follower = Task::new(cache.get_or_compute(7, async || 2));
    assert!(leader.poll().is_pending() && follower.poll().is_pending());
    gate.open();
    assert_eq!(panics(|| leader.poll()), "too heavy");
    assert_eq!((follower.wakes(), follower.poll()), (1, Poll::Ready(1)));
    assert_eq!((cache.len(), cache.computing()), (0, 0));
}

struct Explodes;

impl Wake for Explodes {
    fn wake(self: Arc<Self>) {
        panic!("not me");
    }
}

/// A waker that panics keeps nobody else from being woken.
#[test]
fn a_waker_that_panics_harms_nobody() {
    let (cache, gate) = (cache(10), Gate::default());
    let mut first = Box::pin(cache.get_or_compute(7, load(&gate)));
    let explodes = Waker::from(Arc::new(Explodes));
    assert!(first.as_mut().poll(&mut Context::from_waker(&explodes)).is_pending());
    let mut second = Task::new(cache.get_or_compute(7, async || 2));
    assert!(second.poll().is_pending());
    gate.open();
    assert_eq!((second.wakes(), second.poll()), (1, Poll::Ready(1)));
}

thread_local! {
    static FRAGILE: Cell<bool> = const { Cell::new(false) };
}

#[derive(Debug, PartialEq)]
struct Fragile(u32);

impl Clone for Fragile {
    fn clone(&self) -> Self {
        assert!(!FRAGILE.get(), "fragile");
        Self(self.0)
    }
}

#[test]
fn a_value_that_cannot_be_cloned_harms_nobody() {
    let cache = AsyncDedupCache::over(Shelf::<u32, Fragile>::new(10));
    let gate = Gate::default();
    let behind = gate.clone();
    let mut leader = Task::new(cache.get_or_compute(7, move || async move {
        behind.pass().await;
        Fragile(1)
    }));
    let mut follower = Task::new(cache.get_or_compute(7, async || Fragile(2)));
    assert!(leader.poll().is_pending() && follower.poll().is_pending());
    gate.open();
    FRAGILE.set(true);
    assert_eq!(panics(|| leader.poll()), "fragile");
    FRAGILE.set(false);
    assert_eq!(follower.poll(), Poll::Ready(Fragile(1)));
    assert_eq!(cache.computing(), 0);
}

/// A future that waits for ever and is leaked keeps its load, which others carry on.
#[test]
fn a_leaked_task_hangs_nobody() {
    let (cache, gate) = (cache(10), Gate::default());
    let mut leader = Task::new(cache.get_or_compute(7, load(&gate)));
    assert!(leader.poll().is_pending());
    // As good as leaked: nobody polls it again, and it is not dropped before all is over.
    let mut follower = Task::new(cache.get_or_compute(7, async || 2));
    assert!(follower.poll().is_pending());
    gate.open();
    assert_eq!(follower.poll(), Poll::Ready(1));
    let mut never = Task::new(cache.get_or_compute(8, pending::<u32>));
    assert!(never.poll().is_pending());
    drop(never);
    assert_eq!(cache.computing(), 0);
    drop(leader);
}

/// Tasks on several threads that load, insert, remove, fail, panic and give up.
#[test]
fn nothing_is_left_of_loads_that_are_done() {
    tokio(async {
        let cache = cache(8);
        let tasks: Vec<_> = (0..8_u32)
            .map(|task| {
                let cache = Arc::clone(&cache);
                tokio::spawn(async move {
                    let mut state = task.wrapping_mul(0x9E37_79B9) | 1;
                    for _ in 0..if cfg!(miri) { 20 } else { 300 } {
                        state ^= state << 13;
                        state ^= state >> 17;
                        state ^= state << 5;
                        let key = state % 5;
                        let slow = move || async move {
                            tokio::task::yield_now().await;
                            tokio::task::yield_now().await;
                            key
                        };
                        match state / 8 % 8 {
                            0 => cache.insert(key, key),
                            1 => {
                                cache.remove(&key);
                            }
                            2 => {
                                let mut given_up = Box::pin(cache.get_or_compute(key, slow));
                                let once = poll_fn(|context| Poll::Ready(given_up.as_mut().poll(context)));
                                let _ = once.await;
                            }
                            3 => {
                                let fail = async || Err::<u32, _>(404);
                                let _ = cache.try_get_or_compute(key, fail).await;
                            }
                            4 => cache.clear(),
                            _ => assert_eq!(cache.get_or_compute(key, slow).await, key),
                        }
                    }
                })
            })
            .collect();
        for task in tasks {
            tokio::time::timeout(Duration::from_secs(60), task).await.expect("nobody hangs").unwrap();
        }
        assert_eq!(cache.computing(), 0);
        assert!(cache.len() <= 5);
    });
}

#[test]
fn its_futures_can_be_sent() {
    fn send(_: impl Send) {}
    let cache = cache(10);
    send(cache.get_or_compute(7, async || 1));
    send(cache.try_get_or_compute(7, async || Ok::<_, String>(1)));
    static_assertions::assert_impl_all!(Over<String, Arc<str>>: Send, Sync);
}
