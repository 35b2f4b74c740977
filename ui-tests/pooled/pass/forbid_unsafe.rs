//! A crate that forbids `unsafe`.
#![forbid(unsafe_code)]
use nebula_memory::{Arena, Pooled, alloc, allocator, arena, memory_scope};

#[derive(Pooled)]
#[pooled(capacity = 1)]
struct Item {
    a: u32,
    b: Option<String>,
    c: [u8; 3],
}

macro_rules! declare {
    ($name:ident, $field:ident, $ty:ty) => {
        #[derive(Pooled)]
        #[pooled(capacity = 1)]
        struct $name {
            $field: $ty,
        }
    };
}
declare!(Declared, value, u32);

struct Point {
    x: u32,
    y: u32,
}

#[arena]
fn sum() -> u32 {
    let point = alloc!(arena, Point { x: 1, y: 2 });
    point.x + point.y + *alloc!(arena, u32 = 3)
}

fn main() {
    let item = Item::acquire().unwrap().a(1).b("x".into()).c_with(|c| c.fill_with(|i| i as u8)).finish();
    assert_eq!((item.a, item.b.as_deref(), item.c), (1, Some("x"), [0, 1, 2]));
    assert_eq!(Declared::acquire().unwrap().value(1).finish().value, 1);
    assert_eq!(sum(), 6);
    let mut a = Arena::new();
    assert_eq!(memory_scope!("name", a, { *a.alloc(1) }), 1);
    assert_eq!(allocator!(scoped bump 64 => |a| { *a.alloc(1) }), 1);
}
