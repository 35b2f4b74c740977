//! What the borrow checker must allow: outer values in inner scopes, short borrows in long arenas, sharing by closures.

use nebula_memory::{Arena, ArenaScope, LocalFixedPool, PoolBox};

fn helper<'a>(arena: &ArenaScope<'a>, text: &str) -> &'a str {
    arena.alloc_str(text)
}

struct Parser<'s, 'a> {
    arena: &'s ArenaScope<'a>,
    names: Vec<&'a str>,
}

fn main() {
    let mut arena = Arena::new();
    {
        let mut outer = arena.scope();
        let total = outer.alloc(0_usize);
        for n in 0..3 {
            let inner = outer.scope();
            *total += inner.alloc_slice_fill_with(n, |i| i).len();
        }

        let local = String::from("borrowed by a value of the arena");
        let short = outer.alloc(local.as_str());
        assert_eq!(short.len(), local.len());

        let push = |text| outer.alloc_str(text);
        assert_eq!(push("by closure"), helper(&outer, "by closure"));

        let mut parser = Parser { arena: &outer, names: Vec::new() };
        parser.names.push(parser.arena.alloc_str("kept"));
        let names = parser.names;
        assert_eq!((names[0], *total), ("kept", 3));
    }
    arena.reset();

    let pool: LocalFixedPool<&str, 1> = LocalFixedPool::new();
    let text = String::from("outlives its box, not the pool");
    let value = PoolBox::into_inner(pool.alloc_with(|| "static").unwrap());
    assert!(value.len() < text.len());
}
