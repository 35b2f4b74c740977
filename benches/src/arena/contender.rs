//! What an arena has to do here, and the list of those that do it.

use super::ours::{ArenaRef, BumpRef, InArenaScope, InBumpScope};
use super::peers::{Blink, BumpScope, Bumpalo, Multitude, Oxc};
use crate::barrier::sink;

/// An arena, or a way to use one.
pub(super) trait Contender: 'static {
    /// What tables call it.
    const NAME: &'static str;
    /// Whether it is ours.
    const OURS: bool = false;
    /// What it aligns every value to.
    const MIN_ALIGN: usize;
    /// Whether there is more memory when the first is used up.
    const GROWS: bool = true;
    /// Whether the handle is a shared reference.
    const SHARED: bool = true;
    /// What keeps the memory.
    type Memory: 'static;
    /// What a loop allocates from: a reference, or a cursor by value.
    type Handle<'a>;

    /// Memory with room for so many bytes in one piece.
    fn with_capacity(bytes: usize) -> Self::Memory;
    /// As most people make one: of no size in particular.
    fn new() -> Self::Memory;
    /// Makes ready to allocate.
    fn handle(memory: &mut Self::Memory) -> Self::Handle<'_>;
    /// Frees all values, and keeps the memory.
    fn reset(memory: &mut Self::Memory);

    /// Puts a value in the memory.
    fn alloc<'a, T: 'a>(handle: &Self::Handle<'a>, value: T) -> &'a mut T;
    /// Makes a value in the memory.
    fn alloc_with<'a, T: 'a>(handle: &Self::Handle<'a>, make: impl FnOnce() -> T) -> &'a mut T;
    /// Copies a string.
    fn alloc_str<'a>(handle: &Self::Handle<'a>, source: &str) -> &'a str;

    /// Makes a value whose memory is free again at the end, by the cheapest way there is.
    #[inline(always)]
    fn in_scope(memory: &mut Self::Memory, value: u64) {
        sink(Self::alloc(&Self::handle(memory), value));
        Self::reset(memory);
    }
}

/// Something to be done with every contender.
pub(super) trait Visitor {
    /// Does it with one.
    fn visit<C: Contender>(&mut self);
}

/// Shows all contenders to `visitor`.
pub(super) fn each(visitor: &mut impl Visitor) {
    visitor.visit::<ArenaRef<1>>();
    visitor.visit::<InArenaScope<1>>();
    visitor.visit::<BumpRef<1>>();
    visitor.visit::<InBumpScope<1>>();
    visitor.visit::<ArenaRef<8>>();
    visitor.visit::<InArenaScope<8>>();
    visitor.visit::<InBumpScope<8>>();
    visitor.visit::<Bumpalo<1>>();
    visitor.visit::<Bumpalo<8>>();
    visitor.visit::<BumpScope<1, true>>();
    visitor.visit::<BumpScope<1, false>>();
    visitor.visit::<BumpScope<8, true>>();
    visitor.visit::<BumpScope<8, false>>();
    visitor.visit::<Blink>();
    visitor.visit::<Oxc>();
    visitor.visit::<Multitude>();
}

/// The name of a contender by its minimum alignment.
pub(super) const fn named(min_align: usize, plain: &'static str, by_eight: &'static str) -> &'static str {
    match min_align {
        1 => plain,
        8 => by_eight,
        _ => panic!("no such contender"),
    }
}
