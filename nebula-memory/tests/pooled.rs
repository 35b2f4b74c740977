//! `#[derive(Pooled)]` at run time: what is dropped and when, and where slots go.
#![cfg(feature = "macros")]

use std::cell::{Cell, RefCell};
use std::mem::{align_of_val, forget};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use nebula_memory::{AllocErrorCode, FixedPool, LocalFixedPool, Pooled, StaticPool};

thread_local! {
    static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
    static MADE: Cell<u32> = const { Cell::new(0) };
}

/// Notes its drop; panics in it if told to.
#[derive(Debug)]
struct Noisy {
    name: &'static str,
    panics: bool,
}

fn noisy(name: &'static str) -> Noisy {
    Noisy { name, panics: false }
}

fn panicking(name: &'static str) -> Noisy {
    Noisy { name, panics: true }
}

impl Drop for Noisy {
    fn drop(&mut self) {
        DROPPED.with_borrow_mut(|dropped| dropped.push(self.name));
        assert!(!self.panics, "drop of {}", self.name);
    }
}

impl Default for Noisy {
    fn default() -> Self {
        MADE.set(MADE.get() + 1);
        noisy("default")
    }
}

fn dropped() -> Vec<&'static str> {
    DROPPED.take()
}

/// The message of the panic in `f`.
fn panic_of<R>(f: impl FnOnce() -> R) -> String {
    let payload = catch_unwind(AssertUnwindSafe(|| drop(f()))).expect_err("it panics");
    payload
        .downcast_ref::<String>()
        .cloned()
        .unwrap_or_else(|| payload.downcast_ref::<&str>().unwrap().to_string())
}

#[derive(Pooled, Debug)]
struct Record {
    a: Noisy,
    id: u64,
    b: Noisy,
    #[pooled(default)]
    c: Noisy,
    d: Option<Noisy>,
    #[pooled(skip = noisy("skipped"))]
    e: Noisy,
}

type Records = FixedPool<Record, 2>;

#[test]
fn an_abandoned_builder_drops_what_was_set_and_gives_the_slot_back() {
    let pool = Records::new();
    drop(Record::build_in(&pool).unwrap());
    assert_eq!((dropped(), pool.in_use()), (vec![], 0));
    let builder = Record::build_in(&pool).unwrap().id(1).b(noisy("b")).d(noisy("d"));
    assert_eq!((dropped(), pool.in_use()), (vec![], 1));
    drop(builder);
    assert_eq!((dropped(), pool.in_use()), (vec!["b", "d"], 0));
    drop(Record::builder().b(noisy("b")).a(noisy("a")));
    assert_eq!(dropped(), ["a", "b"]);
}

#[test]
fn a_finished_value_is_dropped_once_in_order_of_declaration() {
    let pool = Records::new();
    let record = Record::build_in(&pool).unwrap().id(1).b(noisy("b")).a(noisy("a")).finish();
    assert_eq!((dropped(), pool.in_use(), record.d.is_none(), record.id), (vec![], 1, true, 1));
    drop(record);
    assert_eq!((dropped(), pool.in_use()), (vec!["a", "b", "default", "skipped"], 0));
}

#[test]
fn an_early_return_between_setters_cleans_up() {
    fn parse(pool: &Records, text: &str) -> Result<u64, Box<dyn std::error::Error>> {
        let record = Record::build_in(pool)?.a(noisy("a")).id(text.parse()?).b(noisy("b")).finish();
        Ok(record.id)
    }
    let pool = Records::new();
    assert!(parse(&pool, "x").is_err());
    assert_eq!((dropped(), pool.in_use()), (vec!["a"], 0));
    assert_eq!(parse(&pool, "5").unwrap(), 5);
    assert_eq!((dropped().len(), pool.in_use()), (4, 0));
}

#[test]
fn a_panic_in_a_value_unwinds_through_the_builder() {
    let pool = Records::new();
    let fail = || -> u64 { panic!("value") };
    let message = panic_of(|| Record::build_in(&pool).unwrap().a(noisy("a")).d(noisy("d")).id(fail()));
    assert_eq!((message.as_str(), dropped(), pool.in_use()), ("value", vec!["a", "d"], 0));
}

