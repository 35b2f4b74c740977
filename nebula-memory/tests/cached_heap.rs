//! What a look-up of `#[cached]` allocates: nothing.
#![cfg(all(not(loom), feature = "cache", feature = "std", feature = "macros"))]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::Path;

use nebula_memory::cached;

thread_local!(static BLOCKS: Cell<usize> = const { Cell::new(0) });

/// The heap, counting what each thread asks it for.
struct Counting;

// SAFETY: passes everything on to the heap.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BLOCKS.set(BLOCKS.get() + 1);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(block, layout) };
    }
}

#[global_allocator]
static HEAP: Counting = Counting;

/// How often `call` asks the heap for something.
fn blocks(call: impl FnOnce()) -> usize {
    let before = BLOCKS.get();
    call();
    BLOCKS.get() - before
}

#[cached]
fn described(name: &str, path: &Path, bytes: &[u8], note: Option<&str>, number: u64) -> u64 {
    name.len() as u64
        + path.as_os_str().len() as u64
        + bytes.len() as u64
        + note.map_or(0, str::len) as u64
        + number
}

#[cached(single_flight)]
fn first(name: &str, number: u64) -> u64 {
    name.len() as u64 + number
}

#[cached(key = |url| -> &str { url.split('/').next().unwrap_or_default() })]
fn host(url: &str) -> usize {
    url.len()
}

#[cached(capacity = 100)]
fn generic<T: Clone + Eq + std::hash::Hash + Send + Sync + 'static>(value: &[T]) -> usize {
    value.len()
}

#[test]
fn what_is_found_costs_no_block() {
    let calls: [(&str, fn()); 4] = [
        ("arguments", || assert_eq!(described("ada", Path::new("/a"), &[1, 2], Some("note"), 7), 18)),
        ("single flight", || assert_eq!(first("ada", 7), 10)),
        ("a computed key", || assert_eq!(host("a.org/b"), 7)),
        ("a second type", || assert_eq!((generic(&[1_u8]), generic(&['x', 'y'])), (1, 2))),
    ];
    for (what, call) in calls {
        assert!(blocks(call) > 0, "{what}: nothing is kept without memory");
        assert_eq!(blocks(|| (0..1000).for_each(|_| call())), 0, "{what}");
    }
}
