//! The pools of others.

use core::mem::MaybeUninit;

use allocator_api2::boxed::Box as BoxIn;
use heapless::pool::boxed::{Box as HeaplessBoxed, BoxBlock};
use heapless::pool::object::{Object, ObjectBlock};
use heapless::{box_pool, object_pool};
use slotmap::DefaultKey;

use super::contender::{CAPACITY, Contender, Value};
use crate::barrier::{sink, sink_place};
use crate::heap::Mi;

/// A slab: slots in a `Vec`, the free ones linked. A slot without a value holds `MaybeUninit`.
pub(super) struct Slab {
    slots: slab::Slab<MaybeUninit<Value>>,
    values: slab::Slab<Value>,
}

impl Contender for Slab {
    const NAME: &'static str = "slab";
    type Slot = usize;
    type Full = usize;

    fn new() -> Self {
        Self { slots: slab::Slab::with_capacity(CAPACITY), values: slab::Slab::with_capacity(CAPACITY) }
    }

    #[inline(always)]
    fn acquire(&mut self) -> usize {
        let key = self.slots.insert(MaybeUninit::uninit());
        sink_place(self.slots[key].as_ptr());
        key
    }

    #[inline(always)]
    fn release(&mut self, key: usize) {
        let _ = self.slots.try_remove(key);
    }

    #[inline(always)]
    fn put(&mut self, make: impl FnOnce() -> Value) -> usize {
        let key = self.values.insert(make());
        sink(&self.values[key]);
        key
    }

    #[inline(always)]
    fn get<'a>(&'a self, key: &'a usize) -> &'a Value {
        &self.values[*key]
    }

    #[inline(always)]
    fn remove(&mut self, key: usize) {
        let _ = self.values.try_remove(key);
    }
}

/// Implements a contender that keeps its slots in a `Vec` and gives out keys that know their generation.
macro_rules! by_key {
    ($contender:ident, $name:literal, $pool:ty, $other:ty, $key:ty) => {
        impl Contender for $contender {
            const NAME: &'static str = $name;
            type Slot = $key;
            type Full = $key;

            fn new() -> Self {
                Self { slots: <$pool>::with_capacity(CAPACITY), values: <$other>::with_capacity(CAPACITY) }
            }

            #[inline(always)]
            fn acquire(&mut self) -> $key {
                let key = self.slots.insert(MaybeUninit::uninit());
                sink_place(self.slots[key].as_ptr());
                key
            }

            #[inline(always)]
            fn release(&mut self, key: $key) {
                self.slots.remove(key);
            }

            #[inline(always)]
            fn put(&mut self, make: impl FnOnce() -> Value) -> $key {
                let key = self.values.insert(make());
                sink(&self.values[key]);
                key
            }

            #[inline(always)]
            fn get<'a>(&'a self, key: &'a $key) -> &'a Value {
                &self.values[*key]
            }

            #[inline(always)]
            fn remove(&mut self, key: $key) {
                self.values.remove(key);
            }
        }
    };
}

/// A slot map.
pub(super) struct SlotMap {
    slots: slotmap::SlotMap<DefaultKey, MaybeUninit<Value>>,
    values: slotmap::SlotMap<DefaultKey, Value>,
}
by_key!(
    SlotMap,
    "slotmap",
    slotmap::SlotMap<DefaultKey, MaybeUninit<Value>>,
    slotmap::SlotMap<DefaultKey, Value>,
    DefaultKey
);

/// A generational arena.
pub(super) struct Thunderdome {
    slots: thunderdome::Arena<MaybeUninit<Value>>,
    values: thunderdome::Arena<Value>,
}
by_key!(
    Thunderdome,
    "thunderdome",
    thunderdome::Arena<MaybeUninit<Value>>,
    thunderdome::Arena<Value>,
    thunderdome::Index
);

/// A `Vec` of boxes that are not in use, which is what most people write.
#[expect(clippy::vec_box, reason = "values stay where they are while others come and go")]
pub(super) struct FreeList(Vec<Box<Value>>);

impl Contender for FreeList {
    const NAME: &'static str = "Vec free list";
    type Slot = Box<Value>;
    type Full = Box<Value>;

    fn new() -> Self {
        Self((0..CAPACITY).map(|_| Box::new(Value::ZERO)).collect())
    }

    #[inline(always)]
    fn acquire(&mut self) -> Box<Value> {
        let slot = self.0.pop().unwrap_or_else(|| Box::new(Value::ZERO));
        sink(&*slot);
        slot
    }

