//! Tasks that wait for objects: cancelled, in order, on tokio and on an executor made by hand.
#![cfg(all(not(loom), feature = "async"))]

mod support;

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use nebula_memory::pool::{
    AsyncPool, AsyncRecipe, CreateError, Make, ObjectHooks, ObjectPool, PoolError, PooledObject, Priority,
};
use static_assertions::assert_impl_all;
use support::task::{Task, ready};

type Texts = ObjectPool<String, Make<fn() -> String>>;

fn texts(max: usize) -> Texts {
    ObjectPool::with_recipe(max, Make(String::new))
}

#[test]
fn a_free_object_is_not_waited_for() {
    let pool = texts(2);
    ready(pool.acquire_async()).unwrap().push_str("kept");
    assert_eq!(*ready(pool.acquire_async()).unwrap(), "kept");
    assert_eq!(pool.stats().waits, 0);
}

#[test]
fn tasks_are_woken_once_in_order_and_only_when_served() {
    let pool = texts(1);
    let held = pool.acquire().unwrap();
    let mut tasks: Vec<_> = (0..3).map(|_| Task::new(pool.acquire_async())).collect();
    for task in &mut tasks {
        assert!(task.poll().is_pending());
        assert!(task.poll().is_pending(), "polled for nothing: keeps its place");
    }
    assert_eq!((pool.stats().waiting, pool.stats().waits), (3, 3));
    drop(held);
    assert_eq!(tasks.iter().map(Task::wakes).collect::<Vec<_>>(), [1, 0, 0]);
    assert!(tasks[1].poll().is_pending(), "not its turn");
    assert!(pool.try_acquire().is_err(), "nobody overtakes");
    for turn in 0..3 {
        let Poll::Ready(object) = tasks[turn].poll() else { panic!("its turn") };
        drop(object.unwrap());
        assert!(
            tasks.iter().enumerate().all(|(task, counted)| counted.wakes() == usize::from(task <= turn + 1))
        );
    }
    assert_eq!((pool.stats().idle, pool.stats().waiting, pool.stats().created), (1, 0, 1));
}

#[test]
fn a_task_that_does_not_wait_overtakes_nobody() {
    let pool = AsyncPool::builder()
        .max(1)
        .create_async(async || Ok::<_, PoolError>(String::new()))
        .build_async()
        .unwrap();
    let held = ready(pool.try_acquire()).unwrap();
    assert!(matches!(ready(pool.try_acquire()), Err(PoolError::Exhausted { capacity: 1 })));
    let mut waiting = Task::new(pool.acquire());
    assert!(waiting.poll().is_pending());
    drop(held);
    assert!(matches!(ready(pool.try_acquire()), Err(PoolError::Exhausted { .. })), "it is another one's");
    let Poll::Ready(object) = waiting.poll() else { panic!("its turn") };
    drop(object.unwrap());
    drop(ready(pool.try_acquire()).unwrap());
    // One is made in the place of one that was taken out.
    pool.shrink_to(0);
    drop(PooledObject::detach(ready(pool.try_acquire()).unwrap()));
    drop(ready(pool.try_acquire()).unwrap());
    pool.close();
    assert!(matches!(ready(pool.try_acquire()), Err(PoolError::Closed)));
    let stats = pool.stats();
    assert!(stats.is_balanced() && (stats.waits, stats.created, stats.held) == (1, 3, 0), "{stats:?}");
}

#[test]
fn living_a_cancelled_task_passes_on_what_it_was_given() {
    let pool = texts(1);
    let held = pool.acquire().unwrap();
    let mut first = Task::new(pool.acquire_async());
    let mut second = Task::new(pool.acquire_async());
    let mut third = Task::new(pool.acquire_async());
    assert!(first.poll().is_pending() && second.poll().is_pending() && third.poll().is_pending());
    // One that was not served leaves no trace.
    drop(second);
    drop(held);
    assert_eq!((first.wakes(), third.wakes()), (1, 0));
    // One that was passes the object on.
    drop(first);
    assert_eq!(third.wakes(), 1);
    // And so does the last one, to nobody.
    drop(third);
    assert_eq!((pool.stats().idle, pool.stats().waiting, pool.stats().size), (1, 0, 1));
    // The right to make one is passed on as an object is.
    let held = pool.acquire().unwrap();
    let (mut first, mut second) = (Task::new(pool.acquire_async()), Task::new(pool.acquire_async()));
    assert!(first.poll().is_pending() && second.poll().is_pending());
    drop(PooledObject::detach(held));
    drop(first);
    assert!(second.poll().is_ready());
}

/// Leaks it, and keeps a pointer to it, so that tools which look for leaks by mistake do not find this one.
fn leak<F>(future: Pin<Box<F>>) {
    static KEPT: AtomicPtr<()> = AtomicPtr::new(std::ptr::null_mut());
    // SAFETY: it is not moved, and nobody has it any more.
    let future = unsafe { Pin::into_inner_unchecked(future) };
    KEPT.store(Box::into_raw(future).cast(), Ordering::Relaxed);
}

#[test]
fn leaked_tasks_and_closed_pools() {
    let pool = texts(1);
    let held = pool.acquire().unwrap();
    let mut leaked = Task::new(pool.acquire_async());
    let mut waiting = Task::new(pool.acquire_async());
    assert!(leaked.poll().is_pending() && waiting.poll().is_pending());
    drop(held);
    leak(leaked.into_future());
    pool.close();
    assert!(matches!(waiting.poll(), Poll::Ready(Err(PoolError::Closed))));
    assert!(matches!(ready(pool.acquire_async()), Err(PoolError::Closed)));
    assert_eq!(pool.stats().held, 1);
}

