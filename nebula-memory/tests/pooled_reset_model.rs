//! Objects that are used again, beside a model: each value has one owner, whatever is called in whatever order and whatever
//! panics.
#![cfg(feature = "macros")]

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nebula_memory::{PoolBox, PoolSlot, Pooled, StaticPool};
use proptest::prelude::*;

mod support;

thread_local! {
    /// The values that are alive, and how often each was reset.
    static ALIVE: RefCell<BTreeMap<u32, u32>> = const { RefCell::new(BTreeMap::new()) };
    static NEXT: Cell<u32> = const { Cell::new(0) };
    /// After how many steps something panics.
    static FUSE: Cell<u32> = const { Cell::new(u32::MAX) };
}

/// One step of what may panic.
fn step() {
    let left = FUSE.get();
    FUSE.set(left.saturating_sub(1));
    if left == 0 {
        FUSE.set(u32::MAX);
        panic!("fuse");
    }
}

/// Is alive once, from when it is made until it is dropped.
#[derive(Debug)]
struct Value(u32);

impl Value {
    fn new() -> Self {
        step();
        let id = NEXT.get();
        NEXT.set(id + 1);
        ALIVE.with_borrow_mut(|alive| alive.insert(id, 0));
        Self(id)
    }

    fn check(&self) {
        assert!(ALIVE.with_borrow(|alive| alive.contains_key(&self.0)), "{} is dead", self.0);
    }

    fn reset(&mut self) {
        ALIVE.with_borrow_mut(|alive| *alive.get_mut(&self.0).expect("it is alive") += 1);
        step();
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        assert!(
            ALIVE.with_borrow_mut(|alive| alive.remove(&self.0)).is_some(),
            "{} is dropped twice",
            self.0
        );
        if !std::thread::panicking() {
            step();
        }
    }
}

#[derive(Pooled)]
#[pooled(capacity = 3, on_acquire = |_| step(), on_release = |_| step())]
struct Object {
    required: Value,
    #[pooled(default = Value::new(), reset = Value::reset)]
    first: Value,
    #[pooled(default = Value::new())]
    plain: Value,
    #[pooled(reset = keep)]
    second: Option<Value>,
    #[pooled(skip = Value::new(), reset = default)]
    hidden: Value,
}

impl Object {
    fn check(&self) {
        let all = [&self.required, &self.first, &self.plain, &self.hidden];
        all.into_iter().chain(&self.second).for_each(Value::check);
    }
}

#[derive(Clone, Copy, Debug)]
enum Op {
    /// Builds an object; the bits say which setters are called, how often, and whether it is finished.
    Build(u8),
    BuildIn(u8),
    Drop(usize),
    IntoInner(usize),
    Take(usize, bool),
    Slot(bool),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        4 => any::<u8>().prop_map(Op::Build),
        1 => any::<u8>().prop_map(Op::BuildIn),
        4 => (0..3_usize).prop_map(Op::Drop),
        1 => (0..3_usize).prop_map(Op::IntoInner),
        1 => (0..3_usize, any::<bool>()).prop_map(|(index, back)| Op::Take(index, back)),
        1 => any::<bool>().prop_map(Op::Slot),
    ]
}

fn plain() -> Object {
    Object::builder().required(Value::new()).build()
}

fn run(op: Op, held: &mut Vec<PoolBox<Object>>) {
    macro_rules! build {
        ($builder:expr, $bits:expr, $finish:expr) => {{
            let Ok(mut builder) = $builder else { return };
            let bits = $bits;
            if bits & 1 != 0 {
                builder = builder.first(Value::new());
            }
            if bits & 2 != 0 {
                builder = builder.second_or_none(bits & 4 != 0);
            }
            if bits & 8 != 0 {
                builder = builder.first_with(|first| first.write_with(Value::new));
            }
            let builder = builder.required(Value::new());
            if bits & 16 != 0 {
                $finish(builder.finish());
            }
        }};
    }
    match op {
        Op::Build(bits) => build!(Object::acquire(), bits, |object| held.push(object)),
        Op::BuildIn(bits) => build!(Object::build_in(StaticPool::new()), bits, drop),
        Op::Drop(index) if index < held.len() => drop(held.swap_remove(index)),
        Op::IntoInner(index) if index < held.len() => {
            PoolBox::into_inner(held.swap_remove(index)).check();
        }
        Op::Take(index, back) if index < held.len() => {
            let (slot, object) = PoolBox::take(held.swap_remove(index));
            object.check();
            if back {
                held.push(slot.write(object));
            }
        }
        Op::Slot(write) => {
            let Ok(slot) = PoolSlot::acquire(StaticPool::<Object>::new()) else { return };
            if write {
                held.push(slot.write(plain()));
            }
        }
        Op::Drop(_) | Op::IntoInner(_) | Op::Take(..) => {}
    }
}

trait SecondOrNone: Sized {
    fn second_or_none(self, some: bool) -> Self;
}

impl<P: nebula_memory::pooled::Place<Object>, S> SecondOrNone for ObjectBuilder<P, S> {
    fn second_or_none(self, some: bool) -> Self {
        if some { self.second(Value::new()) } else { self }
    }
}

proptest! {
    #![proptest_config(support::cases(400))]

    #[test]
    fn each_value_has_one_owner(ops in prop::collection::vec((op(), prop::option::weighted(0.3, 0..8_u32)), 1..40)) {
        // The pool is the thread's alone: this is the only test of the file.
        let mut held: Vec<PoolBox<Object>> = Vec::new();
        for (op, fuse) in ops {
            FUSE.set(fuse.unwrap_or(u32::MAX));
            let outcome = catch_unwind(AssertUnwindSafe(|| run(op, &mut held)));
            FUSE.set(u32::MAX);
            if fuse.is_none() {
                prop_assert!(outcome.is_ok(), "nothing else panics");
            }
            prop_assert_eq!(Object::pool().in_use(), held.len());
            for object in &held {
                object.check();
            }
        }
        let in_use = held.len();
        prop_assert_eq!(Object::pool().in_use(), in_use);
        drop(held);
        // What is alive now the slots have kept: three fields each at most. Those who take slots empty them.
        prop_assert!(ALIVE.with_borrow(BTreeMap::len) <= 9);
        let slots = [(); 3].map(|()| PoolSlot::acquire(StaticPool::<Object>::new()).unwrap());
        prop_assert_eq!(ALIVE.with_borrow(BTreeMap::len), 0);
        drop(slots);
    }
}