#[derive(Pooled)]
struct Failing {
    first: Noisy,
    #[pooled(default = noisy("second"))]
    second: Noisy,
    #[pooled(default = panic!("default"))]
    third: Noisy,
    #[pooled(default = noisy("never"))]
    fourth: Noisy,
}

#[test]
fn a_panic_in_a_default_drops_the_other_fields() {
    let pool = FixedPool::<Failing, 1>::new();
    let message = panic_of(|| Failing::build_in(&pool).unwrap().first(noisy("first")).finish());
    assert_eq!((message.as_str(), dropped(), pool.in_use()), ("default", vec!["first", "second"], 0));
    let value = Failing::build_in(&pool).unwrap().first(noisy("first")).third(noisy("third")).finish();
    let _ = (value.first.name, value.second.name, value.third.name, value.fourth.name);
    drop(value);
    assert_eq!((dropped(), pool.in_use()), (vec!["first", "second", "third", "never"], 0));
}

#[test]
fn a_panic_while_dropping_a_field_does_not_keep_the_others() {
    let pool = Records::new();
    let builder = Record::build_in(&pool).unwrap().a(panicking("a")).b(noisy("b")).d(noisy("d"));
    assert_eq!(panic_of(|| drop(builder)), "drop of a");
    assert_eq!((dropped(), pool.in_use()), (vec!["a", "b", "d"], 0));

    let builder = Record::build_in(&pool).unwrap().a(noisy("a")).b(noisy("b")).d(panicking("d"));
    assert_eq!(panic_of(|| drop(builder)), "drop of d");
    assert_eq!((dropped(), pool.in_use()), (vec!["a", "b", "d"], 0));
}

#[test]
fn setting_again_drops_the_old_value() {
    let pool = Records::new();
    let builder = Record::build_in(&pool).unwrap().c(noisy("c1")).c(noisy("c2"));
    assert_eq!(dropped(), ["c1"]);
    let builder = builder.d(noisy("d1")).d(noisy("d2")).c_with(|c| c.write(noisy("c3")));
    assert_eq!(dropped(), ["d1", "c2"]);
    let record = builder.id(1).a(noisy("a")).b(noisy("b")).finish();
    assert_eq!((record.c.name, record.d.as_ref().unwrap().name), ("c3", "d2"));
    drop(record);
    assert_eq!(dropped(), ["a", "b", "c3", "d2", "skipped"]);
}

#[test]
fn a_panic_while_replacing_drops_the_new_value_and_nothing_twice() {
    let pool = Records::new();
    let builder = Record::build_in(&pool).unwrap().a(noisy("a")).c(panicking("old"));
    assert_eq!(panic_of(|| builder.c(noisy("new"))), "drop of old");
    assert_eq!((dropped(), pool.in_use()), (vec!["old", "a", "new"], 0));

    let builder = Record::build_in(&pool).unwrap().d(panicking("old"));
    assert_eq!(panic_of(|| builder.d(noisy("new"))), "drop of old");
    assert_eq!((dropped(), pool.in_use()), (vec!["old", "new"], 0));
}

#[test]
fn defaults_are_made_only_for_fields_that_are_not_set() {
    MADE.set(0);
    drop(Record::builder().id(1).a(noisy("a")).b(noisy("b")).c(noisy("c")).build());
    assert_eq!(MADE.get(), 0);
    drop(Record::builder().id(1).a(noisy("a")).b(noisy("b")).build());
    assert_eq!(MADE.get(), 1);
    drop(Record::builder().id(1));
    assert_eq!(MADE.get(), 1);
    dropped();
}

/// The value lies in the builder itself, which is borrowed anew by each step.
#[test]
fn a_field_of_a_plain_value_is_set_again() {
    let builder = Record::builder().id(1).a(noisy("a")).c(noisy("c1")).c(noisy("c2"));
    let builder = builder.c_with(|c| c.write(noisy("c3"))).d(noisy("d1")).d(noisy("d2"));
    assert_eq!(dropped(), ["c1", "c2", "d1"]);
    drop(builder);
    assert_eq!(dropped(), ["a", "c3", "d2"]);

    let builder = Record::builder().b(noisy("b")).c(panicking("old"));
    assert_eq!(panic_of(|| builder.c_with(|c| c.write(noisy("new")))), "drop of old");
    assert_eq!(dropped(), ["old", "b"]);
}

