//! The user's macros have the names of those of `core`.
#![allow(unused_macros)]
macro_rules! panic { ($($t:tt)*) => { compile_error!("shadowed") } }
macro_rules! assert { ($($t:tt)*) => { compile_error!("shadowed") } }
macro_rules! unreachable { ($($t:tt)*) => { compile_error!("shadowed") } }
macro_rules! matches { ($($t:tt)*) => { compile_error!("shadowed") } }
macro_rules! offset_of { ($($t:tt)*) => { compile_error!("shadowed") } }

#[derive(nebula_memory::Pooled)]
#[pooled(capacity = 1, align = 64)]
struct Item {
    a: u32,
    #[pooled(default = 2)]
    b: u32,
}

fn main() {
    let item = Item::acquire().unwrap().a(1).finish();
    assert_eq!(item.a + item.b, 3);
}
