//! `flow`: runs a workflow over CSV files, in memory made by `nebula-memory`.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
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
    let options = Options {
        data: arguments.data,
        workflows: arguments.workflow,
        memory: match arguments.memory {
            MemoryName::Nebula => MemoryChoice::Nebula,
            MemoryName::Std => MemoryChoice::Standard,
        },
        compare: arguments.compare.then_some(usize::from(arguments.runs)),
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
