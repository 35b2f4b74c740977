//! `flow`: runs a workflow over CSV files, in memory made by `nebula-memory`.

use std::{
    io::{IsTerminal, Write},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use clap::{CommandFactory, Parser, ValueEnum, error::ErrorKind};
use nebula_memory_examples::flow::{self, MemoryChoice, Options};

/// Runs a workflow (in the JSON that n8n exports) over CSV files.
///
/// Without options it runs three workflows over the flights that left New York in January 2013.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// Workflow file; may be given several times
    #[arg(long, value_name = "FILE")]
    workflow: Vec<PathBuf>,
    /// Folder that the file names in a workflow are relative to
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Where the values of the run live
    #[arg(long, value_enum, default_value = "nebula")]
    memory: MemoryName,
    /// Run both memories in turn and compare them
    #[arg(long, conflicts_with = "memory")]
    compare: bool,
    /// Runs of each memory with --compare; the median counts
    #[arg(long, value_name = "N", default_value_t = 5, requires = "compare", value_parser = clap::value_parser!(u16).range(3..))]
    runs: u16,
    /// Run everything so many times; the last results are shown
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "compare", value_parser = clap::value_parser!(u64).range(1..))]
    repeat: u64,
    /// Write a page about the memory of the runs, with charts, to this file
    #[arg(long, value_name = "FILE", conflicts_with = "compare")]
    report: Option<PathBuf>,
    /// Serve that page at /, and /metrics, /health and /stats.json: while it runs, and then until Ctrl-C
    ///
    /// Port 0 takes any that is free. The address is printed to standard error. With --repeat there is more to see.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "compare")]
    serve: Option<SocketAddr>,
    /// Leave out rows that cannot be used, and count them
    #[arg(long)]
    skip_bad_rows: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum MemoryName {
    /// Arenas and pools
    Nebula,
    /// Strings, vectors and hash maps of the standard library
    Std,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if (arguments.report.is_some() || arguments.serve.is_some())
        && matches!(arguments.memory, MemoryName::Std)
    {
        let message =
            "--report and --serve show the memory of nebula-memory, which --memory std does not use";
        Arguments::command().error(ErrorKind::ArgumentConflict, message).exit();
    }
    let options = Options {
        data: arguments.data,
        workflows: arguments.workflow,
        memory: match arguments.memory {
            MemoryName::Nebula => MemoryChoice::Nebula,
            MemoryName::Std => MemoryChoice::Standard,
        },
        compare: arguments.compare.then_some(usize::from(arguments.runs)),
        repeat: arguments.repeat,
        report: arguments.report,
        serve: arguments.serve,
        skip_bad_rows: arguments.skip_bad_rows,
        colour: std::io::stdout().is_terminal(),
    };
    match flow::run(&options, &mut std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If standard error is closed there is no one left to tell; the exit status still says it.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}
