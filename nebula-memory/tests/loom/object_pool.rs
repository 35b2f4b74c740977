//! Threads and tasks that take, give back, wait, cancel and close.
//!
//! Each model is of two or three threads. An object that is lost (idle, while somebody waits) is a deadlock, which loom
//! finds; one with two owners is a race for its cell.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc as StdArc;
use std::task::{Context, Poll, Wake, Waker};

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicUsize, Ordering};
use loom::thread;
use nebula_memory::allocator::free_list_model::{become_thread, number_of_thread};
use nebula_memory::pool::{Make, ObjectPool, PoolError, PooledObject};

/// An object that loom watches: two owners, or one that does not see what the one before did, are an error.
struct Object(UnsafeCell<u32>);

// SAFETY: it goes from owner to owner, which is what is to be proven.
unsafe impl Send for Object {}

impl Object {
    fn new() -> Self {
        Self(UnsafeCell::new(0))
    }

    fn touch(&self) {
        self.0.with_mut(|count| {
            // SAFETY: what loom checks.
            unsafe { *count += 1 }
        });
    }
}

type Pool = ObjectPool<Object, Make<fn() -> Object>>;

fn pool(max: usize) -> Arc<Pool> {
    Arc::new(Pool::with_recipe(max, Make(Object::new)))
}

/// A model that is explored as far as two preemptions of one run go. Its free list is the real one, so a run has more steps
/// than loom takes for too many.
fn model(run: impl Fn() + Sync + Send + 'static) {
    explore(2, run);
}

/// One of three threads, which would have more runs than can be waited for: its threads have no slots at hand, only the stack
/// that all share. Hand-over between threads with slots at hand is the free list's models.
fn large_model(run: impl Fn() + Sync + Send + 'static) {
    explore(2, move || {
        become_thread(WITHOUT);
        run();
    });
}

fn explore(preemptions: usize, run: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(preemptions));
    builder.max_branches = 20_000;
    builder.check(move || {
        become_thread(FIRST);
        run();
    });
}

/// The number of the thread that a model begins with; each that it spawns has one more. How numbers are given is another
/// model's.
const FIRST: u32 = 1;
/// That of a thread that has no number.
const WITHOUT: u32 = u32::MAX;

fn spawn<O: 'static>(pool: &Arc<Pool>, run: impl FnOnce(&Pool) -> O + 'static) -> thread::JoinHandle<O> {
    let pool = Arc::clone(pool);
    let number = match number_of_thread() {
        Some(_) => FIRST + u32::try_from(Arc::strong_count(&pool)).unwrap() - 1,
        None => WITHOUT,
    };
    thread::spawn(move || {
        become_thread(number);
        run(&pool)
    })
}

fn visit(pool: &Pool) -> bool {
    match pool.acquire() {
        Ok(object) => {
            object.touch();
            true
        }
        Err(PoolError::Closed) => false,
        Err(error) => panic!("{error}"),
    }
}

/// A waker that counts.
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: StdArc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn counter() -> (StdArc<Count>, Waker) {
    let count = StdArc::new(Count(AtomicUsize::new(0)));
    (StdArc::clone(&count), Waker::from(count))
}

#[track_caller]
fn assert_idle(pool: &Pool, idle: usize) {
    let stats = pool.stats();
    assert_eq!((stats.idle, stats.held, stats.waiting), (idle, 0, 0), "{stats:?}");
    assert_eq!(stats.created, stats.destroyed + stats.detached + stats.idle, "{stats:?}");
}

/// One object, two threads: whoever comes second waits and is woken.
#[test]
fn a_waiter_does_not_miss_a_release() {
    model(|| {
        let pool = pool(1);
        let other = spawn(&pool, visit);
        assert!(visit(&pool));
        assert!(other.join().unwrap());
        assert_idle(&pool, 1);
    });
}

/// The object is out when the waiter comes: only the release can wake it.
#[test]
fn a_release_does_not_miss_a_waiter() {
    model(|| {
        let pool = pool(1);
        let held = pool.acquire().unwrap();
        let other = spawn(&pool, visit);
        held.touch();
        drop(held);
        assert!(other.join().unwrap());
        assert_idle(&pool, 1);
    });
}

/// Two come back while one waits, and one more is taken without waiting.
#[test]
fn two_releases_and_two_who_want_them() {
    large_model(|| {
        let pool = pool(2);
        let (first, second) = (pool.acquire().unwrap(), pool.acquire().unwrap());
        let one = spawn(&pool, visit);
        let two = spawn(&pool, visit);
        drop(first);
        drop(second);
        assert!(one.join().unwrap() && two.join().unwrap());
        assert_idle(&pool, 2);
    });
}

