//! A pool for each thread, for what is not `Send`; in every place where a derive may stand, without a lint.
#![deny(warnings, clippy::pedantic)]
#![forbid(unsafe_code)]

use std::rc::Rc;

use nebula_memory::{LocalOrHeap, LocalPool, PoolBox, Pooled};

const SLOTS: usize = 4;
const SLOT: usize = 64;

#[derive(Pooled)]
#[pooled(capacity = SLOTS, align = SLOT, max_bytes = 64 KiB, threading = local)]
struct Event {
    name: Rc<str>,
    #[pooled(default)]
    tries: u8,
}

#[derive(Pooled)]
#[pooled(capacity = Self::SLOTS, threading = local, on_exhausted = heap, on_release = |event| event.released())]
struct Backed {
    id: Rc<u8>,
}

impl Backed {
    const SLOTS: usize = 1;

    fn released(&mut self) {
        assert!(*self.id > 0);
    }
}

/// `shared` is what a pool is without the key.
#[derive(Pooled)]
#[pooled(capacity = 2, threading = shared)]
struct Shared {
    id: u8,
}

mod bare {
    #![no_implicit_prelude]

    #[derive(::nebula_memory::Pooled)]
    #[pooled(capacity = 1, threading = local, no_implicit_prelude)]
    pub struct Item {
        pub id: u8,
    }
}

macro_rules! pooled {
    ($name:ident, $threading:ident, $capacity:expr) => {
        #[derive(Pooled)]
        #[pooled(capacity = $capacity, threading = $threading)]
        struct $name(u8);
    };
}
pooled!(FromMacro, local, 3);

fn event(name: &str) -> PoolBox<Event, LocalPool<Event>> {
    Event::acquire().unwrap().name(name.into()).finish()
}

fn main() {
    let first = event("first");
    assert_eq!((&*first.name, first.tries, Event::pool().in_use()), ("first", 0, 1));
    let backed: [PoolBox<Backed, LocalOrHeap<Backed>>; 2] =
        [1, 2].map(|id| Backed::acquire().unwrap().id(id.into()).finish());
    assert_eq!((*backed[1].id, Backed::pool().available()), (2, 0));
    let shared: PoolBox<Shared> = Shared::acquire().unwrap().id(1).finish();
    std::thread::spawn(move || drop(shared)).join().unwrap();
    assert_eq!(bare::Item::acquire().unwrap().id(3).finish().id, 3);
    assert_eq!(FromMacro::acquire().unwrap()._0(4).finish().0, 4);

    #[derive(Pooled)]
    #[pooled(capacity = 1, threading = local)]
    struct InBody;
    assert_eq!((InBody::CAPACITY, InBody::acquire().is_ok()), (1, true));
}