#[test]
fn threads_and_tasks_wait_in_one_queue() {
    let pool = texts(1);
    let held = pool.acquire().unwrap();
    std::thread::scope(|threads| {
        let mut task = Task::new(pool.acquire_async());
        assert!(task.poll().is_pending());
        let thread = threads.spawn(|| pool.acquire().map(drop));
        while pool.stats().waiting != 2 {
            std::thread::yield_now();
        }
        drop(held);
        let Poll::Ready(object) = task.poll() else { panic!("came first") };
        drop(object);
        thread.join().unwrap().unwrap();
    });
}

/// Connections that take a while, and fail and die as told.
#[derive(Default)]
struct Slow {
    log: Mutex<Vec<&'static str>>,
    fail: AtomicUsize,
    sick: AtomicUsize,
}

/// Pending once.
struct Yield(bool);

impl Future for Yield {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// One less, if it is not zero.
fn due(count: &AtomicUsize) -> bool {
    count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
}

impl Slow {
    fn note(&self, what: &'static str) {
        self.log.lock().unwrap().push(what);
    }
}

impl ObjectHooks<u32> for &Slow {
    fn on_release(&self, _: &mut u32) {
        self.note("release");
    }
    fn on_destroy(&self, _: u32) {
        self.note("destroy");
    }
}

impl AsyncRecipe<u32> for &Slow {
    async fn create(&self) -> Result<u32, CreateError> {
        self.note("create");
        Yield(false).await;
        if due(&self.fail) { Err("refused".into()) } else { Ok(7) }
    }

    async fn is_healthy(&self, _: &mut u32) -> bool {
        self.note("check");
        Yield(false).await;
        !due(&self.sick)
    }
}

assert_impl_all!(AsyncPool<u32, &'static Slow>: Send, Sync);
#[test]
fn creation_and_checks_are_cancelled_without_a_loss() {
    let slow = Slow::default();
    let pool = AsyncPool::with_recipe(1, &slow);
    // While it is being made.
    let mut task = Task::new(pool.acquire());
    let mut next = Task::new(pool.acquire());
    assert!(task.poll().is_pending() && next.poll().is_pending());
    drop(task);
    assert_eq!(next.wakes(), 1, "may make one");
    assert!(next.poll().is_pending());
    let Poll::Ready(object) = next.poll() else { panic!("made") };
    drop(object.unwrap());
    // While it is being checked: nobody knows in what state it is.
    let mut task = Task::new(pool.acquire());
    assert!(task.poll().is_pending());
    drop(task);
    let stats = pool.stats();
    assert_eq!((stats.size, stats.created, stats.destroyed, stats.failed), (0, 1, 1, 1));
    assert_eq!(slow.log.lock().unwrap().split_off(0), ["create", "create", "release", "check", "destroy"]);
    // A failure goes to who asked, and the next one may try.
    slow.fail.store(1, Ordering::Relaxed);
    let (mut task, mut next) = (Task::new(pool.acquire()), Task::new(pool.acquire_with(Priority::HIGH)));
    assert!(task.poll().is_pending() && next.poll().is_pending());
    assert!(matches!(task.poll(), Poll::Ready(Err(PoolError::Create(_)))));
    assert!(next.poll().is_pending());
    assert!(matches!(next.poll(), Poll::Ready(Ok(_))));
}

#[test]
#[cfg_attr(miri, ignore = "takes too long there")]
fn is_driven_by_tokio() {
    static SLOW: LazyLock<Slow> = LazyLock::new(Slow::default);
    let slow = &*SLOW;
    slow.fail.store(3, Ordering::Relaxed);
    slow.sick.store(20, Ordering::Relaxed);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
    let pool = Arc::new(AsyncPool::with_recipe(3, slow));
    runtime.block_on(async {
        let tasks: Vec<_> = (0..8_u32)
            .map(|task| {
                let pool = Arc::clone(&pool);
                tokio::spawn(async move {
                    for round in 0..200 {
                        // Some give up, at whatever moment that is.
                        let patience = Duration::from_micros(u64::from((task * 7 + round) % 5) * 20);
                        if let Ok(object) = tokio::time::timeout(patience, pool.acquire()).await {
                            tokio::task::yield_now().await;
                            drop(object);
                        }
                        let owned = pool.acquire_arc().await;
                        drop(owned);
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
    let stats = pool.stats();
    assert_eq!((stats.held, stats.waiting), (0, 0), "{stats:?}");
    assert_eq!(stats.created, stats.destroyed + stats.idle, "{stats:?}");
    assert!(stats.size <= 3);
    let done = runtime.block_on(pool.maintain()).unwrap();
    assert_eq!(done.created, 0);
    assert_eq!(runtime.block_on(pool.reserve(3)).unwrap(), 3 - stats.idle + done.destroyed);
    pool.close();
    assert_eq!(pool.size(), 0);
}

#[test]
fn a_builder_makes_one_with_hooks() {
    let released = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&released);
    let pool = AsyncPool::builder()
        .create_async(|| async {
            Yield(false).await;
            Ok::<_, std::io::Error>(5_u32)
        })
        .on_release(move |_| {
            counter.fetch_add(1, Ordering::Relaxed);
        })
        .min(2)
        .max(3)
        .track_leaks()
        .build_async()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        assert_eq!(pool.maintain().await.unwrap().created, 2);
        let object = pool.acquire().await.unwrap();
        assert_eq!((*object, pool.leases()[0].location.file()), (5, file!()));
    });
    assert_eq!((released.load(Ordering::Relaxed), pool.size()), (1, 2));
}
