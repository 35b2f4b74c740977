//! `connections`: a pool of connections to a real Redis, and what it does when things break.

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use nebula_memory_connections::report::Report;
use nebula_memory_connections::server::Server;
use nebula_memory_connections::{Outcome, compare, failures, tour};

/// A pool of connections to a real Redis, and what it does when things break.
///
/// Starts a `redis-server` of its own. Ends with 1 if a pool did not do what it should, with 2 if there is no server.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// Only this part; may be given several times
    #[arg(long, value_enum, value_name = "PART")]
    only: Vec<Part>,
    /// Turns of each pool in the comparison
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..))]
    rounds: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Every option once
    Tour,
    /// Things that break
    Failures,
    /// The same with other pools
    Compare,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(report) if report.failed() == 0 => {
            println!("\n{} things looked at, all as they should be", report.checks());
            ExitCode::SUCCESS
        }
        Ok(report) => {
            println!("\n{} of {} things are not as they should be", report.failed(), report.checks());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

#[tokio::main(flavor = "multi_thread")]
async fn run(arguments: &Arguments) -> Outcome<Report> {
    let wanted = |part| arguments.only.is_empty() || arguments.only.contains(&part);
    let mut server = Server::start()?;
    println!("{}; it ends with this program", server.describe()?);
    let mut report = Report::default();
    if wanted(Part::Tour) {
        tour::run(&server, &mut report).await?;
    }
    if wanted(Part::Failures) {
        failures::run(&mut server, &mut report).await?;
    }
    if wanted(Part::Compare) {
        compare::run(&mut server, &mut report, arguments.rounds.into()).await?;
    }
    Ok(report)
}
