//! A panic for lack of memory names the line that asked for it. (Alone in its file: the panic hook is the process's.)
#![cfg(all(not(loom), feature = "alloc"))]

use std::panic::{AssertUnwindSafe, Location, catch_unwind, set_hook, take_hook};
use std::sync::Mutex;

use nebula_memory::{Arena, BumpAllocator, SystemAllocator};

static PLACES: Mutex<Vec<(String, u32)>> = Mutex::new(Vec::new());

/// The line that the call of this is in, after the panic of `allocate` was noted.
#[track_caller]
fn panicking<R>(allocate: impl FnOnce() -> R) -> u32 {
    assert!(catch_unwind(AssertUnwindSafe(allocate)).is_err());
    Location::caller().line()
}

#[test]
fn a_panic_names_the_line_that_allocates() {
    let mut bump = BumpAllocator::new(8);
    let arena = Arena::<_, 1>::new_in(&bump);
    set_hook(Box::new(|info| {
        let place = info.location().unwrap();
        PLACES.lock().unwrap().push((place.file().to_owned(), place.line()));
    }));
    let lines = [
        panicking(|| arena.alloc([1_u64; 9]).len()),
        panicking(|| arena.alloc_str("longer than eight bytes").len()),
        panicking(|| arena.alloc_slice_fill_with(9, |_| 1_u64).len()),
        panicking(|| arena.alloc_slice_from_iter(0..99_u64).len()),
    ];
    drop(arena);
    let scope = bump.scope();
    let lines = lines.into_iter().chain([
        panicking(|| scope.alloc_with(|| [1_u64; 9]).len()),
        panicking(|| BumpAllocator::new_in(usize::MAX, SystemAllocator) as BumpAllocator),
    ]);
    let _ = take_hook();

    let places = PLACES.lock().unwrap();
    for (line, (file, place)) in lines.zip(places.iter()) {
        assert_eq!((file.as_str(), *place), (file!(), line));
    }
    assert_eq!(places.len(), 6);
}
