//! The tables.

use std::fmt;
use std::time::Duration;

use crate::code::Codes;
use crate::contender::{CONTENDERS, Contender, PLAIN, POOLED, SHAPES, Shape};
use crate::workspace::Mode;

/// How much longer than the plain struct, in milliseconds.
const GOALS: [(&str, Shape, Mode, f64); 4] = {
    let [_, _, sixty, hundred, ten] = SHAPES;
    [
        ("check over plain, 60 fields, ms", sixty, Mode::Check, 45.0),
        ("check over plain, 100 × 10, ms", hundred, Mode::Check, 600.0),
        ("check over plain, 10 × 50, ms", ten, Mode::Check, 270.0),
        ("check after an edit elsewhere, 60 fields, over plain, ms", sixty, Mode::Edit, 25.0),
    ]
};

/// Of this mode the goal is what bon takes, for a hundred structs.
const BUILT: Mode = Mode::Build;

/// Is there a goal for it?
pub(crate) fn has_goal(shape: Shape, mode: Mode) -> bool {
    let [_, _, _, hundred, _] = SHAPES;
    (shape, mode) == (hundred, BUILT) || GOALS.iter().any(|goal| (goal.1, goal.2) == (shape, mode))
}

#[derive(Default)]
pub(crate) struct Report {
    times: Vec<(&'static str, Shape, Mode, Duration)>,
    expanded: Vec<(&'static str, Shape, usize)>,
    clean: Vec<(&'static str, Duration)>,
    code: Option<Codes>,
}

impl Report {
    pub(crate) fn time(&mut self, contender: &Contender, shape: Shape, mode: Mode, time: Duration) {
        self.times.push((contender.name, shape, mode, time));
    }

    pub(crate) fn expanded(&mut self, contender: &Contender, shape: Shape, bytes: usize) {
        self.expanded.push((contender.name, shape, bytes));
    }

    pub(crate) fn clean(&mut self, contender: &Contender, time: Duration) {
        self.clean.push((contender.name, time));
    }

    pub(crate) fn code(&mut self, code: Codes) {
        self.code = Some(code);
    }

    /// The fastest of all runs, in milliseconds.
    fn fastest(&self, name: &str, shape: Shape, mode: Mode) -> Option<f64> {
        let runs = self.times.iter().filter(|run| (run.0, run.1, run.2) == (name, shape, mode));
        runs.map(|run| run.3).min().map(milliseconds)
    }

    fn over_plain(&self, name: &str, shape: Shape, mode: Mode) -> Option<f64> {
        Some(self.fastest(name, shape, mode)? - self.fastest(PLAIN, shape, mode)?)
    }

    fn bytes(&self, name: &str, shape: Shape) -> Option<usize> {
        self.expanded.iter().find(|row| (row.0, row.1) == (name, shape)).map(|row| row.2)
    }

    fn clean_seconds(&self, name: &str) -> Option<f64> {
        let runs = self.clean.iter().filter(|run| run.0 == name);
        runs.map(|run| run.1).min().map(|time| time.as_secs_f64())
    }

    fn write_times(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for shape in SHAPES {
            writeln!(f, "\n{} × {} fields, ms (over the plain struct)", shape.structs, shape.fields)?;
            write!(f, "  {:16}", "")?;
            for mode in Mode::ALL {
                write!(f, "{:>16}", mode.name())?;
            }
            writeln!(f, "{:>14}", "expanded KB")?;
            for contender in CONTENDERS {
                write!(f, "  {:16}", contender.name)?;
                for mode in Mode::ALL {
                    let Some(time) = self.fastest(contender.name, shape, mode) else { continue };
                    let over = self.over_plain(contender.name, shape, mode).unwrap_or_default();
                    write!(f, "{time:>8.0} {:>7}", format!("({over:+.0})"))?;
                }
                let bytes = self.bytes(contender.name, shape).unwrap_or_default();
                writeln!(f, "{:>14.1}", kilobytes(bytes))?;
            }
        }
        writeln!(f, "\nclean build with all dependencies, s")?;
        for contender in CONTENDERS {
            if let Some(seconds) = self.clean_seconds(contender.name) {
                writeln!(f, "  {:16}{seconds:>8.2}", contender.name)?;
            }
        }
        Ok(())
    }

    fn write_goals(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [_, thirty, sixty, hundred, _] = SHAPES;
        for (what, shape, mode, goal) in GOALS {
            let of = |name| self.over_plain(name, shape, mode);
            let (Some(ours), Some(bon), Some(typed)) = (of(POOLED), of("bon"), of("typed-builder")) else {
                continue;
            };
            row(f, what, &format!("bon {bon:.0}, typed-builder {typed:.0}"), ours, goal)?;
        }
        let debug = |name| self.over_plain(name, hundred, BUILT);
        if let (Some(ours), Some(bon)) = (debug(POOLED), debug("bon")) {
            row(f, "debug build over plain, 100 × 10, ms", &format!("bon {bon:.0}"), ours, bon)?;
        }
        let expanded = |name, shape| self.bytes(name, shape).map(kilobytes);
        if let (Some(half), Some(ours), Some(bon), Some(bon_half)) = (
            expanded(POOLED, thirty),
            expanded(POOLED, sixty),
            expanded("bon", sixty),
            expanded("bon", thirty),
        ) {
            row(f, "expanded, 60 fields, KB", &format!("bon {bon:.0}"), ours, 80.0)?;
            let peer = format!("bon × {:.2}", bon / bon_half);
            row(f, "growth of it from 30 to 60 fields", &peer, ours / half, 2.2)?;
        }
        if let (Some(ours), Some(bon)) = (self.clean_seconds(POOLED), self.clean_seconds("bon")) {
            row(f, "clean build, s", &format!("bon {bon:.2}"), ours, 4.5)?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.times.is_empty() {
            self.write_times(f)?;
        }
        writeln!(f, "\n| goal | peers | ours | target | |\n|---|---|---:|---:|---|")?;
        self.write_goals(f)?;
        let Some(code) = &self.code else { return Ok(()) };
        let [hand, ours] = &code.panicking;
        let same = if code.same() { "same instructions" } else { "differs" };
        let peer = format!("{} instructions by hand", code.known[0].instructions);
        let verdict = if code.same() { "PASS" } else { "MISS" };
        let count = code.known[1].instructions;
        writeln!(f, "| release, known values | {peer} | {count} | {same} | {verdict} |")?;
        let peer = format!("by hand {}, literal {}", hand.stack, code.literal.stack);
        row(f, "release, values that may panic: stack, bytes", &peer, whole(ours.stack), 160.0)?;
        let peer = format!("by hand {}, literal {}", hand.copies, code.literal.copies);
        row(f, "release, values that may panic: copies of the struct", &peer, whole(ours.copies), 0.0)
    }
}

fn row(f: &mut fmt::Formatter<'_>, what: &str, peers: &str, ours: f64, goal: f64) -> fmt::Result {
    let verdict = if ours <= goal { "PASS" } else { "MISS" };
    let digits = usize::from(goal < 10.0 && goal > 0.0) * 2;
    writeln!(f, "| {what} | {peers} | {ours:.digits$} | ≤ {goal:.digits$} | {verdict} |")
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn kilobytes(bytes: usize) -> f64 {
    bytes as f64 / 1e3
}

#[expect(clippy::cast_precision_loss, reason = "for people to read")]
fn whole(number: usize) -> f64 {
    number as f64
}
