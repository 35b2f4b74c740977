//! All contenders of a row, in turn, again and again: where ratios are quoted from.
//!
//! ```text
//! compare [--check] [--rounds N] [ROW…]
//! ```
//!
//! `ROW` is the start of a row's name, such as `arena` or `pool/slot`. `--check` runs every contender through what it
//! should be able to do, and measures nothing.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use nebula_memory_benches::Case;
use nebula_memory_benches::case::rows;
use nebula_memory_benches::goal::{GOALS, Goal, Limit};

/// One repetition of one case takes about this long: far less than a time slice, so that on a machine that has other
/// things to do most repetitions are not interrupted and the median is one of those.
const NANOSECONDS: f64 = 0.3e6;
/// Rows that take longer than this to warm up have rounds far longer than that,
const LONG: Duration = Duration::from_millis(500);
/// and are repeated so often.
const FEW: usize = 21;

fn main() -> ExitCode {
    let mut repetitions = 101;
    let mut wanted = Vec::new();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--check" => {
                nebula_memory_benches::check();
                return ExitCode::SUCCESS;
            }
            "--rounds" => match arguments.next().map(|number| number.parse()) {
                Some(Ok(number)) if number > 0 => repetitions = number,
                _ => return usage("--rounds needs a number"),
            },
            option if option.starts_with('-') => return usage(&format!("there is no option `{option}`")),
            row => wanted.push(row.to_owned()),
        }
    }
    let mut cases = nebula_memory_benches::cases();
    cases.retain(|case| wanted.is_empty() || wanted.iter().any(|start| case.row.starts_with(start.as_str())));
    if cases.is_empty() {
        return usage("no row is called so");
    }
    let mut summary = Vec::new();
    for row in rows(&mut cases) {
        let measured = measure(row, repetitions);
        print_row(row[0].row, &measured);
        summary.extend(summarise(row[0].row, &measured));
    }
    print_summary(&summary);
    ExitCode::SUCCESS
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("{problem}\nusage: compare [--check] [--rounds N] [ROW...]");
    ExitCode::from(2)
}

/// A contender's result.
struct Measured {
    contender: &'static str,
    ours: bool,
    /// Nanoseconds per operation.
    median: f64,
    /// The median distance from that.
    spread: f64,
    /// Nanoseconds per operation of each repetition.
    samples: Vec<f64>,
}

impl Measured {
    /// How many times as long as `other` this takes: the median over the repetitions, each of which compares two
    /// measurements of the same moment. So it does not matter if the machine has slower and faster minutes.
    fn ratio(&self, other: &Self) -> f64 {
        median(self.samples.iter().zip(&other.samples).map(|(one, other)| one / other))
    }

    /// How many nanoseconds more than `other` this takes, in the same way.
    fn difference(&self, other: &Self) -> f64 {
        median(self.samples.iter().zip(&other.samples).map(|(one, other)| one - other))
    }
}

/// Times the cases of a row in turn. Each repetition starts with another one, and every other goes backwards, so
/// that nobody always runs first or after the same neighbour.
fn measure(cases: &mut [Case], repetitions: usize) -> Vec<Measured> {
    let start = Instant::now();
    let rounds: Vec<u64> = cases.iter_mut().map(rounds_that_last).collect();
    // Warming up does as much as a few repetitions, if these are long.
    let repetitions = if start.elapsed() > LONG { repetitions.min(FEW) } else { repetitions };
    let mut samples = vec![Vec::with_capacity(repetitions); cases.len()];
    for repetition in 0..repetitions {
        for turn in 0..cases.len() {
            let turn = if repetition % 2 == 0 { turn } else { cases.len() - 1 - turn };
            let index = (turn + repetition) % cases.len();
            samples[index].push(cases[index].time(rounds[index]));
        }
    }
    let results = cases.iter().zip(samples).map(|(case, samples)| {
        let middle = median(samples.iter().copied());
        let spread = median(samples.iter().map(|sample| (sample - middle).abs()));
        Measured { contender: case.contender, ours: case.ours, median: middle, spread, samples }
    });
    let mut results: Vec<_> = results.collect();
    results.sort_by(|one, other| one.median.total_cmp(&other.median));
    results
}

