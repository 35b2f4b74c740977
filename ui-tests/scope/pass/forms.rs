//! All forms, for all that has scopes; the value of the block; nesting.
#![deny(warnings)]
use nebula_memory::{Arena, ArenaScope, BumpAllocator, arena, memory_scope};

fn by_reference(a: &mut Arena) -> u32 {
    memory_scope!(a, { *a.alloc(1) })
}
fn by_scope(a: &mut ArenaScope<'_>) -> u32 {
    memory_scope!(a, |inner| { *inner.alloc(1) })
}
struct Owner {
    memory: Arena,
}

#[arena]
fn in_arena() -> u32 {
    let outer = arena.alloc(1);
    memory_scope!(arena, {
        let inner = arena.alloc(2);
        *outer += *inner;
    });
    *outer
}

fn main() {
    let mut a = Arena::new();
    let total = memory_scope!(a, {
        let outer = a.alloc(1);
        memory_scope!(a, {
            *outer += *a.alloc(10);
            memory_scope!("deep", a, |deep| {
                *outer += *deep.alloc(100);
            });
        });
        *outer
    });
    assert_eq!(total, 111);
    let mut bump = BumpAllocator::new(64);
    assert_eq!(memory_scope!("named", bump, { bump.alloc_str("abc").len() }), 3);
    assert_eq!(memory_scope!(bump, |mut s| { *memory_scope!(s, |t| { let _ = t.alloc(1); &4 }) }), 4);
    assert_eq!(by_reference(&mut a), 1);
    assert_eq!(by_scope(&mut a.scope()), 1);
    let mut owner = Owner { memory: Arena::new() };
    assert_eq!(memory_scope!(owner.memory, |s| { *s.alloc(1) }), 1);
    assert_eq!(memory_scope!(Arena::with_capacity(64), |s| { *s.alloc(1) }), 1);
    assert_eq!(memory_scope!(crate = nebula_memory, "path", a, { *a.alloc(1) },), 1);
    let mut evaluated = 0;
    let of_call = memory_scope!({ evaluated += 1; &mut a }, |s| { *s.alloc(1) });
    assert_eq!((of_call, evaluated), (1, 1));
    memory_scope!(a, {});
    memory_scope!(a, |_| {});
    assert_eq!(in_arena(), 3);
    a.reset();
}
