//! `#[pooled(reset)]` at run time: what stays in its slot, what is dropped and when, whatever panics or is leaked.
#![cfg(feature = "macros")]

use std::cell::{Cell, RefCell};
use std::mem::forget;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nebula_memory::{FixedPool, PoolBox, PoolSlot, Pooled, StaticPool};

thread_local! {
    static LOG: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    /// What panics when it is reached.
    static PANICS: Cell<&'static str> = const { Cell::new("") };
}

fn log(what: &'static str) {
    // A pool may drop what it has kept when the thread's own variables have ended.
    let _ = LOG.try_with(|log| log.borrow_mut().push(what));
    assert!(PANICS.get() != what, "{what}");
}

fn logged() -> Vec<&'static str> {
    LOG.take()
}

/// Runs `f`, in which `what` panics.
fn panicking(what: &'static str, f: impl FnOnce()) {
    PANICS.set(what);
    assert!(catch_unwind(AssertUnwindSafe(f)).is_err(), "{what}");
    PANICS.set("");
}

/// Logs its drop.
#[derive(Debug)]
struct Noisy(&'static str);

impl Drop for Noisy {
    fn drop(&mut self) {
        log(self.0);
    }
}

#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Request {
    id: u64,
    #[pooled(reset = clear)]
    bytes: Vec<u8>,
    #[pooled(default = 3, reset = default)]
    tries: u8,
    #[pooled(default = 7, reset = keep)]
    uses: u32,
    #[pooled(reset = keep)]
    note: Option<String>,
    #[pooled(skip = String::from("scratch"), reset = |text| text.truncate(3))]
    scratch: String,
    #[pooled(default)]
    fresh: Vec<u8>,
}

#[test]
fn fields_stay_as_they_say() {
    let mut first = Request::acquire().unwrap().id(1).finish();
    assert_eq!(
        (first.id, first.bytes.len(), first.tries, first.uses, first.note.is_none()),
        (1, 0, 3, 7, true)
    );
    assert_eq!(first.scratch, "scratch");
    first.bytes.extend([1; 1000]);
    first.tries = 9;
    first.uses += 1;
    first.note = Some("kept".into());
    first.fresh.push(1);
    let place = first.bytes.as_ptr();
    drop(first);
    assert_eq!(Request::pool().in_use(), 0);

    let mut second = Request::acquire().unwrap().id(2).finish();
    assert_eq!((second.id, second.bytes.len(), second.bytes.as_ptr()), (2, 0, place));
    assert!(second.bytes.capacity() >= 1000 && second.fresh.is_empty());
    assert_eq!((second.tries, second.uses, second.note.as_deref()), (3, 8, Some("kept")));
    assert_eq!(second.scratch, "scr");
    second.note = None;
    drop(second);

    // Set in the builder, the old value is dropped.
    let third = Request::acquire().unwrap().uses(100).id(3).bytes(vec![5]).tries(4).finish();
    assert_eq!((third.uses, &*third.bytes, third.tries, third.note.is_none()), (100, &[5][..], 4, true));
    assert_eq!(size_of_val(&third), size_of::<usize>());
    drop(third);

    // Only in the type's own pool.
    let pool = FixedPool::<Request, 1>::new();
    for _ in 0..2 {
        let mut own = Request::build_in(&pool).unwrap().id(4).finish();
        assert_eq!(own.bytes.capacity(), 0);
        own.bytes.push(1);
    }
    assert_eq!(Request::builder().id(5).build().uses, 7);
}