    #[inline(always)]
    fn release(&mut self, slot: Box<Value>) {
        self.0.push(slot);
    }

    #[inline(always)]
    fn put(&mut self, make: impl FnOnce() -> Value) -> Box<Value> {
        let mut slot = self.0.pop().unwrap_or_else(|| Box::new(Value::ZERO));
        *slot = make();
        sink(&*slot);
        slot
    }

    #[inline(always)]
    fn get<'a>(&'a self, full: &'a Box<Value>) -> &'a Value {
        full
    }

    #[inline(always)]
    fn remove(&mut self, full: Box<Value>) {
        self.0.push(full);
    }
}

box_pool!(Slots: MaybeUninit<Value>);
box_pool!(Values: Value);
object_pool!(Objects: Value);

/// Gives heapless' pools, which are statics that all cases use, `CAPACITY` more slots.
fn provide() {
    for _ in 0..CAPACITY {
        Slots.manage(Box::leak(Box::new(BoxBlock::new())));
        Values.manage(Box::leak(Box::new(BoxBlock::new())));
        Objects.manage(Box::leak(Box::new(ObjectBlock::new(Value::ZERO))));
    }
}

/// heapless' `box_pool!`: a lock-free stack of blocks.
pub(super) struct HeaplessBox;

impl Contender for HeaplessBox {
    const NAME: &'static str = "heapless box_pool!";
    type Slot = HeaplessBoxed<Slots>;
    type Full = HeaplessBoxed<Values>;

    fn new() -> Self {
        provide();
        Self
    }

    #[inline(always)]
    fn acquire(&mut self) -> Self::Slot {
        let Ok(slot) = Slots.alloc(MaybeUninit::uninit()) else { unreachable!("a slot is free") };
        sink_place(slot.as_ptr());
        slot
    }

    #[inline(always)]
    fn release(&mut self, slot: Self::Slot) {
        drop(slot);
    }

    #[inline(always)]
    fn put(&mut self, make: impl FnOnce() -> Value) -> Self::Full {
        let Ok(full) = Values.alloc(make()) else { unreachable!("a slot is free") };
        sink(&*full);
        full
    }

    #[inline(always)]
    fn get<'a>(&'a self, full: &'a Self::Full) -> &'a Value {
        full
    }

    #[inline(always)]
    fn remove(&mut self, full: Self::Full) {
        drop(full);
    }
}

/// heapless' `object_pool!`: the same, with objects that always hold a value.
pub(super) struct HeaplessObject;

impl Contender for HeaplessObject {
    const NAME: &'static str = "heapless object_pool!";
    type Slot = Object<Objects>;
    type Full = Object<Objects>;

    fn new() -> Self {
        provide();
        Self
    }

    #[inline(always)]
    fn acquire(&mut self) -> Self::Slot {
        let slot = Objects.request().expect("a slot is free");
        sink(&*slot);
        slot
    }

    #[inline(always)]
    fn release(&mut self, slot: Self::Slot) {
        drop(slot);
    }

    #[inline(always)]
    fn put(&mut self, make: impl FnOnce() -> Value) -> Self::Full {
        let mut full = Objects.request().expect("a slot is free");
        *full = make();
        sink(&*full);
        full
    }

    #[inline(always)]
    fn get<'a>(&'a self, full: &'a Self::Full) -> &'a Value {
        full
    }

    #[inline(always)]
    fn remove(&mut self, full: Self::Full) {
        drop(full);
    }
}

/// A box on a good heap.
pub(super) struct BoxOnMimalloc;

impl Contender for BoxOnMimalloc {
    const NAME: &'static str = "Box on mimalloc";
    type Slot = BoxIn<MaybeUninit<Value>, Mi>;
    type Full = BoxIn<Value, Mi>;

    fn new() -> Self {
        Self
    }

    #[inline(always)]
    fn acquire(&mut self) -> Self::Slot {
        let slot = BoxIn::new_uninit_in(Mi);
        sink_place(slot.as_ptr());
        slot
    }

    #[inline(always)]
    fn release(&mut self, slot: Self::Slot) {
        drop(slot);
    }

    #[inline(always)]
    fn put(&mut self, make: impl FnOnce() -> Value) -> Self::Full {
        let full = BoxIn::new_in(make(), Mi);
        sink(&*full);
        full
    }

    #[inline(always)]
    fn get<'a>(&'a self, full: &'a Self::Full) -> &'a Value {
        full
    }

    #[inline(always)]
    fn remove(&mut self, full: Self::Full) {
        drop(full);
    }
}