#[test]
fn a_forgotten_builder_only_keeps_its_slot() {
    let pool = FixedPool::<u64Holder, 1>::new();
    forget(u64Holder::build_in(&pool).unwrap());
    assert_eq!(pool.available(), 0);
    let error = u64Holder::build_in(&pool).unwrap_err();
    assert_eq!(format!("{:?}", u64Holder::builder()), "u64HolderBuilder { .. }");
    assert_eq!(error.code(), AllocErrorCode::PoolExhausted);
}

#[allow(non_camel_case_types)]
#[derive(Pooled, Debug)]
struct u64Holder {
    #[allow(dead_code)]
    value: u64,
}

#[derive(Pooled)]
struct Arrays {
    noisy: [Noisy; 3],
    numbers: [u32; 8],
    #[pooled(default = [0; 2])]
    more: [u8; 2],
}

#[test]
fn fields_are_initialised_in_place() {
    let pool = FixedPool::<Arrays, 1>::new();
    let names = ["x", "y", "z"];
    let mut inside = 0;
    let value = Arrays::build_in(&pool)
        .unwrap()
        .numbers_with(|mut numbers| {
            inside = numbers.as_uninit_mut().as_ptr().addr();
            numbers.fill_with(|i| u32::try_from(i).unwrap())
        })
        .noisy_with(|slot| slot.fill_with(|i| noisy(names[i])))
        .more_with(|more| more.write_with(|| [1, 2]))
        .finish();
    assert_eq!((value.numbers, value.more), ([0, 1, 2, 3, 4, 5, 6, 7], [1, 2]));
    assert_eq!(inside, (&raw const value.numbers).addr());
    drop(value);
    assert_eq!(dropped(), ["x", "y", "z"]);
}

#[test]
fn a_panic_while_filling_drops_what_was_written() {
    let pool = FixedPool::<Arrays, 1>::new();
    let names = ["x", "y", "z"];
    let message = panic_of(|| {
        Arrays::build_in(&pool)
            .unwrap()
            .noisy_with(|slot| slot.fill_with(|i| if i == 2 { panic!("third") } else { noisy(names[i]) }))
    });
    assert_eq!((message.as_str(), dropped(), pool.in_use()), ("third", vec!["x", "y"], 0));
    let message = panic_of(|| {
        Arrays::build_in(&pool).unwrap().noisy_with(|slot| {
            let _proof = slot.fill_with(|i| noisy(names[i]));
            panic!("after")
        })
    });
    assert_eq!((message.as_str(), dropped(), pool.in_use()), ("after", vec!["x", "y", "z"], 0));
}

#[derive(Pooled, Debug)]
#[pooled(capacity = 2)]
struct Pair {
    left: u32,
    right: Option<Box<u32>>,
}

#[test]
fn a_static_pool_runs_out_and_recovers() {
    assert_eq!((Pair::CAPACITY, Pair::SLOT_SIZE), (2, size_of::<Pair>()));
    const { assert!(Pair::POOL_BYTES >= 2 * Pair::SLOT_SIZE) };
    let first = Pair::acquire().unwrap().left(1).finish();
    let second = Pair::acquire().unwrap();
    assert_eq!((Pair::pool().in_use(), Pair::pool().available()), (2, 0));
    let error = Pair::acquire().unwrap_err();
    assert_eq!(error.code(), AllocErrorCode::PoolExhausted);
    drop(second);
    let third = Pair::build_in(StaticPool::new()).unwrap().right(Box::new(3)).left(3).finish();
    assert_eq!((first.left, third.left), (1, 3));
    drop((first, third));
    assert_eq!(Pair::pool().in_use(), 0);
    assert_eq!(size_of_val(&Pair::acquire().unwrap().left(1).finish()), size_of::<usize>());
}

static ALIVE: AtomicUsize = AtomicUsize::new(0);

#[derive(Pooled)]
#[pooled(capacity = 8)]
struct Shared {
    owner: usize,
    count: Counted,
    #[pooled(default)]
    text: String,
}

