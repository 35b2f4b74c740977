//! Nested functions with arenas, other names, other paths to the crate, no prelude, other attributes.
#![deny(warnings)]
extern crate nebula_memory as renamed;

mod facade {
    pub use nebula_memory as memory;
}

#[renamed::arena(crate = renamed, name = outer)]
fn nested() -> u32 {
    #[facade::memory::arena(crate = facade::memory)]
    fn helper(n: &u32) -> u32 {
        *arena.alloc(*n)
    }
    let n = outer.alloc(1);
    *n + helper(n)
}

mod bare {
    #![no_implicit_prelude]
    #[::nebula_memory::arena(capacity = 64)]
    pub(crate) fn function() -> u8 {
        *arena.alloc(3)
    }
}

trait Everything: Sized {
    fn scope(self) {}
    fn take(self) {}
}
impl<T> Everything for T {}

#[cfg(any())]
#[renamed::arena]
fn gone() -> Missing {}

#[renamed::arena]
#[cold]
#[track_caller]
fn place() -> u32 {
    let _ = arena.alloc(1);
    std::panic::Location::caller().line()
}

fn main() {
    ().scope();
    ().take();
    assert_eq!((nested(), bare::function()), (2, 3));
    assert_eq!(place(), line!());
}
