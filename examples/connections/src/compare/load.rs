//! How many acquisitions per second, and how long each takes.

use std::time::{Duration, Instant};

use redis::AsyncCommands;
use tokio::task::JoinSet;

use super::backend::Backend;
use super::pools::{Bb8, Contender, Deadpool, Full, Nebula, Plain};
use super::table::table;
use crate::Outcome;
use crate::server::Server;

/// What each task does, again and again, with a connection that it acquires for it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    /// A `GET`; the pool sends a `PING` before.
    Get,
    /// Nothing: acquires and releases. The pool does not ask the server either.
    Nothing,
    /// Lets other tasks run meanwhile, so that there are always some that wait.
    Yield,
}

struct Load {
    name: &'static str,
    tasks: usize,
    work: Work,
}

const CONNECTIONS: usize = 8;

const LOADS: [Load; 4] = [
    Load { name: "PING, GET:\n8 tasks, 8 connections", tasks: 8, work: Work::Get },
    Load { name: "PING, GET:\n64 tasks, 8 connections", tasks: 64, work: Work::Get },
    Load { name: "the pool alone:\n2 tasks, 8 connections", tasks: 2, work: Work::Nothing },
    Load { name: "the pool alone, all in use:\n64 tasks, 8 connections", tasks: 64, work: Work::Yield },
];

/// How long each pool works each time its turn comes.
const TURN: Duration = Duration::from_millis(120);

/// What a pool has done under one load.
#[derive(Default)]
struct Measured {
    /// Of each turn.
    per_second: Vec<f64>,
    /// Of some acquisitions.
    nanoseconds: Vec<u32>,
}

pub(super) async fn run(server: &Server, rounds: usize) -> Outcome {
    println!("\n  {rounds} turns of {TURN:?} for each; the median of operations per second");
    let mut table = table(&["", "", "operations/s", "acquire p50", "p99"], true);
    for load in &LOADS {
        let backend = || Backend::new(server.client(), load.work == Work::Get);
        let plain = Nebula::<Plain>::start(backend(), CONNECTIONS)?;
        let full = Nebula::<Full>::start(backend(), CONNECTIONS)?;
        let deadpool = Deadpool::start(backend(), CONNECTIONS)?;
        let bb8 = Bb8::start(backend(), CONNECTIONS)?;
        let mut measured: [Measured; 4] = Default::default();
        // In turn, so that what else the machine does hits all. The first connects, and does not count.
        for round in 0..=rounds {
            let done = [
                turn(&plain, load).await?,
                turn(&full, load).await?,
                turn(&deadpool, load).await?,
                turn(&bb8, load).await?,
            ];
            for (all, (per_second, nanoseconds)) in measured.iter_mut().zip(done).filter(|_| round > 0) {
                all.per_second.push(per_second);
                all.nanoseconds.extend(nanoseconds);
            }
        }
        let names = [Nebula::<Plain>::NAME, Nebula::<Full>::NAME, Deadpool::NAME, Bb8::NAME];
        let mut of_each = |cell: &mut dyn FnMut(&mut Measured) -> String| {
            measured.iter_mut().map(cell).collect::<Vec<_>>().join("\n")
        };
        table.add_row([
            load.name.to_owned(),
            names.join("\n"),
            of_each(&mut |measured| thousands(measured.median())),
            of_each(&mut |measured| time(measured.percentile(50))),
            of_each(&mut |measured| time(measured.percentile(99))),
        ]);
    }
    println!("{table}");
    println!(
        "  The server and its clients share this machine: with a PING and a GET the network is what costs. Ours and deadpool\n  \
         serve in order; bb8 lets who comes now overtake who waits, which is what its p99 shows."
    );
    if cfg!(debug_assertions) {
        println!("  Not optimised: `cargo run --release` for numbers that mean something.");
    }
    Ok(())
}

/// All tasks of a load, for a while.
async fn turn<C: Contender>(pool: &C, load: &Load) -> Outcome<(f64, Vec<u32>)> {
    let since = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..load.tasks {
        tasks.spawn(work(pool.clone(), load.work, since + TURN));
    }
    let (mut operations, mut nanoseconds) = (0_u32, Vec::new());
    while let Some(task) = tasks.join_next().await {
        let (done, took) = task??;
        operations += done;
        nanoseconds.extend(took);
    }
    Ok((f64::from(operations) / since.elapsed().as_secs_f64(), nanoseconds))
}

async fn work<C: Contender>(pool: C, work: Work, until: Instant) -> Outcome<(u32, Vec<u32>)> {
    // The clock costs as much as the cheapest of these pools, so not each time.
    let every = if work == Work::Get { 1 } else { 64 };
    let (mut operations, mut nanoseconds) = (0_u32, Vec::new());
    loop {
        let since = operations.is_multiple_of(every).then(Instant::now);
        // Each task looks for itself: a timer would not run while tasks keep all workers busy.
        if since.is_some_and(|now| now >= until) {
            return Ok((operations, nanoseconds));
        }
        let mut connection = pool.get().await?;
        if let Some(since) = since {
            nanoseconds.push(u32::try_from(since.elapsed().as_nanos()).unwrap_or(u32::MAX));
        }
        match work {
            Work::Get => drop(connection.get::<_, Option<u64>>("visits").await?),
            Work::Nothing => {}
            Work::Yield => tokio::task::yield_now().await,
        }
        operations += 1;
    }
}

impl Measured {
    fn median(&mut self) -> f64 {
        self.per_second.sort_unstable_by(f64::total_cmp);
        self.per_second.get(self.per_second.len() / 2).copied().unwrap_or_default()
    }

    fn percentile(&mut self, percent: usize) -> u32 {
        self.nanoseconds.sort_unstable();
        self.nanoseconds.get(self.nanoseconds.len() * percent / 100).copied().unwrap_or_default()
    }
}

/// Thousands apart, to be read.
fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.char_indices() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

fn time(nanoseconds: u32) -> String {
    match f64::from(nanoseconds) {
        few if few < 1e3 => format!("{few:.0} ns"),
        more if more < 1e6 => format!("{:.1} µs", more / 1e3),
        many => format!("{:.2} ms", many / 1e6),
    }
}

#[cfg(test)]
mod tests {
    use super::{Measured, thousands, time};

    #[test]
    fn numbers_are_readable() {
        assert_eq!(
            [thousands(7.0), thousands(1234.4), thousands(12_345_678.0)],
            ["7", "1 234", "12 345 678"]
        );
        assert_eq!([time(999), time(1500), time(2_340_000)], ["999 ns", "1.5 µs", "2.34 ms"]);
    }

    #[test]
    fn percentiles() {
        let mut measured =
            Measured { per_second: vec![3.0, 1.0, 2.0], nanoseconds: (0..200).rev().collect() };
        assert!((measured.median() - 2.0).abs() < f64::EPSILON);
        assert_eq!((measured.percentile(50), measured.percentile(99)), (100, 198));
        assert_eq!(Measured::default().percentile(99), 0);
    }
}