/// The pool is closed while one waits and another gives back: the waiter gets it or is told, and nothing is left.
#[test]
fn closing_tells_every_waiter_and_leaves_nothing() {
    large_model(|| {
        let pool = pool(1);
        let held = pool.acquire().unwrap();
        let waiter = spawn(&pool, visit);
        let closer = spawn(&pool, Pool::close);
        drop(held);
        waiter.join().unwrap();
        assert!(closer.join().unwrap());
        let stats = pool.stats();
        assert_eq!((stats.size, stats.created, stats.destroyed), (0, 1, 1), "{stats:?}");
    });
}

/// The pool is closed while an idle object is taken: it is used, and destroyed when it comes back, or not handed out.
#[test]
fn closing_against_acquire_and_release() {
    model(|| {
        let pool = pool(1);
        assert!(visit(&pool));
        let user = spawn(&pool, visit);
        pool.close();
        user.join().unwrap();
        let stats = pool.stats();
        assert_eq!((stats.size, stats.destroyed), (0, 1), "{stats:?}");
        assert!(!visit(&pool));
    });
}

/// A task is dropped while it is being given the object: it passes it on to the thread behind it.
#[test]
fn a_cancelled_task_passes_on() {
    large_model(|| {
        let pool = pool(1);
        let held = pool.acquire().unwrap();
        let (_, waker) = counter();
        let mut task = Box::pin(pool.acquire_async());
        assert!(task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        let behind = spawn(&pool, visit);
        // The guard borrows the pool; what it holds goes to another thread by itself.
        let object = PooledObject::detach(held);
        let giver = spawn(&pool, move |pool| drop(pool.adopt(object)));
        drop(task);
        assert!(behind.join().unwrap());
        giver.join().unwrap();
        let stats = pool.stats();
        assert_eq!((stats.size, stats.held, stats.waiting), (1, 0, 0), "{stats:?}");
    });
}

/// A task that is polled while an object comes back: it is ready at once, or it is woken.
#[test]
fn a_task_is_ready_or_is_woken() {
    model(|| {
        let pool = pool(1);
        let held = pool.acquire().unwrap();
        let task = spawn(&pool, |pool| {
            let (count, waker) = counter();
            let mut task = Box::pin(pool.acquire_async());
            let mut try_it = || task.as_mut().poll(&mut Context::from_waker(&waker));
            // The second poll keeps the place of the first.
            for _ in 0..2 {
                if let Poll::Ready(object) = try_it() {
                    object.unwrap().touch();
                    return;
                }
            }
            while count.0.load(Ordering::SeqCst) == 0 {
                thread::yield_now();
            }
            let Poll::Ready(object) = try_it() else { panic!("woken for nothing") };
            object.unwrap().touch();
        });
        held.touch();
        drop(held);
        task.join().unwrap();
        assert_idle(&pool, 1);
    });
}

/// A place in the queue that is given up while the object comes back, and another that stays.
#[test]
fn one_gives_up_and_one_stays() {
    large_model(|| {
        let pool = pool(1);
        let held = pool.acquire().unwrap();
        let impatient = spawn(&pool, |pool| {
            let (_, waker) = counter();
            let mut task = pin!(pool.acquire_async());
            if let Poll::Ready(object) = task.as_mut().poll(&mut Context::from_waker(&waker)) {
                object.unwrap().touch();
            }
        });
        let patient = spawn(&pool, visit);
        drop(held);
        impatient.join().unwrap();
        assert!(patient.join().unwrap());
        assert_idle(&pool, 1);
    });
}

/// An object is taken out for good while one waits: the waiter makes another.
#[test]
fn detaching_lets_a_waiter_make_one() {
    model(|| {
        let pool = pool(1);
        let held = pool.acquire().unwrap();
        let waiter = spawn(&pool, visit);
        PooledObject::detach(held).touch();
        assert!(waiter.join().unwrap());
        let stats = pool.stats();
        assert_eq!((stats.created, stats.detached, stats.idle), (2, 1, 1), "{stats:?}");
    });
}

/// The pool shrinks while objects come back: there are never more than there may be afterwards.
#[test]
fn shrinking_against_release() {
    model(|| {
        let pool = pool(2);
        let (first, second) = (pool.acquire().unwrap(), pool.acquire().unwrap());
        let other = spawn(&pool, |pool| pool.resize(1));
        drop(first);
        drop(second);
        other.join().unwrap();
        assert_idle(&pool, 1);
    });
}

/// An idle object is looked at by maintenance while another thread wants it: it waits, and gets it.
#[test]
fn what_is_inspected_is_given_to_who_waits() {
    model(|| {
        let pool = pool(1);
        assert!(visit(&pool));
        let other = spawn(&pool, visit);
        pool.retain(|object| {
            object.touch();
            true
        });
        assert!(other.join().unwrap());
        assert_idle(&pool, 1);
    });
}
