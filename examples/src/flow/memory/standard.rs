//! The memory any program has: `String`, `Vec`, `Box`, `HashMap`.

use std::collections::HashMap;

use nebula_memory::AllocError;

use super::{List, Map, Memory, Numbers};
use crate::flow::engine::{Batch, Instance, InstanceParts, Row};

/// The standard library's collections on the global allocator.
pub(crate) struct Standard;

impl Memory for Standard {
    const NAME: &'static str = "std";

    type Space<'s> = ();
    type Text<'s> = String;
    type List<'s, T: 's> = Vec<T>;
    type Map<'s> = HashMap<Box<[u8]>, u32>;
    type Numbers<'s> = Vec<Vec<f64>>;
    type Boxed<'s, T: 's> = Box<T>;
    type Instances<'r> = ();
    type InstanceBox<'r> = Box<Instance<'r, Self>>;
    type Batches<'b> = ();
    type BatchBox<'b> = Box<Batch<'b, Self>>;

    fn run<C, R>(context: &C, body: impl for<'r> FnOnce((), &'r C) -> R) -> R {
        body((), context)
    }

    type BatchMemory = ();

    fn batch_memory(_: usize) {}

    fn batch<C, R>((): &mut (), context: &mut C, body: impl for<'b> FnOnce((), &'b mut C) -> R) -> R {
        body((), context)
    }

    #[inline]
    fn text<'s>((): Self::Space<'s>, text: &str) -> Self::Text<'s> {
        text.to_owned()
    }

    #[inline]
    fn lend<'short, 'long: 'short>(text: &Self::Text<'long>) -> Self::Text<'short> {
        text.clone()
    }

    #[inline]
    fn shorten<'short, 'long: 'short>(text: Self::Text<'long>) -> Self::Text<'short> {
        text
    }

    #[inline]
    fn list<'s, T: 's>((): Self::Space<'s>, capacity: usize) -> Self::List<'s, T> {
        Vec::with_capacity(capacity)
    }

    fn map((): Self::Space<'_>, capacity: usize) -> Self::Map<'_> {
        HashMap::with_capacity(capacity)
    }

    fn numbers((): Self::Space<'_>, _: usize) -> Self::Numbers<'_> {
        Vec::new()
    }

    fn boxed<'s, T: 's>((): Self::Space<'s>, value: T) -> Self::Boxed<'s, T> {
        Box::new(value)
    }

    fn instances((): Self::Space<'_>) -> Self::Instances<'_> {}

    fn instance<'r>(
        (): Self::Instances<'r>,
        parts: InstanceParts<'r, Self>,
    ) -> Result<Self::InstanceBox<'r>, AllocError> {
        Ok(Box::new(Instance::new(parts)))
    }

    fn batches((): Self::Space<'_>) -> Self::Batches<'_> {}

    fn batch_box<'b>(
        (): Self::Batches<'b>,
        number: u64,
        rows: Self::List<'b, Row<'b, Self>>,
    ) -> Result<Self::BatchBox<'b>, AllocError> {
        Ok(Box::new(Batch::new(number, rows)))
    }
}

impl<T> List<T> for Vec<T> {
    #[inline(always)]
    fn push(&mut self, value: T) {
        self.push(value);
    }

    #[inline]
    fn retain(&mut self, keep: impl FnMut(&mut T) -> bool) {
        self.retain_mut(keep);
    }

    fn truncate(&mut self, len: usize) {
        self.truncate(len);
    }
}

impl Map for HashMap<Box<[u8]>, u32> {
    #[inline]
    fn get(&self, key: &[u8]) -> Option<u32> {
        self.get(key).copied()
    }

    fn insert(&mut self, key: &[u8], position: u32) {
        self.insert(key.into(), position);
    }
}

impl Numbers for Vec<Vec<f64>> {
    #[inline]
    fn add(&mut self, group: usize, number: f64) {
        if group >= self.len() {
            self.resize_with(group + 1, Vec::new);
        }
        self[group].push(number);
    }

    fn of(&mut self, group: usize) -> &mut [f64] {
        self.get_mut(group).map_or(&mut [], Vec::as_mut_slice)
    }
}
