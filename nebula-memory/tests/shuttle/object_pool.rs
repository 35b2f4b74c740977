use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use nebula_memory::pool::{
    CreateError, ObjectHooks, ObjectPool, PoolError, PoolStats, PooledObject, Priority, Recipe,
};
use shuttle::rand::{Rng, thread_rng};
use shuttle::sync::Arc;
use shuttle::thread;

use crate::{check, join};

/// An object that notices a second owner.
#[derive(Default)]
struct Object {
    in_use: AtomicBool,
}

impl Object {
    fn work(&self) {
        assert!(!self.in_use.swap(true, Ordering::Relaxed), "two owners");
        thread::yield_now();
        self.in_use.store(false, Ordering::Relaxed);
    }
}

/// Makes objects, and fails every fifth time.
#[derive(Default)]
struct Unreliable(AtomicUsize);

impl ObjectHooks<Object> for Unreliable {
    fn on_release(&self, object: &mut Object) {
        object.work();
    }
}

impl Recipe<Object> for Unreliable {
    fn create(&self) -> Result<Object, CreateError> {
        match self.0.fetch_add(1, Ordering::Relaxed) % 5 {
            4 => Err("refused".into()),
            _ => Ok(Object::default()),
        }
    }
}

type Pool = ObjectPool<Object, Unreliable>;

fn pool(max: usize) -> Arc<Pool> {
    Arc::new(Pool::with_recipe(max, Unreliable::default()))
}

/// What was not lost on the way, when nobody is at work.
#[track_caller]
fn assert_even(stats: &PoolStats) {
    assert_eq!((stats.held, stats.waiting), (0, 0), "{stats:?}");
    assert_eq!(stats.size, stats.idle, "{stats:?}");
    assert_eq!(stats.created + stats.adopted, stats.destroyed + stats.detached + stats.idle, "{stats:?}");
}

/// Gets an object in one of the ways there are, and gives it back in another. False when the pool was closed.
fn visit(pool: &Pool) -> bool {
    let asked = match thread_rng().gen_range(0..4) {
        0 => pool.try_acquire(),
        1 => pool.acquire_with(Priority::HIGH),
        2 => return visit_as_task(pool),
        _ => pool.acquire(),
    };
    let object = match asked {
        Ok(object) => object,
        Err(PoolError::Create(_) | PoolError::Exhausted { .. }) => return true,
        Err(PoolError::Closed) => return false,
        Err(error) => panic!("{error}"),
    };
    object.work();
    match thread_rng().gen_range(0..8) {
        0 => drop(PooledObject::detach(object)),
        1 => drop(pool.adopt(PooledObject::detach(object))),
        2 => {
            let holder = AssertUnwindSafe(move || {
                let _object = object;
                std::panic::resume_unwind(Box::new("the holder gives up"));
            });
            assert!(catch_unwind(holder).is_err());
        }
        _ => drop(object),
    }
    true
}

/// A task that gives up after it was polled a few times.
fn visit_as_task(pool: &Pool) -> bool {
    let mut task = pin!(pool.acquire_async());
    for _ in 0..thread_rng().gen_range(1..4) {
        match task.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(object)) => {
                object.work();
                return true;
            }
            Poll::Ready(Err(PoolError::Closed)) => return false,
            Poll::Ready(Err(_)) => return true,
            Poll::Pending => thread::yield_now(),
        }
    }
    true
}

/// A deadlock (an object that is idle while somebody waits for it) ends the run.
#[test]
fn everybody_is_served() {
    check(20_000, || {
        let pool = pool(2);
        let threads = [(); 4].map(|()| {
            let pool = Arc::clone(&pool);
            thread::spawn(move || (0..4).for_each(|_| assert!(visit(&pool))))
        });
        join(threads);
        assert_even(&pool.stats());
    });
}

#[test]
fn care_is_taken_meanwhile() {
    check(20_000, || {
        let pool = pool(3);
        let threads = [(); 3].map(|()| {
            let pool = Arc::clone(&pool);
            thread::spawn(move || (0..4).for_each(|_| assert!(visit(&pool))))
        });
        for _ in 0..3 {
            match thread_rng().gen_range(0..4) {
                0 => pool.resize(thread_rng().gen_range(1..4)),
                1 => pool.shrink_to(1),
                2 => pool.retain(|object| {
                    object.work();
                    thread_rng().gen_bool(0.5)
                }),
                _ => drop(pool.maintain()),
            }
        }
        join(threads);
        let stats = pool.stats();
        assert_even(&stats);
        assert!(stats.size <= stats.capacity, "{stats:?}");
    });
}

#[test]
fn nobody_waits_for_a_pool_that_was_closed() {
    check(20_000, || {
        let pool = pool(2);
        let threads = [(); 3].map(|()| {
            let pool = Arc::clone(&pool);
            thread::spawn(move || while visit(&pool) {})
        });
        (0..4).for_each(|_| thread::yield_now());
        pool.close();
        join(threads);
        let stats = pool.stats();
        assert_even(&stats);
        assert_eq!(stats.size, 0, "{stats:?}");
    });
}
