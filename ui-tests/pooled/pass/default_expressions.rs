//! A default expression sees the module, not the macro; `return` and `?` end only the expression.
use nebula_memory::Pooled;

fn make() -> u32 {
    3
}
static BASE: u32 = 10;
mod values {
    pub const ONE: u32 = 1;
}
#[allow(dead_code)]
fn unfilled() -> u32 {
    7
}

#[derive(Pooled)]
struct Item<const N: usize> {
    #[pooled(default = make() + BASE + values::ONE)]
    a: u32,
    #[pooled(default = { let x = 2; x * 2 })]
    b: u32,
    #[pooled(default = (|x: u32| x + 1)(4))]
    c: u32,
    #[pooled(default = vec![1, 2])]
    d: Vec<u8>,
    #[pooled(default = return 5)]
    e: u32,
    #[pooled(default = Some("7".parse().ok()?))]
    f: Option<u32>,
    #[pooled(default = if N > 1 { N } else { 0 })]
    g: usize,
    #[pooled(skip = unsafe { std::mem::zeroed() })]
    h: u32,
    #[pooled(default = "text")]
    i: &'static str,
    #[pooled(default = unfilled())]
    j: u32,
}

fn main() {
    let item = Item::<2>::builder().build();
    assert_eq!((item.a, item.b, item.c, item.d, item.e), (14, 4, 5, vec![1, 2], 5));
    assert_eq!((item.f, item.g, item.h, item.i, item.j), (Some(7), 2, 0, "text", 7));
}
