//! Instructions per operation: of every case, two runs of different lengths under callgrind, and what the longer one
//! has more.
//!
//! ```text
//! count            counts, prints, and writes benches/instructions.tsv
//! count --check    counts, prints, and fails if one of our rows has grown since then
//! ```
//!
//! All runs share one process: callgrind starts a new count when `nebula_count_begin` is entered, and writes the count down when
//! `nebula_count_end` is left.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs, io};

use nebula_memory_benches::Case;

/// Rounds of the two runs.
const SHORT: u64 = 1;
const LONG: u64 = 3;

/// What one of our rows may grow by: half an instruction, or a twentieth of a long one. Long ones call the C library, whose
/// versions differ.
fn tolerance(before: f64) -> f64 {
    (before / 20.0).max(0.5)
}

const TABLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/instructions.tsv");

fn main() -> ExitCode {
    let result = match env::args().nth(1).as_deref() {
        None => count().and_then(|counted| write(&counted)),
        Some("--check") => count().and_then(|counted| check(&counted)),
        Some("--run") => {
            run();
            Ok(())
        }
        Some(other) => Err(format!("there is no option `{other}`\nusage: count [--check]")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

/// The cases that are counted. How often threads wait for each other is not a number of the program; long rounds
/// have a shorter twin.
fn cases() -> Vec<Case> {
    let mut cases = nebula_memory_benches::cases();
    cases.retain(|case| case.threads == 1 && !case.long);
    cases
}

/// Where the count starts.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn nebula_count_begin() {
    nebula_memory_benches::barrier::used(0);
}

/// Where the count is written down.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn nebula_count_end() {
    nebula_memory_benches::barrier::used(1);
}

/// What callgrind looks at.
fn run() {
    for mut case in cases() {
        case.run(1);
        for rounds in [SHORT, LONG] {
            nebula_count_begin();
            case.run(rounds);
            nebula_count_end();
        }
    }
}

/// Instructions per operation by row and contender.
struct Counted {
    row: &'static str,
    contender: &'static str,
    ours: bool,
    instructions: f64,
}

fn count() -> Result<Vec<Counted>, String> {
    let folder = env::temp_dir().join(format!("nebula-memory-count-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let result = count_in(&folder);
    // What is left there is of no use, and in nobody's way.
    let _ = fs::remove_dir_all(&folder);
    result
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
fn count_in(folder: &Path) -> Result<Vec<Counted>, String> {
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}/part", folder.display()))
        .args(["--dump-line=no", "--zero-before=nebula_count_begin", "--dump-after=nebula_count_end"])
        .arg(program)
        .arg("--run")
        .stdout(Stdio::null())
        .output()
        .map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => {
                "valgrind is missing (package `valgrind` of Debian and most others)".into()
            }
            _ => format!("valgrind: {error}"),
        })?;
    if !output.status.success() {
        return Err(format!("valgrind failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    let mut parts = 1..;
    let mut next = || total(&folder.join(format!("part.{}", parts.next().unwrap_or(0))));
    cases()
        .into_iter()
        .map(|case| {
            let (short, long) = (next()?, next()?);
            let operations = (LONG - SHORT) * case.operations;
            let instructions = long.saturating_sub(short) as f64 / operations as f64;
            Ok(Counted { row: case.row, contender: case.contender, ours: case.ours, instructions })
        })
        .collect()
}

/// The number of instructions in a file of callgrind.
fn total(part: &Path) -> Result<u64, String> {
    let text = fs::read_to_string(part).map_err(|error| format!("{}: {error}", part.display()))?;
    let line = text.lines().rev().find_map(|line| line.strip_prefix("totals: "));
    line.and_then(|number| number.trim().parse().ok()).ok_or_else(|| format!("{}: no total", part.display()))
}

fn write(counted: &[Counted]) -> Result<(), String> {
    print(counted, &BTreeMap::new());
    let mut table = String::from("row\tcontender\tinstructions\n");
    for Counted { row, contender, instructions, .. } in counted {
        let _ = writeln!(table, "{row}\t{contender}\t{instructions:.2}");
    }
    fs::write(TABLE, table).map_err(|error| format!("{TABLE}: {error}"))
}

fn check(counted: &[Counted]) -> Result<(), String> {
    let text = fs::read_to_string(TABLE).map_err(|error| format!("{TABLE}: {error}"))?;
    let before: BTreeMap<_, _> = text.lines().skip(1).filter_map(parse).collect();
    print(counted, &before);
    let mut problem = String::new();
    for Counted { row, contender, instructions, .. } in counted.iter().filter(|case| case.ours) {
        match before.get(&(*row, *contender)) {
            Some(before) if *instructions <= before + tolerance(*before) => {}
            Some(before) => {
                let _ = writeln!(problem, "{row}, {contender}: {before:.2} before, {instructions:.2} now");
            }
            None => {
                let _ = writeln!(problem, "{row}, {contender}: not in the table");
            }
        }
    }
    if problem.is_empty() {
        return Ok(());
    }
    Err(format!("\n{problem}If that is meant, write the table anew: benches/count"))
}

fn parse(line: &str) -> Option<((&str, &str), f64)> {
    let mut fields = line.split('\t');
    let key = (fields.next()?, fields.next()?);
    Some((key, fields.next()?.parse().ok()?))
}

fn print(counted: &[Counted], before: &BTreeMap<(&str, &str), f64>) {
    for row in counted.chunk_by(|one, other| one.row == other.row) {
        println!("\n{:<32}{:>14}{:>10}", row[0].row, "instructions", "before");
        for Counted { row, contender, ours, instructions } in row {
            let mark = if *ours { '*' } else { ' ' };
            let before =
                before.get(&(*row, *contender)).map_or(String::new(), |before| format!("{before:.2}"));
            println!("{mark} {contender:<30}{instructions:>14.2}{before:>10}");
        }
    }
}
