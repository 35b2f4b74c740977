//! An object pool against a model of its books: whatever is done, fails or panics, they come out even.
#![cfg(all(not(loom), feature = "std"))]

mod support;

use std::cell::Cell;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nebula_memory::pool::{CreateError, DynRecipe, ObjectHooks, ObjectPool, PoolError, PooledObject, Recipe};
use proptest::prelude::*;
use support::cases;

/// Where something goes wrong next, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Refuse,
    Create,
    OnCreate,
    Acquire,
    Sick,
    Health,
    Release,
    Destroy,
}

#[derive(Clone, Debug)]
enum Step {
    Acquire,
    Release(usize),
    ReleasePanicking(usize),
    Detach(usize),
    Leak(usize),
    Adopt,
    Reserve(usize),
    ShrinkTo(usize),
    Resize(usize),
    Retain(bool),
    Maintain,
    Arm(Trouble),
    Close,
}

/// Counts objects, and does what it is told to do wrong.
#[derive(Default)]
struct Maker {
    trouble: Cell<Option<Trouble>>,
    made: Cell<usize>,
    dropped: Cell<usize>,
}

/// Owns nothing, so that one that is leaked leaks nothing.
struct Object<'m>(&'m Cell<usize>);

impl Drop for Object<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
    }
}

impl Maker {
    fn due(&self, trouble: Trouble) -> bool {
        let due = self.trouble.get() == Some(trouble);
        if due {
            self.trouble.set(None);
        }
        due
    }

    fn panic_if(&self, trouble: Trouble) {
        assert!(!self.due(trouble), "as told");
    }
}

impl<'m> ObjectHooks<Object<'m>> for &'m Maker {
    fn on_create(&self, _: &mut Object<'m>) {
        self.panic_if(Trouble::OnCreate);
    }
    fn on_acquire(&self, _: &mut Object<'m>) {
        self.panic_if(Trouble::Acquire);
    }
    fn on_release(&self, _: &mut Object<'m>) {
        self.panic_if(Trouble::Release);
    }
    fn on_destroy(&self, _: Object<'m>) {
        self.panic_if(Trouble::Destroy);
    }
}

impl<'m> Recipe<Object<'m>> for &'m Maker {
    fn create(&self) -> Result<Object<'m>, CreateError> {
        self.panic_if(Trouble::Create);
        if self.due(Trouble::Refuse) {
            return Err("refused".into());
        }
        self.made.set(self.made.get() + 1);
        let maker: &'m Maker = self;
        Ok(Object(&maker.dropped))
    }
    fn is_healthy(&self, _: &mut Object<'m>) -> bool {
        self.panic_if(Trouble::Health);
        !self.due(Trouble::Sick)
    }
}

