//! Many threads at many things, in some thousand of the orders in which they could be run: what is too large for every
//! interleaving (that is `tests/loom`). Run with
//! `RUSTFLAGS="--cfg loom --cfg shuttle" cargo test -p nebula-memory --release --features async --test shuttle`.
//!
//! A run that fails prints its schedule, which `shuttle::replay` repeats. Here every access is sequentially consistent: orders of
//! memory are the models' business.
#![cfg(all(loom, shuttle))]

mod object_pool;
mod slots;

/// Runs it in orders that are random, and in orders that need few preemptions but at unlikely places (Burckhardt, Kothari,
/// Musuvathi, Nagarakatte: *A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs*, 2010).
fn check(runs: usize, run: impl Fn() + Send + Sync + Clone + 'static) {
    shuttle::check_random(run.clone(), runs);
    shuttle::check_pct(run, runs, 4);
}

fn join<const N: usize>(threads: [shuttle::thread::JoinHandle<()>; N]) {
    for thread in threads {
        thread.join().unwrap();
    }
}
