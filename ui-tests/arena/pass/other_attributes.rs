//! Other attributes, before and after.
#![deny(warnings)]
use nebula_memory::arena;

/// Docs before.
#[arena]
/// Docs after.
#[cold]
#[inline(never)]
#[must_use = "it is a number"]
#[allow(clippy::all)]
#[cfg(all())]
fn after() -> u8 {
    *arena.alloc(1)
}

#[cold]
#[inline(never)]
#[deprecated]
#[cfg_attr(all(), arena(name = memory))]
fn before() -> u8 {
    *memory.alloc(2)
}

#[arena]
#[cfg(any())]
fn gone() -> Missing {
    *arena.alloc(3)
}

#[expect(unused_variables)]
#[arena]
#[unsafe(no_mangle)]
pub extern "C" fn nebula_ui_tests_exported(x: u8) -> u8 {
    let unused = 1;
    *arena.alloc(4)
}

fn main() {
    #[allow(deprecated)]
    let before = before();
    assert_eq!((after(), before, nebula_ui_tests_exported(0)), (1, 2, 4));
}
