//! How long the longest operations of caches take.
//!
//! ```text
//! tails [TURNS]
//! ```
//!
//! Each look-up, with the insertion after it if nothing was found, is timed by itself, and the clock with it: the first line is what
//! that costs, and what else the machine does.

use std::process::ExitCode;

use nebula_memory_benches::cache::{Tails, tails};

/// Turns of each contender.
const TURNS: usize = 31;

fn main() -> ExitCode {
    let turns = std::env::args().nth(1).map_or(Ok(TURNS), |turns| turns.parse());
    let Some(turns) = turns.ok().filter(|&turns| turns > 0) else {
        eprintln!("usage: tails [TURNS]");
        return ExitCode::from(2);
    };
    println!("| ns | p50 | p99 | p99.9 | p99.99 | longest |");
    println!("|---|---:|---:|---:|---:|---:|");
    for Tails { contender, ours, quantiles: [half, p99, p999, p9999], longest } in tails(turns) {
        let mark = if ours { "*" } else { "" };
        println!("| {contender}{mark} | {half} | {p99} | {p999} | {p9999} | {longest} |");
    }
    ExitCode::SUCCESS
}
