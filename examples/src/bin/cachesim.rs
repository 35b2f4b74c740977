//! `cachesim`: replays a trace of requests over all policies of a cache.

use std::{
    io::{IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Parser, ValueEnum};
use nebula_memory::cache::{policy::AnyPolicy, sim::Columns};
use nebula_memory_examples::cachesim::{self, Error, Format, Measure, Progress, STDIN, Size};

/// Replays traces of requests over all policies of a cache and the optimum, at several sizes, and prints what each would have found.
///
/// A trace has one request a line: a key, and its weight after white space if they have some; or columns, as in the comma-separated
/// files of libCacheSim. It may be compressed with gzip. Without a file, requests for the pages of a shop are replayed: a trace that
/// comes through a pipe is `-`.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    /// The traces; `-` is standard input
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Sizes of the cache: numbers (1000, 64k, 1.5G) or shares of what the whole trace takes (2.5%)
    #[arg(
        long,
        value_name = "SIZES",
        value_delimiter = ',',
        default_value = "0.1%,0.5%,1%,2%,5%,10%,25%,50%"
    )]
    sizes: Vec<Size>,
    #[arg(long, value_name = "NAMES", value_delimiter = ',', help = policies_help())]
    policies: Vec<AnyPolicy>,
    /// Let entries take their weight of the size, not 1 each
    #[arg(long)]
    weighted: bool,
    /// Count the weight of what is found, not the requests
    #[arg(long, requires = "weighted")]
    by_weight: bool,
    /// Write miss-ratio curves to this file; of several traces, the name of each is put in
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// How traces are written; by default, files named `.csv` (or `.csv.gz`) have columns
    #[arg(long, value_enum)]
    format: Option<FormatName>,
    /// The column with the keys, from 1
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = column)]
    key_column: usize,
    /// The column with the sizes, from 1; 0 if there is none
    #[arg(long, value_name = "N", default_value_t = 3)]
    size_column: usize,
    /// What stands between columns
    #[arg(long, value_name = "CHARACTER", default_value = ",")]
    delimiter: char,
    /// Whether the first line names the columns; by default, it does if it has no number where the size should be
    #[arg(long, value_name = "BOOL")]
    header: Option<bool>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatName {
    /// A key a line, and perhaps its weight
    Lines,
    /// Columns
    Csv,
}

fn policies_help() -> String {
    format!(
        "Policies, with commas between; all of them by default: {}. A seed or a window stands behind a colon: random:7, wtinylfu:20",
        AnyPolicy::NAMES.join(",")
    )
}

fn column(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|&column| column > 0).ok_or_else(|| "columns are counted from 1".to_owned())
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If standard error is closed there is no one left to tell; the exit status still says it.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Error> {
    let policies = match arguments.policies.as_slice() {
        [] => AnyPolicy::all().collect(),
        named => named.to_vec(),
    };
    let shipped = [Path::new(env!("CARGO_MANIFEST_DIR")).join("data/traces/c2k-web07.txt.gz")];
    let files = if arguments.files.is_empty() { &shipped[..] } else { &arguments.files };
    for (file, name) in files.iter().zip(names(files)) {
        one(arguments, file, &name, &policies, files.len() > 1)?;
    }
    Ok(())
}

/// What traces are called: by their files, without folders and extensions; with a number where one before has the same name.
fn names(files: &[PathBuf]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for file in files {
        let name = if file == Path::new(STDIN) {
            "stdin".into()
        } else {
            file.file_name().unwrap_or_default().to_string_lossy()
        };
        let name = name.split('.').next().unwrap_or_default();
        let numbered = (2..).map(|number| format!("{name}-{number}"));
        let free = [name.to_owned()].into_iter().chain(numbered).find(|name| !names.contains(name));
        names.extend(free);
    }
    names
}

/// One trace, among others or not.
fn one(
    arguments: &Arguments,
    file: &Path,
    name: &str,
    policies: &[AnyPolicy],
    among_others: bool,
) -> Result<(), Error> {
    let mut trace = cachesim::load(file, format(arguments))?;
    if !arguments.weighted {
        trace = trace.unweighted();
    }
    let whole = trace.footprint();
    let sizes: Vec<u64> =
        arguments.sizes.iter().map(|size| size.of(whole)).filter(|&size| size > 0).collect();
    if sizes.is_empty() {
        return Err(Error::Small { path: file.to_owned(), unique: trace.unique() });
    }
    let progress = Progress::new(name, (policies.len() + 1) * sizes.len());
    let results = cachesim::run(&trace, policies, &sizes, &progress);
    drop(progress);
    let measure = if arguments.by_weight { Measure::Weight } else { Measure::Requests };
    let mut out = std::io::stdout().lock();
    writeln!(out, "{name}: {} requests for {} keys; hits in percent", trace.len(), trace.unique())?;
    out.write_all(cachesim::table(&results, measure, std::io::stdout().is_terminal()).as_bytes())?;
    if let Some(svg) = &arguments.svg {
        let path = if among_others { svg.with_file_name(beside(svg, name)) } else { svg.clone() };
        std::fs::write(&path, cachesim::svg(&results, measure, name))
            .map_err(|cause| Error::Write { path, cause })?;
    }
    Ok(())
}

/// `curves.svg` of the trace `web` is `curves-web.svg`.
fn beside(svg: &Path, name: &str) -> String {
    let stem = svg.file_stem().unwrap_or_default().to_string_lossy();
    let extension = svg.extension().unwrap_or_default().to_string_lossy();
    format!("{stem}-{name}.{extension}")
}

fn format(arguments: &Arguments) -> Option<Format> {
    let columns = Columns::default()
        .key(arguments.key_column)
        .size((arguments.size_column > 0).then_some(arguments.size_column))
        .delimiter(arguments.delimiter);
    let columns = arguments.header.map_or(columns, |header| columns.header(header));
    let named = arguments.format.map(|format| match format {
        FormatName::Lines => Format::Lines,
        FormatName::Csv => Format::Columns(columns),
    });
    // Whoever says something about columns means them.
    named.or_else(|| (columns != Columns::default()).then_some(Format::Columns(columns)))
}
