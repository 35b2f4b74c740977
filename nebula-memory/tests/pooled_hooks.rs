//! `#[pooled(on_acquire = …, on_release = …)]` at run time: once each, in pairs, whatever panics.
#![cfg(feature = "macros")]

use std::cell::RefCell;
use std::mem::forget;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nebula_memory::pooled::Hooked;
use nebula_memory::{FixedPool, PoolBox, PoolSlot, Pooled, StaticPool};

thread_local! {
    static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

fn log(what: &'static str) {
    LOG.with_borrow_mut(|log| log.push(what));
}

fn logged() -> Vec<&'static str> {
    LOG.take()
}

/// Logs its drop; panics in it if told to.
struct Noisy(&'static str, bool);

impl Drop for Noisy {
    fn drop(&mut self) {
        log(self.0);
        assert!(!self.1, "drop");
    }
}

fn panics(f: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(f)).is_err()
}

#[derive(Clone, Copy, PartialEq)]
enum Panics {
    Never,
    OnAcquire,
    OnRelease,
}

#[derive(Pooled)]
#[pooled(capacity = 8, on_acquire = Self::start, on_release = stop)]
struct Job {
    name: Noisy,
    panics: Panics,
    #[pooled(default)]
    uses: u32,
    #[pooled(default = Noisy("default", false))]
    last: Noisy,
}

impl Job {
    fn start(&mut self) {
        log(if self.last.0 == "default" { "acquired" } else { "acquired without default" });
        assert!(self.panics != Panics::OnAcquire, "hook");
        self.uses += 1;
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        log("drop");
    }
}

fn stop(job: &mut Job) {
    log("released");
    job.uses += 10;
    assert!(job.panics != Panics::OnRelease, "hook");
}

type Jobs = FixedPool<Job, 2>;
type Boxed<'a> = PoolBox<Job, Hooked<&'a Jobs>>;

fn job(pool: &Jobs, panics: Panics) -> Boxed<'_> {
    Job::build_in(pool).unwrap().name(Noisy("name", false)).panics(panics).finish()
}

#[test]
fn hooks_run_after_the_last_field_and_before_the_first_drop() {
    let pool = Jobs::new();
    let value = job(&pool, Panics::Never);
    assert_eq!((logged(), value.uses), (vec!["acquired"], 1));
    drop(value);
    assert_eq!((logged(), pool.in_use()), (vec!["released", "drop", "name", "default"], 0));
}

#[test]
fn the_static_pool_has_the_hooks_and_the_small_box() {
    let value: PoolBox<Job> =
        Job::acquire().unwrap().name(Noisy("name", false)).panics(Panics::Never).finish();
    assert_eq!(logged(), ["acquired"]);
    drop(value);
    assert_eq!(logged(), ["released", "drop", "name", "default"]);
    // Not twice, although both handles know them.
    let value =
        Job::build_in(StaticPool::new()).unwrap().name(Noisy("name", false)).panics(Panics::Never).finish();
    drop(value);
    assert_eq!(logged(), ["acquired", "released", "drop", "name", "default"]);
}

#[test]
fn an_abandoned_builder_and_a_plain_value_have_no_hooks() {
    let pool = Jobs::new();
    drop(Job::build_in(&pool).unwrap().name(Noisy("name", false)));
    assert_eq!((logged(), pool.in_use()), (vec!["name"], 0));
    drop(Job::builder().name(Noisy("name", false)).panics(Panics::Never).build());
    assert_eq!(logged(), ["drop", "name", "default"]);
}

#[test]
fn a_value_that_is_moved_out_is_released() {
    let pool = Jobs::new();
    let value = PoolBox::into_inner(job(&pool, Panics::Never));
    assert_eq!((logged(), value.uses, pool.in_use()), (vec!["acquired", "released"], 11, 0));
    let (slot, again) = PoolBox::take(job(&pool, Panics::Never));
    assert_eq!((logged(), pool.in_use()), (vec!["acquired", "released"], 1));
    let back = slot.write(again);
    assert_eq!((logged(), back.uses), (vec!["acquired"], 12));
    drop((value, back));
    let dropped = ["drop", "name", "default"];
    assert_eq!((logged(), pool.in_use()), ([&dropped[..], &["released"], &dropped].concat(), 0));
}

#[test]
fn a_panic_on_acquire_drops_the_value_without_releasing_it() {
    let pool = Jobs::new();
    assert!(panics(|| drop(job(&pool, Panics::OnAcquire))));
    assert_eq!((logged(), pool.in_use()), (vec!["acquired", "drop", "name", "default"], 0));
    let slot = PoolSlot::acquire(StaticPool::<Job>::new()).unwrap();
    let value = Job::builder().name(Noisy("name", false)).panics(Panics::OnAcquire).build();
    assert!(panics(|| drop(slot.write(value))));
    assert_eq!(logged(), ["acquired", "drop", "name", "default"]);
}

#[test]
fn a_panic_on_release_still_drops_the_value_once() {
    let pool = Jobs::new();
    for leave in
        [drop::<Boxed<'_>>, |value| drop(PoolBox::into_inner(value)), |value| drop(PoolBox::take(value))]
    {
        assert!(panics(|| leave(job(&pool, Panics::OnRelease))));
        assert_eq!((logged(), pool.in_use()), (vec!["acquired", "released", "drop", "name", "default"], 0));
    }
}

#[test]
fn a_panic_in_the_drop_of_a_released_value_gives_the_slot_back() {
    let pool = Jobs::new();
    let value = Job::build_in(&pool).unwrap().name(Noisy("name", true)).panics(Panics::Never).finish();
    assert!(panics(|| drop(value)));
    assert_eq!((logged(), pool.in_use()), (vec!["acquired", "released", "drop", "name", "default"], 0));
}

#[test]
fn a_forgotten_value_is_not_released() {
    let pool = Jobs::new();
    forget(job(&pool, Panics::Never));
    assert_eq!((logged(), pool.in_use()), (vec!["acquired"], 1));
}

#[test]
fn a_hook_may_use_the_pool_it_is_called_by() {
    #[derive(Pooled)]
    #[pooled(capacity = 2, on_release = Self::again)]
    struct Echo {
        left: u32,
    }
    impl Echo {
        fn again(&mut self) {
            if self.left > 0 {
                // The slot of `self` is in use still, so there is one more and not two.
                let inner = Echo::acquire().unwrap().left(0).finish();
                assert_eq!((Echo::pool().in_use(), inner.left), (2, 0));
                assert!(Echo::acquire().is_err());
            }
        }
    }
    drop(Echo::acquire().unwrap().left(1).finish());
    assert_eq!(Echo::pool().in_use(), 0);
}

#[test]
fn hooks_of_generic_types() {
    #[derive(Pooled)]
    #[pooled(on_acquire = |value| value.items[0] = value.items[N - 1].clone())]
    struct Items<'a, T: Clone, const N: usize> {
        items: [T; N],
        name: &'a str,
    }
    let pool = FixedPool::<Items<'_, String, 2>, 1>::new();
    let name = String::from("n");
    let value = Items::build_in(&pool).unwrap().name(&name).items(["a".into(), "b".into()]).finish();
    assert_eq!((value.items[0].as_str(), value.name), ("b", "n"));
}
