//! What a scope allocates cannot leave it, neither as its value nor through a variable.
use nebula_memory::{Arena, memory_scope};

fn main() {
    let mut a = Arena::new();
    let kept = memory_scope!(a, { a.alloc(1) });
    println!("{kept}");
    let mut outer = &mut 0;
    memory_scope!(a, {
        outer = a.alloc(1);
    });
    println!("{outer}");
    let inner = memory_scope!(a, |scope| { scope });
    inner.alloc(1);
    let mut b = Arena::new();
    let mut scope = b.scope();
    let late = memory_scope!(scope, { scope.alloc_str("x") });
    println!("{late}");
}
