//! Work that threads do at the same time.

use std::hint::spin_loop;
use std::sync::RwLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Does `round` on so many threads at once, again and again, and tells how long the rounds of a thread took, on average.
/// Between two rounds, when no thread uses the state, `between` is called once.
///
/// All threads begin a round at the same moment. What they do there is measured, and nothing else. By the clock on the
/// wall: waiting for each other is what it is about.
///
/// # Panics
/// If one of them does.
pub fn together<S: Send + Sync>(
    threads: usize,
    rounds: u64,
    state: &mut S,
    round: impl Fn(&S) + Sync,
    between: impl Fn(&mut S) + Sync,
) -> Duration {
    let state = RwLock::new(state);
    let arrived = AtomicUsize::new(0);
    // Spinning, because threads that sleep are woken one after the other.
    let all_are_there = |so_often: usize| {
        arrived.fetch_add(1, Ordering::Relaxed);
        while arrived.load(Ordering::Relaxed) < so_often * threads {
            spin_loop();
        }
    };
    let work = |first: bool| {
        let mut took = Duration::ZERO;
        for number in (1..).step_by(2).take(usize::try_from(rounds).expect("few rounds")) {
            {
                let state = state.read().expect("no panic");
                all_are_there(number);
                let start = Instant::now();
                round(&state);
                took += start.elapsed();
            }
            // The writer waits for the readers.
            if first {
                between(&mut state.write().expect("no panic"));
            }
            all_are_there(number + 1);
        }
        took
    };
    let total: Duration = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(|| work(false))).collect();
        let own = work(true);
        own + others.into_iter().map(|thread| thread.join().expect("no panic")).sum::<Duration>()
    });
    total / u32::try_from(threads).expect("few threads")
}
