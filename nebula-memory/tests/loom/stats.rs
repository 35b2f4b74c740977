//! Threads that count, end, and leave their cells to others, while somebody adds up.

use loom::sync::Arc;
use loom::thread;
use nebula_memory::allocator::free_list_model::{become_thread, wait_for_end_of};
use nebula_memory::stats::{Counter, Gauge};

/// The first thread has a number that the model gives it; the others get theirs, and give them back after they were joined.
fn check(run: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(move || {
        become_thread(3);
        run();
        (1..=2).for_each(wait_for_end_of);
    });
}

#[test]
fn nothing_is_lost_between_counting_and_adding_up() {
    check(|| {
        let counter = Arc::new(Counter::new());
        let threads = [1, 10].map(|count| {
            let counter = Arc::clone(&counter);
            thread::spawn(move || {
                counter.add(count);
                counter.add(count);
            })
        });
        let seen = counter.get();
        assert!([0, 1, 2, 10, 11, 12, 20, 21, 22].contains(&seen), "{seen}");
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(counter.get(), 22);
    });
}

/// The second thread may have the number of the first one, and goes on in its cell.
#[test]
fn nothing_is_lost_when_a_thread_ends() {
    check(|| {
        let counter = Arc::new(Counter::new());
        let second = {
            let counter = Arc::clone(&counter);
            thread::spawn(move || counter.add(10))
        };
        let first = {
            let counter = Arc::clone(&counter);
            thread::spawn(move || counter.add(1))
        };
        first.join().unwrap();
        assert!(counter.get() >= 1);
        second.join().unwrap();
        assert_eq!(counter.get(), 11);
    });
}

#[test]
fn a_reset_takes_each_count_once() {
    check(|| {
        let counter = Arc::new(Counter::new());
        let other = {
            let counter = Arc::clone(&counter);
            thread::spawn(move || {
                counter.add(1);
                counter.add(1);
            })
        };
        let taken = counter.reset();
        other.join().unwrap();
        assert_eq!(taken + counter.get(), 2);
    });
}

#[test]
fn two_resets_take_each_count_once_and_nothing_is_negative() {
    check(|| {
        let counter = Arc::new(Counter::new());
        counter.add(1);
        let other = {
            let counter = Arc::clone(&counter);
            thread::spawn(move || {
                counter.add(1);
                counter.reset()
            })
        };
        let taken = counter.reset();
        assert!(taken <= 2 && counter.get() <= 2);
        let theirs = other.join().unwrap();
        assert!(theirs <= 2, "{theirs}");
        assert_eq!(taken + theirs + counter.get(), 2);
    });
}

/// One counter goes while another comes, which may get its cells; a thread that had counted for the first counts for the second.
#[test]
fn cells_are_empty_when_they_are_used_again() {
    check(|| {
        let second = Arc::new(Counter::new());
        let first = Arc::new(Counter::new());
        let other = {
            let (first, second) = (Arc::clone(&first), Arc::clone(&second));
            thread::spawn(move || {
                first.add(5);
                drop(first);
                second.add(1);
            })
        };
        drop(first);
        second.add(1);
        other.join().unwrap();
        assert_eq!(second.get(), 2);
    });
}

#[test]
fn what_is_passed_on_is_not_seen_twice() {
    check(|| {
        let gauge = Arc::new(Gauge::with_batch(2));
        let other = {
            let gauge = Arc::clone(&gauge);
            thread::spawn(move || {
                gauge.add(2);
                gauge.add(1);
                gauge.add(1);
            })
        };
        assert!(gauge.get() <= 4);
        other.join().unwrap();
        assert_eq!((gauge.get(), gauge.peak()), (4, 4));
    });
}

#[test]
fn a_gauge_passes_on_what_it_has() {
    check(|| {
        let gauge = Arc::new(Gauge::with_batch(2));
        let other = {
            let gauge = Arc::clone(&gauge);
            thread::spawn(move || {
                gauge.add(3);
                gauge.subtract(1);
            })
        };
        gauge.add(1);
        other.join().unwrap();
        assert_eq!(gauge.get(), 3);
        assert!((2..=5).contains(&gauge.peak()), "{gauge:?}");
    });
}

#[test]
fn bytes_in_use_come_out_even() {
    check(|| {
        let level = Arc::new(Gauge::with_batch(4));
        let thread = {
            let level = Arc::clone(&level);
            thread::spawn(move || {
                level.add(5);
                level.subtract(2);
            })
        };
        level.add(3);
        // What is passed on meanwhile may be missed, and is never seen twice.
        let seen = level.get();
        assert!([1, 3, 6, 8].contains(&seen), "{seen}");
        thread.join().unwrap();
        let (now, peak) = (level.get(), level.peak());
        assert_eq!(now, 6);
        assert!((6..=8).contains(&peak), "{peak}");
    });
}