/// How many rounds of a case fill a repetition; warms it up.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to whole numbers")]
#[expect(clippy::cast_precision_loss, reason = "a round is far shorter than 2^52 ns")]
fn rounds_that_last(case: &mut Case) -> u64 {
    case.time(1);
    let mut round = case.time(2) * case.operations as f64;
    if round < NANOSECONDS {
        round = case.time(8) * case.operations as f64;
    }
    (NANOSECONDS / round.max(1.0)).clamp(1.0, 1e6) as u64
}

fn median(samples: impl Iterator<Item = f64>) -> f64 {
    let mut samples: Vec<_> = samples.collect();
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}

fn print_row(row: &str, measured: &[Measured]) {
    println!("\n{row:<32}{:>10}{:>10}{:>18}", "ns", "spread", "to the best peer");
    let best = measured.iter().find(|other| !other.ours).or(measured.first());
    for one in measured {
        let mark = if one.ours { '*' } else { ' ' };
        let ratio = best.map_or(f64::NAN, |best| one.ratio(best));
        println!("{mark} {:<30}{:>10.3}{:>10.3}{ratio:>18.2}", one.contender, one.median, one.spread);
    }
}

/// A line of the summary: one of ours with the best peer.
struct Compared {
    row: &'static str,
    ours: &'static str,
    nanoseconds: f64,
    peer: &'static str,
    peer_nanoseconds: f64,
    ratio: f64,
    difference: f64,
    limit: Option<Limit>,
}

/// The lines of a row: one per goal; without any, our best with everybody else's.
fn summarise(row: &'static str, measured: &[Measured]) -> Vec<Compared> {
    let compared = |goal: Option<&Goal>| {
        let is_ours = |one: &&Measured| goal.map_or(one.ours, |goal| goal.is_for(one.contender, one.ours));
        let is_peer =
            |one: &&Measured| goal.map_or(!one.ours, |goal| goal.is_against(one.contender, one.ours));
        let ours = measured.iter().find(is_ours)?;
        let peer = measured.iter().find(is_peer)?;
        Some(Compared {
            row,
            ours: ours.contender,
            nanoseconds: ours.median,
            peer: peer.contender,
            peer_nanoseconds: peer.median,
            ratio: ours.ratio(peer),
            difference: ours.difference(peer),
            limit: goal.map(|goal| goal.limit),
        })
    };
    let goals: Vec<_> = GOALS.iter().filter(|goal| goal.row == row).collect();
    let mut lines: Vec<_> = goals.iter().filter_map(|goal| compared(Some(goal))).collect();
    if goals.is_empty() {
        lines.extend(compared(None));
    }
    lines
}

fn print_summary(lines: &[Compared]) {
    println!("\n| row | ours | ns | best peer | ns | ratio | goal | |");
    println!("|---|---|---:|---|---:|---:|---:|---|");
    for Compared { row, ours, nanoseconds, peer, peer_nanoseconds, ratio, difference, limit } in lines {
        let (result, goal, reached) = match limit {
            Some(Limit::Times(factor)) => (format!("{ratio:.3}"), format!("≤ {factor}"), ratio <= factor),
            Some(Limit::Plus(more)) => {
                (format!("{difference:+.3} ns"), format!("≤ +{more} ns"), difference <= more)
            }
            None => (format!("{ratio:.3}"), String::new(), true),
        };
        let verdict = match (limit, reached) {
            (None, _) => "",
            (_, true) => "PASS",
            (_, false) => "MISS",
        };
        println!(
            "| {row} | {ours} | {nanoseconds:.3} | {peer} | {peer_nanoseconds:.3} | {result} | {goal} | {verdict} |"
        );
    }
}