/// A type whose pool has one slot and which logs everything.
macro_rules! job {
    ($name:ident $(, $key:meta)*) => {
        #[derive(Pooled)]
        #[pooled(capacity = 1, on_acquire = |_| log("acquired"), on_release = |_| log("released"))]
        $(#[pooled($key)])*
        #[allow(dead_code)]
        struct $name {
            name: Noisy,
            #[pooled(default = Noisy("kept"), reset = |_| log("reset"))]
            kept: Noisy,
            #[pooled(default = Noisy("other"), reset = keep)]
            other: Noisy,
            #[pooled(default = Noisy("plain"))]
            plain: Noisy,
        }
    };
}

const PLAIN: [&str; 2] = ["name", "plain"];
const ALL: [&str; 4] = ["name", "kept", "other", "plain"];

fn cat(parts: &[&[&'static str]]) -> Vec<&'static str> {
    parts.concat()
}

#[test]
fn hooks_then_resets_then_what_does_not_stay() {
    job!(Job);
    let make = || -> PoolBox<Job> { Job::acquire().unwrap().name(Noisy("name")).finish() };
    drop(make());
    assert_eq!(logged(), cat(&[&["acquired", "released", "reset"], &PLAIN]));
    drop(make());
    assert_eq!(logged(), cat(&[&["acquired", "released", "reset"], &PLAIN]));
    drop(Job::acquire().unwrap().kept(Noisy("new")).name(Noisy("name")).finish());
    assert_eq!(logged(), cat(&[&["kept", "acquired", "released", "reset"], &PLAIN]));
    // As the last one left it.
    let last = make();
    assert_eq!((last.kept.0, logged()), ("new", vec!["acquired"]));
    drop(PoolBox::into_inner(last));
    assert_eq!(logged(), ["released", "name", "new", "other", "plain"]);
    let fresh = make();
    assert_eq!((fresh.kept.0, Job::pool().in_use()), ("kept", 1));
}

#[test]
fn a_builder_that_is_dropped_leaves_what_it_has_not_set() {
    job!(Job);
    let make = || Job::acquire().unwrap().name(Noisy("name")).finish();
    // Nothing kept yet: what was set is dropped.
    drop(Job::acquire().unwrap().kept(Noisy("set")));
    assert_eq!(logged(), ["set"]);
    drop(make());
    logged();
    drop(Job::acquire().unwrap().name(Noisy("name")));
    assert_eq!(logged(), ["name"]);
    drop(
        Job::acquire()
            .unwrap()
            .kept(Noisy("first"))
            .kept_with(|kept| kept.write(Noisy("second")))
            .plain(Noisy("set")),
    );
    assert_eq!(logged(), ["kept", "first", "second", "set"]);
    // The other one is still there, and this one is made anew.
    let value = make();
    assert_eq!((value.kept.0, value.other.0, logged()), ("kept", "other", vec!["acquired"]));
    drop(value);
    logged();
    panicking("value", || {
        drop(Job::acquire().unwrap().other(Noisy("new")).name({
            log("value");
            Noisy("name")
        }));
    });
    assert_eq!((logged(), Job::pool().in_use()), (vec!["other", "value", "new"], 0));
    drop(make());
    assert_eq!(logged(), cat(&[&["acquired", "released", "reset"], &PLAIN]));
}

#[test]
fn a_panic_in_a_reset_or_a_hook_drops_the_whole_value() {
    job!(Job);
    let make = || Job::acquire().unwrap().name(Noisy("name")).finish();
    drop(make());
    logged();
    let value = make();
    panicking("reset", || drop(value));
    assert_eq!((logged(), Job::pool().in_use()), (cat(&[&["acquired", "released", "reset"], &ALL]), 0));
    let value = make();
    panicking("released", || drop(value));
    assert_eq!((logged(), Job::pool().in_use()), (cat(&[&["acquired", "released"], &ALL]), 0));
    drop(make());
    logged();
    panicking("acquired", || drop(make()));
    assert_eq!((logged(), Job::pool().in_use()), (cat(&[&["acquired"], &ALL]), 0));
    drop(make());
    assert_eq!(logged(), cat(&[&["acquired", "released", "reset"], &PLAIN]));
}

#[test]
fn a_panic_in_a_destructor_keeps_nothing_and_drops_the_rest() {
    job!(Job);
    let make = || Job::acquire().unwrap().name(Noisy("name")).finish();
    for panics in PLAIN {
        let value = make();
        panicking(panics, || drop(value));
        let expected = cat(&[&["acquired", "released", "reset"], &PLAIN, &["kept", "other"]]);
        assert_eq!((logged(), Job::pool().in_use()), (expected, 0));
    }
    drop(make());
    logged();
    // The old value, when it is replaced: the new one is dropped too, the other one stays.
    panicking("kept", || drop(Job::acquire().unwrap().kept(Noisy("new"))));
    assert_eq!((logged(), Job::pool().in_use()), (vec!["kept", "new"], 0));
    let value = make();
    assert_eq!((value.kept.0, logged()), ("kept", vec!["acquired"]));
    drop(value);
    logged();
    // One that was set, in a builder that is dropped.
    panicking("new", || drop(Job::acquire().unwrap().other(Noisy("new")).plain(Noisy("set"))));
    assert_eq!((logged(), Job::pool().in_use()), (vec!["other", "new", "set"], 0));
    drop(make());
    assert_eq!(logged(), cat(&[&["acquired", "released", "reset"], &PLAIN]));
}

#[test]
fn a_panic_in_a_default_leaves_what_was_kept() {
    #[derive(Pooled)]
    #[pooled(capacity = 1)]
    #[allow(dead_code)]
    struct Item {
        #[pooled(default = Noisy("kept"), reset = keep)]
        kept: Noisy,
        #[pooled(default = { log("default"); Noisy("plain") })]
        plain: Noisy,
    }
    drop(Item::acquire().unwrap().finish());
    assert_eq!(logged(), ["default", "plain"]);
    panicking("default", || drop(Item::acquire().unwrap().finish()));
    assert_eq!((logged(), Item::pool().in_use()), (vec!["default"], 0));
    drop(Item::acquire().unwrap().plain(Noisy("set")).finish());
    assert_eq!(logged(), ["set"]);
}

#[test]
fn what_is_no_builder_gets_an_empty_slot() {
    job!(Job);
    let make = || Job::acquire().unwrap().name(Noisy("name")).finish();
    drop(make());
    logged();
    let slot = PoolSlot::acquire(StaticPool::<Job>::new()).unwrap();
    assert_eq!(logged(), ["kept", "other"]);
    let value = slot.write(Job::builder().name(Noisy("name")).kept(Noisy("written")).build());
    drop(value);
    assert_eq!(logged(), cat(&[&["acquired", "released", "reset"], &PLAIN]));
    assert_eq!(make().kept.0, "written");
    logged();
    // `build_in` begins with nothing; its object is kept all the same, for the slot is one of the type's pool.
    let value = Job::build_in(StaticPool::new()).unwrap().name(Noisy("name")).finish();
    assert_eq!((value.kept.0, logged()), ("kept", vec!["written", "other", "acquired"]));
    drop(value);
    assert_eq!(logged(), cat(&[&["acquired", "released", "reset"], &PLAIN])[1..]);
    panicking("other", || drop(PoolSlot::acquire(StaticPool::<Job>::new())));
    assert_eq!((logged(), Job::pool().in_use()), (vec!["kept", "other"], 0));
    let (slot, value) = PoolBox::take(make());
    logged();
    drop(value);
    assert_eq!(logged(), ALL);
    drop(slot);
    assert_eq!((logged(), Job::pool().in_use()), (vec![], 0));
}

#[test]
fn what_is_forgotten_only_keeps_its_slot() {
    #[derive(Pooled)]
    #[pooled(capacity = 3)]
    #[allow(dead_code)]
    struct Item {
        #[pooled(default = Noisy("kept"), reset = keep)]
        kept: Noisy,
    }
    let all = [0; 3].map(|_| Item::acquire().unwrap().finish());
    drop(all);
    forget(Item::acquire().unwrap());
    forget(Item::acquire().unwrap().kept(Noisy("new")));
    assert_eq!((logged(), Item::pool().available()), (vec!["kept"], 1));
    forget(Item::acquire().unwrap().finish());
    assert_eq!((logged(), Item::acquire().is_err()), (vec![], true));
}

#[test]
fn objects_of_one_type_hold_each_other() {
    #[derive(Pooled)]
    #[pooled(capacity = 3, on_release = |node| drop(node.next.take()))]
    struct Node {
        next: Option<PoolBox<Node>>,
        #[pooled(default, reset = |path| path.clear())]
        path: Vec<u32>,
        #[pooled(reset = keep)]
        back: Option<PoolBox<Node>>,
    }
    let mut first = Node::acquire().unwrap().finish();
    let inner = Node::acquire().unwrap().next(Node::acquire().unwrap().finish()).path(vec![1]).finish();
    first.next = Some(inner);
    assert_eq!(Node::pool().available(), 0);
    drop(first);
    assert_eq!(Node::pool().available(), 3);
    // What stays in a slot may be an object of the same pool, in use for as long.
    let back = Node::acquire().unwrap().finish();
    drop(Node::acquire().unwrap().back(back).finish());
    assert_eq!(Node::pool().in_use(), 1);
    let both = [(); 2].map(|()| Node::acquire().unwrap().finish());
    assert!(Node::acquire().is_err() && both.iter().all(|node| node.path.is_empty()));
}

#[test]
fn alignment_and_values_without_size() {
    #[derive(Debug, Default, PartialEq)]
    #[repr(align(4096))]
    struct Page([u8; 8]);
    #[derive(Pooled)]
    #[pooled(capacity = 2, align = 8192)]
    struct Pages {
        #[pooled(reset = keep, default)]
        page: Page,
        #[pooled(reset = default)]
        nothing: Option<()>,
        mark: u8,
    }
    for round in 1..=3 {
        let mut pages: Vec<_> = (0..2).map(|_| Pages::acquire().unwrap().mark(1).finish()).collect();
        for page in &mut pages {
            assert_eq!((&raw const **page).addr() % 8192, 0);
            page.page.0[0] += page.mark;
            assert_eq!((page.page.0[0], page.nothing.replace(())), (round, None));
        }
    }
}

#[test]
fn values_without_size() {
    #[derive(Pooled)]
    #[pooled(capacity = 2)]
    #[allow(dead_code)]
    struct Token {
        #[pooled(reset = default)]
        nothing: [Noisy; 0],
    }
    for _ in 0..3 {
        let both = [(); 2].map(|()| Token::acquire().unwrap().finish());
        assert!(Token::acquire().is_err() && both[0].nothing.is_empty());
    }
}

#[test]
fn threads_find_what_others_left() {
    #[derive(Pooled)]
    #[pooled(capacity = 4, stats)]
    struct Buffer {
        owner: usize,
        #[pooled(reset = clear)]
        bytes: Vec<usize>,
    }
    let rounds = if cfg!(miri) { 20 } else { 5_000 };
    std::thread::scope(|scope| {
        for owner in 0..4 {
            scope.spawn(move || {
                for round in 0..rounds {
                    let Ok(builder) = Buffer::acquire() else { continue };
                    if round % 5 == 0 {
                        continue;
                    }
                    let mut value = builder.owner(owner).finish();
                    assert!(value.bytes.is_empty());
                    value.bytes.extend([round; 3]);
                    assert_eq!((value.owner, &*value.bytes), (owner, &[round; 3][..]));
                }
            });
        }
    });
    let stats = Buffer::pool().stats();
    assert_eq!((stats.in_use, Buffer::pool().available(), stats.capacity), (0, 4, 4));
    assert_eq!(stats.acquired, stats.released);
}

#[cfg(feature = "alloc")]
#[test]
fn objects_on_the_heap_are_dropped() {
    job!(Job, on_exhausted = heap);
    let make = || Job::acquire().unwrap().name(Noisy("name")).finish();
    let (pooled, heap) = (make(), make());
    logged();
    drop(heap);
    assert_eq!(logged(), cat(&[&["released"], &ALL]));
    drop(Job::acquire().unwrap().kept(Noisy("set")));
    assert_eq!(logged(), ["set"]);
    let heap = make();
    drop(pooled);
    assert_eq!(logged(), cat(&[&["acquired", "released", "reset"], &PLAIN]));
    panicking("reset", || drop(make()));
    assert_eq!(logged(), cat(&[&["acquired", "released", "reset"], &ALL]));
    drop(PoolBox::into_inner(heap));
    assert_eq!((logged(), Job::pool().available()), (cat(&[&["released"], &ALL]), 1));
}

#[cfg(feature = "std")]
#[test]
fn a_thread_drops_what_its_pool_has_kept() {
    use nebula_memory::LocalPool;

    job!(Job, threading = local);
    let make = || -> PoolBox<Job, LocalPool<Job>> { Job::acquire().unwrap().name(Noisy("name")).finish() };
    std::thread::spawn(move || {
        drop(make());
        drop(make());
        assert_eq!(logged().len(), 10);
        drop(Job::acquire().unwrap().kept(Noisy("new")).name(Noisy("name")).finish());
        assert_eq!((logged()[0], make().kept.0), ("kept", "new"));
    })
    .join()
    .unwrap();
}

#[cfg(feature = "std")]
#[test]
fn nothing_is_left_of_a_thread() {
    #[derive(Pooled)]
    #[pooled(capacity = 2, threading = local, stats)]
    struct Shared {
        #[pooled(reset = keep)]
        value: Option<std::sync::Arc<u8>>,
    }
    let value = std::sync::Arc::new(1);
    let again = value.clone();
    std::thread::spawn(move || {
        for _ in 0..2 {
            let all: Vec<_> =
                (0..2).map(|_| Shared::acquire().unwrap().value(again.clone()).finish()).collect();
            assert!(Shared::acquire().is_err() && all.iter().all(|shared| shared.value.is_some()));
        }
        assert_eq!((std::sync::Arc::strong_count(&again), Shared::pool().stats().high_water), (4, 2));
    })
    .join()
    .unwrap();
    assert_eq!(std::sync::Arc::strong_count(&value), 1);
}
