//! `#[arena]` at run time: memory is free again on every way out.
#![cfg(all(feature = "macros", feature = "std"))]

use std::cell::RefCell;
use std::future::Future;
use std::panic::{Location, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use nebula_memory::arena;

thread_local! {
    static DROPPED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

struct Noisy(&'static str);

impl Drop for Noisy {
    fn drop(&mut self) {
        DROPPED.with_borrow_mut(|dropped| dropped.push(self.0));
    }
}

#[arena]
fn address() -> usize {
    std::ptr::from_ref(arena.alloc(0_u64)).addr()
}

#[test]
fn a_later_call_gets_the_memory_of_an_earlier_one() {
    let first = address();
    assert_eq!((address(), address()), (first, first));
}

#[arena]
fn words(text: &str) -> (usize, String) {
    let words = arena.alloc_slice_from_iter(text.split_whitespace());
    words.sort_unstable();
    let joined = arena.alloc_str(words[0]);
    joined.make_ascii_uppercase();
    (words.len(), joined.to_owned())
}

#[test]
fn results_are_computed_from_arguments() {
    assert_eq!(words("memory by intent"), (3, "BY".to_owned()));
}

#[arena]
fn owning(leave: u8) -> Option<u8> {
    let _first = arena.alloc_box(Noisy("first"));
    let _second = arena.alloc_box(Noisy("second"));
    match leave {
        0 => return None,
        1 => Err(()).ok()?,
        2 => panic!("left"),
        _ => {}
    }
    Some(leave)
}

#[test]
fn owned_values_are_dropped_in_reverse_order_on_every_way_out() {
    for leave in [0, 1, 3] {
        let _ = owning(leave);
        assert_eq!(DROPPED.take(), ["second", "first"]);
    }
    assert!(catch_unwind(|| owning(2)).is_err());
    assert_eq!(DROPPED.take(), ["second", "first"]);
}

#[test]
fn a_panic_gives_the_memory_back() {
    #[arena]
    fn fails(seen: &mut usize) {
        *seen = std::ptr::from_ref(arena.alloc(0_u64)).addr();
        panic!("in the body");
    }
    let before = address();
    let mut seen = 0;
    assert!(catch_unwind(std::panic::AssertUnwindSafe(|| fails(&mut seen))).is_err());
    assert_eq!((seen, address()), (before, before));
}

#[arena]
fn depth(left: usize) -> usize {
    let mine = arena.alloc(left);
    let below = if left == 0 { 0 } else { depth(left - 1) };
    assert_eq!(*mine, left);
    *mine + below
}

#[test]
fn recursion_nests() {
    let levels = if cfg!(miri) { 20 } else { 400 };
    assert_eq!(depth(levels), levels * (levels + 1) / 2);
    assert_eq!(depth(levels), levels * (levels + 1) / 2);
}

#[arena(capacity = 64 * 1024)]
fn sized() -> usize {
    // No chunk but the first: the block is one piece.
    let bytes = arena.alloc_slice_fill_with(60 * 1024, |_| 1_u8);
    bytes.len()
}

#[test]
fn capacity_is_reserved() {
    assert_eq!((sized(), sized()), (60 * 1024, 60 * 1024));
}

#[track_caller]
#[arena]
fn place() -> u32 {
    let _ = arena.alloc(1);
    Location::caller().line()
}

#[test]
fn track_caller_means_the_caller() {
    assert_eq!(place(), line!());
}

/// Pending once.
struct Later(bool);

impl Future for Later {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

#[arena]
async fn steps(text: &str) -> usize {
    let _noisy = arena.alloc_box(Noisy("future"));
    let copy = arena.alloc_str(text);
    Later(false).await;
    copy.make_ascii_uppercase();
    let other = arena.alloc_str(copy);
    Later(false).await;
    assert_eq!(copy, other);
    other.len()
}

fn poll<T>(future: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn futures_keep_their_own_memory_and_give_it_back_when_dropped() {
    let mut a = pin!(steps("one"));
    let mut b = Box::pin(steps("three"));
    assert!(poll(a.as_mut()).is_pending());
    assert!(poll(b.as_mut()).is_pending());
    assert!(poll(a.as_mut()).is_pending());
    drop(b);
    assert_eq!(DROPPED.take(), ["future"]);
    assert_eq!(poll(a.as_mut()), Poll::Ready(3));
    assert_eq!(DROPPED.take(), ["future"]);
}

#[test]
fn a_future_finishes_on_another_thread() {
    let mut future = Box::pin(steps("moved"));
    assert!(poll(future.as_mut()).is_pending());
    let finished = std::thread::spawn(move || {
        assert!(poll(future.as_mut()).is_pending());
        poll(future.as_mut())
    });
    assert_eq!(finished.join().unwrap(), Poll::Ready(5));
}

#[test]
fn threads_have_their_own_memory() {
    let rounds = if cfg!(miri) { 3 } else { 200 };
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(move || {
                for _ in 0..rounds {
                    assert_eq!(words("a b").0, 2);
                }
            });
        }
    });
}

#[test]
#[arena]
fn an_attribute_of_tests_before() {
    assert_eq!(*arena.alloc(1), 1);
}

#[arena]
#[test]
#[should_panic(expected = "in the test")]
fn an_attribute_of_tests_after() {
    assert_eq!(*arena.alloc(1), 2, "in the test");
}

#[arena]
async fn fails_later(seen: &std::cell::Cell<usize>) -> usize {
    let _noisy = arena.alloc_box(Noisy("future"));
    seen.set(std::ptr::from_ref(arena.alloc(0_u64)).addr());
    Later(false).await;
    panic!("in the future")
}

#[test]
fn a_panic_in_a_future_gives_its_memory_back() {
    let seen = std::cell::Cell::new(0);
    let mut future = Box::pin(fails_later(&seen));
    assert!(poll(future.as_mut()).is_pending());
    let other = address();
    let polled = catch_unwind(std::panic::AssertUnwindSafe(|| poll(future.as_mut()).is_ready()));
    assert!(polled.is_err());
    // What was alive is dropped by the panic, not only with the future.
    assert_eq!(DROPPED.take(), ["future"]);
    // Taken again by the next function; the other arena of this thread stays where it was.
    assert!(address().abs_diff(seen.get()) < 64 && address().abs_diff(other) > 64);
    drop(future);
    assert_eq!(DROPPED.take(), [""; 0]);
}

/// What a future that is never dropped keeps is its own arena; the store makes another.
#[test]
fn a_forgotten_future_keeps_its_memory_and_no_other() {
    let mut future = std::mem::ManuallyDrop::new(Box::pin(steps("forgotten")));
    assert!(poll(future.as_mut()).is_pending());
    assert_eq!(words("a b"), (2, "A".to_owned()));
    assert_eq!(DROPPED.take(), [""; 0]);
    drop(std::mem::ManuallyDrop::into_inner(future));
    assert_eq!(DROPPED.take(), ["future"]);
}

#[arena]
fn every_way_out(way: u8) -> Result<u8, std::num::ParseIntError> {
    let _noisy = arena.alloc_box(Noisy("local"));
    let number = 'number: {
        if way == 0 {
            break 'number "7";
        }
        let parse = |text: &str| -> Result<u8, _> {
            let copy = arena.alloc_str(text);
            copy.parse::<u8>()
        };
        if way == 1 {
            return parse("x");
        }
        for round in 0.. {
            if parse(arena.alloc_str("5"))? == round {
                break;
            }
        }
        "8"
    };
    arena.alloc_str(number).parse()
}

#[test]
fn labels_closures_and_question_marks_end_where_they_say() {
    for (way, result) in [(0, Some(7)), (1, None), (2, Some(8))] {
        assert_eq!((every_way_out(way).ok(), DROPPED.take()), (result, vec!["local"]));
    }
}
