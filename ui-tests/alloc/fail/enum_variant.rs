//! A variant of an enum is not built in place: its fields would be looked for behind a `Deref`.

use nebula_memory::{Arena, alloc};

#[derive(Clone, Copy)]
enum Shape {
    Circle { radius: u32 },
}

fn main() {
    let arena = Arena::new();
    let Shape::Circle { radius } = alloc!(arena, Shape::Circle { radius: 1 });
    println!("{radius}");
}