#[derive(Default)]
struct Counted;

impl Counted {
    fn new() -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

#[test]
fn threads_share_a_static_pool() {
    let rounds = if cfg!(miri) { 40 } else { 20_000 };
    std::thread::scope(|scope| {
        for owner in 0..4 {
            scope.spawn(move || {
                for round in 0..rounds {
                    let Ok(builder) = Shared::acquire() else { continue };
                    let builder = builder.owner(owner).count(Counted::new());
                    if round % 3 == 0 {
                        continue;
                    }
                    let mut value = builder.finish();
                    value.text.push('x');
                    assert_eq!((value.owner, value.text.as_str()), (owner, "x"));
                }
            });
        }
    });
    assert_eq!((ALIVE.load(Ordering::Relaxed), Shared::pool().in_use()), (0, 0));
}

#[test]
fn a_half_built_value_moves_between_threads() {
    let builder = Shared::acquire().unwrap().owner(1);
    let value = std::thread::spawn(move || builder.count(Counted::new()).text("moved".into()).finish())
        .join()
        .unwrap();
    assert_eq!((value.owner, value.text.as_str()), (1, "moved"));
}

#[repr(align(256))]
#[derive(Debug, PartialEq)]
struct Wide(u8);

#[derive(Debug, PartialEq, Default)]
struct Nothing;

#[repr(align(32))]
#[derive(Debug, PartialEq)]
struct AlignedNothing;

#[derive(Pooled)]
struct Layouts {
    small: u8,
    wide: Wide,
    nothing: Nothing,
    aligned: AlignedNothing,
    none: [Noisy; 0],
    #[pooled(default)]
    unset: Nothing,
    unit: Option<()>,
}

#[derive(Pooled)]
#[pooled(capacity = 3, align = 64)]
struct Empty {
    nothing: Nothing,
}

#[test]
fn alignment_and_fields_without_size() {
    let pool = FixedPool::<Layouts, 2>::new();
    let build = || {
        let builder = Layouts::build_in(&pool).unwrap().aligned(AlignedNothing).wide(Wide(1)).small(2);
        builder.nothing(Nothing).none_with(|none| none.fill_with(|_| unreachable!())).unit(()).finish()
    };
    let (a, b) = (build(), build());
    for value in [&a, &b] {
        assert_eq!((&value.wide, value.small, &value.unset), (&Wide(1), 2, &Nothing));
        assert_eq!((&raw const value.wide).addr() % align_of_val(&value.wide), 0);
        assert_eq!((&raw const value.aligned).addr() % 32, 0);
        assert_eq!((value.none.len(), value.unit, &value.nothing), (0, Some(()), &Nothing));
    }
    let empty: Vec<_> = (0..3).map(|_| Empty::acquire().unwrap().nothing(Nothing).finish()).collect();
    assert!(Empty::acquire().is_err());
    assert!(empty.iter().all(|value| value.nothing == Nothing));
    drop(empty);
    assert_eq!(Empty::pool().available(), 3);
}

#[test]
fn a_pool_of_one_thread_holds_what_is_not_send() {
    #[derive(Pooled)]
    struct Local {
        shared: std::rc::Rc<Cell<u32>>,
    }
    let pool = LocalFixedPool::<Local, 1>::new();
    let shared = std::rc::Rc::new(Cell::new(1));
    let value = Local::build_in(&pool).unwrap().shared(shared.clone()).finish();
    value.shared.set(2);
    drop(value);
    assert_eq!((shared.get(), std::rc::Rc::strong_count(&shared)), (2, 1));
}

/// Half of a thread's stack, were it ever there as a whole.
#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Huge {
    id: u64,
    bytes: [u8; HUGE],
    text: Option<String>,
    table: [u32; HUGE / 16],
}

const HUGE: usize = if cfg!(miri) { 512 } else { 128 * 1024 };

