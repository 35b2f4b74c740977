//! The arena of a function stays on its thread.
use nebula_memory::arena;

#[arena]
fn shared() {
    let shared = &arena;
    std::thread::scope(|scope| {
        scope.spawn(move || shared.alloc(1));
    });
}

fn main() {}
