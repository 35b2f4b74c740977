//! The type comes first: a value alone is met with what to write.
use nebula_memory::{Arena, alloc};

fn main() {
    let arena = Arena::new();
    let local = 3_u8;
    alloc!(arena, 5);
    alloc!(arena, -1.5_f32);
    alloc!(arena, "text");
    alloc!(arena, (1, 2));
    alloc!(arena, [0_u8; 3]);
    alloc!(arena, [1, 2]);
    alloc!(arena, &[1, 2]);
    alloc!(arena, 1 + 2);
    alloc!(arena, Some(3));
    alloc!(arena, String::from("x"));
    alloc!(arena, vec![3]);
    alloc!(arena, format!("{local}"));
    alloc!(arena, || 3);
}
