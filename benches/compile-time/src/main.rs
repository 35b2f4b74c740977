//! What deriving a builder costs to compile, over the plain struct, beside the builders that others derive.
//!
//! ```text
//! compile-time [--rounds N] [--goals] [--code] [--offline]
//! ```
//!
//! Generates a workspace with a package for each contender and shape below `target/compile-time`, and runs cargo on them in
//! turn. `--goals` leaves out what no goal is about, most of all release builds; `--code` only looks at the machine code, which
//! takes no time to speak of. Numbers are the fastest of N runs (9
//! if not said), because what a shared machine adds is never negative.

mod code;
mod contender;
mod report;
mod workspace;

use std::process::ExitCode;

use contender::{CONTENDERS, SHAPES};
use report::Report;
use workspace::{Mode, Workspace};

fn main() -> ExitCode {
    let mut rounds = 9;
    let mut only_code = false;
    let mut only_goals = false;
    let mut offline = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--code" => only_code = true,
            "--goals" => only_goals = true,
            "--offline" => offline = true,
            "--rounds" => match arguments.next().and_then(|number| number.parse().ok()) {
                Some(number) if number > 0 => rounds = number,
                _ => return usage("--rounds needs a number"),
            },
            other => return usage(&format!("there is no option `{other}`")),
        }
    }
    match run(rounds, only_goals, only_code, offline) {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(rounds: u32, only_goals: bool, only_code: bool, offline: bool) -> Result<Report, String> {
    let workspace = Workspace::generate(offline)?;
    let mut report = Report::default();
    report.code(code::measure(&workspace)?);
    if only_code {
        return Ok(report);
    }
    for shape in SHAPES {
        for mode in Mode::ALL.into_iter().filter(|&mode| !only_goals || report::has_goal(shape, mode)) {
            eprintln!("{} × {} fields: {}", shape.structs, shape.fields, mode.name());
            // In turn, so that a slow minute of the machine is everybody's.
            workspace.prepare(shape, mode)?;
            for round in 0..rounds {
                for contender in CONTENDERS {
                    report.time(contender, shape, mode, workspace.time(contender, shape, mode, round)?);
                }
            }
        }
        for contender in CONTENDERS {
            report.expanded(contender, shape, workspace.expanded_bytes(contender, shape)?);
        }
    }
    for contender in CONTENDERS.iter().filter(|contender| !contender.dependency.is_empty()) {
        for _ in 0..rounds.min(3) {
            report.clean(contender, workspace.clean_build(contender)?);
        }
    }
    Ok(report)
}

fn usage(problem: &str) -> ExitCode {
    eprintln!("{problem}\nusage: compile-time [--rounds N] [--goals] [--code] [--offline]");
    ExitCode::from(2)
}
