//! Threads that take parts of one arena.

use loom::sync::Arc;
use loom::thread;

/// Two threads take their parts of one arena and give them back: never the same part at once.
#[test]
fn a_shared_arena_gives_each_thread_a_part_of_its_own() {
    use nebula_memory::SharedArena;

    loom::model(|| {
        let arena = Arc::new(SharedArena::new());
        let other = {
            let arena = Arc::clone(&arena);
            thread::spawn(move || {
                let part = arena.local();
                let value = part.alloc(1_u64);
                *value += 1;
                assert_eq!(*value, 2);
            })
        };
        let part = arena.local();
        let value = part.alloc(10_u64);
        *value += 1;
        drop(part);
        let again = arena.local().alloc(20_u64);
        other.join().unwrap();
        assert_eq!((*value, *again), (11, 20));
    });
}