#[test]
fn a_large_value_is_never_on_the_stack() {
    let build = || {
        let mut huge = Huge::acquire()
            .unwrap()
            .bytes_with(|bytes| bytes.fill_with(|_| 7))
            .table_with(|table| table.fill_with(|i| u32::try_from(i).unwrap()))
            .text("t".into())
            .id(1)
            .finish();
        huge.bytes[5] = 1;
        let sum: u32 = huge.bytes.iter().map(|byte| u32::from(*byte)).sum();
        (sum, huge.table[3], huge.id, huge.text.clone())
    };
    // The test is built without optimisation; the copies of a by-value builder would not fit this stack.
    let thread = std::thread::Builder::new().stack_size(96 * 1024).spawn(build).unwrap();
    let sum = 7 * (u32::try_from(HUGE).unwrap() - 1) + 1;
    assert_eq!(thread.join().unwrap(), (sum, 3, 1, Some("t".into())));
}

#[derive(Pooled)]
struct Node<'a, T: Default, const N: usize> {
    name: &'a str,
    items: [T; N],
    #[pooled(default)]
    last: T,
    next: Option<&'a Node<'a, T, N>>,
}

#[test]
fn generic_values_refer_to_each_other_across_pools() {
    let names = String::from("first second");
    let (first, second) = names.split_once(' ').unwrap();
    let a = Node::<u8, 2>::builder().name(first).items([1, 2]).build();
    let pool = FixedPool::<Node<'_, u8, 2>, 2>::new();
    let b = Node::build_in(&pool).unwrap().name(second).items([3, 4]).next(&a).last(9).finish();
    assert_eq!((b.name, b.next.unwrap().name, b.last, b.next.unwrap().items), ("second", "first", 9, [1, 2]));
    assert!(a.next.is_none() && a.last == 0);
}

/// A leak keeps slots and values, and nothing else breaks.
#[test]
fn whatever_is_forgotten_is_only_kept() {
    let pool = Records::new();
    forget(Record::build_in(&pool).unwrap().a(noisy("a")).c(noisy("c")).c(noisy("again")));
    assert_eq!((dropped(), pool.in_use()), (vec!["c"], 1));
    forget(Record::builder().a(noisy("a")).d(noisy("d")));
    forget(pool.acquire().unwrap());
    assert_eq!((dropped(), pool.available()), (vec![], 0));
    assert!(Record::build_in(&pool).is_err());

    let arrays = FixedPool::<Arrays, 2>::new();
    forget(
        Arrays::build_in(&arrays)
            .unwrap()
            .numbers([0; 8])
            .noisy_with(|all| all.fill_with(|_| noisy("x")))
            .finish(),
    );
    let message = panic_of(|| {
        Arrays::build_in(&arrays).unwrap().noisy_with(|all| {
            // The proof is gone, so the values are nobody's.
            forget(all.fill_with(|_| noisy("y")));
            panic!("forgotten")
        })
    });
    assert_eq!((message.as_str(), dropped(), arrays.in_use()), ("forgotten", vec![], 1));
    // The memory of a field may be left as it was, if the closure never returns.
    assert_eq!(panic_of(|| Arrays::builder().noisy_with(|_| panic!("untouched"))), "untouched");
    assert_eq!((dropped(), arrays.in_use()), (vec![], 1));
}

#[test]
fn a_panic_in_a_conversion_drops_what_was_set() {
    struct Fails;
    impl From<Fails> for Noisy {
        fn from(_: Fails) -> Self {
            panic!("conversion")
        }
    }
    #[derive(Pooled)]
    struct Converted {
        a: Noisy,
        #[pooled(into)]
        b: Noisy,
        #[pooled(into)]
        c: Option<Noisy>,
    }
    let pool = FixedPool::<Converted, 1>::new();
    let start = || Converted::build_in(&pool).unwrap().a(noisy("a"));
    assert_eq!(
        (panic_of(|| start().b(Fails)), dropped(), pool.in_use()),
        ("conversion".into(), vec!["a"], 0)
    );
    let builder = start().c(noisy("old"));
    assert_eq!((panic_of(|| builder.c(Fails)), dropped()), ("conversion".into(), vec!["a", "old"]));
    let value = start().b(noisy("b")).finish();
    assert!(value.c.is_none() && value.b.name == "b" && value.a.name == "a");
    drop(value);
    assert_eq!((dropped(), pool.in_use()), (vec!["a", "b"], 0));
}