fn step() -> impl Strategy<Value = Step> {
    let trouble = prop_oneof![
        Just(Trouble::Refuse),
        Just(Trouble::Create),
        Just(Trouble::OnCreate),
        Just(Trouble::Acquire),
        Just(Trouble::Sick),
        Just(Trouble::Health),
        Just(Trouble::Release),
        Just(Trouble::Destroy),
    ];
    prop_oneof![
        8 => Just(Step::Acquire),
        5 => any::<usize>().prop_map(Step::Release),
        1 => any::<usize>().prop_map(Step::ReleasePanicking),
        1 => any::<usize>().prop_map(Step::Detach),
        1 => any::<usize>().prop_map(Step::Leak),
        1 => Just(Step::Adopt),
        1 => (0..8_usize).prop_map(Step::Reserve),
        1 => (0..6_usize).prop_map(Step::ShrinkTo),
        1 => (1..8_usize).prop_map(Step::Resize),
        1 => any::<bool>().prop_map(Step::Retain),
        1 => Just(Step::Maintain),
        4 => trouble.prop_map(Step::Arm),
        1 => Just(Step::Close),
    ]
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn the_books_come_out_even(
        max in 1..6_usize,
        steps in proptest::collection::vec(step(), 0..80),
    ) {
        let maker = Maker::default();
        let (mut adopted, mut detached, mut leaked) = (0, 0, 0);
        {
            let pool = ObjectPool::with_recipe(max, &maker);
            let mut held = VecDeque::new();
            let mut capacity = max;
            let mut closed = false;
            for step in steps {
                let before = pool.stats();
                let armed = maker.trouble.get();
                let outcome = catch_unwind(AssertUnwindSafe(|| match step {
                    Step::Acquire => match pool.try_acquire() {
                        Ok(object) => {
                            assert!(!closed);
                            held.push_back(object);
                        }
                        Err(PoolError::Closed) => assert!(closed),
                        Err(PoolError::Exhausted { capacity: told }) => {
                            assert_eq!((told, before.idle), (capacity, 0));
                            assert!(before.size >= capacity);
                        }
                        Err(PoolError::Create(_)) => assert_eq!(armed, Some(Trouble::Refuse)),
                        Err(error) => panic!("{error}"),
                    },
                    Step::Release(which) => drop(held.swap_remove_back(which % held.len().max(1))),
                    Step::ReleasePanicking(which) => {
                        if let Some(_held) = held.swap_remove_back(which % held.len().max(1)) {
                            panic!("half-way");
                        }
                    }
                    Step::Detach(which) => {
                        if let Some(object) = held.swap_remove_back(which % held.len().max(1)) {
                            PooledObject::detach(object);
                            detached += 1;
                        }
                    }
                    Step::Leak(which) => {
                        if let Some(object) = held.swap_remove_back(which % held.len().max(1)) {
                            std::mem::forget(object);
                            leaked += 1;
                        }
                    }
                    Step::Adopt => {
                        maker.made.set(maker.made.get() + 1);
                        let taken = pool.adopt(Object(&maker.dropped)).is_ok();
                        assert_eq!(taken, !closed && before.size < capacity);
                        adopted += usize::from(taken);
                    }
                    Step::Reserve(idle) => match pool.reserve(idle) {
                        Ok(made) => {
                            let now = pool.stats();
                            assert!(now.idle >= idle || now.size >= capacity);
                            assert_eq!(now.created - before.created, made);
                        }
                        Err(PoolError::Closed) => assert!(closed),
                        Err(PoolError::Create(_)) => assert_eq!(armed, Some(Trouble::Refuse)),
                        Err(error) => panic!("{error}"),
                    },
                    Step::ShrinkTo(size) => {
                        pool.shrink_to(size);
                        let now = pool.stats();
                        assert!(now.size <= size || now.idle == 0);
                    }
                    Step::Resize(to) => {
                        capacity = to;
                        pool.resize(to);
                    }
                    Step::Retain(keep) => pool.retain(|_| keep),
                    Step::Maintain => {
                        let done = pool.maintain().unwrap();
                        assert_eq!(done.destroyed, usize::from(armed == Some(Trouble::Sick) && before.idle > 0));
                    }
                    Step::Arm(trouble) => maker.trouble.set(Some(trouble)),
                    Step::Close => {
                        closed = true;
                        pool.close();
                    }
                }));
                if let Err(panic) = outcome {
                    let text = panic.downcast_ref::<String>().map_or_else(
                        || panic.downcast_ref::<&str>().copied().unwrap_or_default(),
                        String::as_str,
                    );
                    prop_assert!(text == "as told" || text == "half-way", "{}", text);
                }
                let now = pool.stats();
                prop_assert_eq!(now.held, held.len() + leaked);
                prop_assert_eq!(now.size, now.idle + now.held);
                prop_assert_eq!(now.adopted, adopted);
                prop_assert_eq!(now.detached, detached);
                prop_assert_eq!(now.created + now.adopted, now.destroyed + now.detached + now.size);
                prop_assert!(now.size <= capacity || now.idle == 0 || now.size <= before.size);
                prop_assert!(!closed || now.idle == 0);
                prop_assert_eq!(pool.capacity(), capacity);
            }
            maker.trouble.set(None);
        }
        // All but the leaked ones, whatever became of them.
        prop_assert_eq!(maker.dropped.get(), maker.made.get() - leaked);
    }
}

/// The recipe of the model is no different behind a table.
#[test]
fn a_boxed_recipe_does_the_same() {
    struct Numbers(std::sync::atomic::AtomicUsize);
    impl ObjectHooks<usize> for Numbers {
        fn keep_after_panic(&self, _: &mut usize) -> bool {
            true
        }
    }
    impl Recipe<usize> for Numbers {
        fn create(&self) -> Result<usize, CreateError> {
            Ok(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
        }
        fn is_healthy(&self, number: &mut usize) -> bool {
            *number != 0
        }
    }
    let pool: ObjectPool<usize> = ObjectPool::with_recipe(2, DynRecipe::new(Numbers(0.into())));
    drop(pool.acquire().unwrap());
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        assert_eq!(*pool.acquire().unwrap(), 1);
        let _one = pool.acquire().unwrap();
        panic!("kept all the same");
    }));
    assert!(outcome.is_err());
    assert_eq!((*pool.acquire().unwrap(), pool.stats().destroyed), (1, 1));
}
