//! What one invocation of the program does.

use std::{
    ffi::OsString,
    fs,
    io::{self, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
};

use super::{
    engine::{Context, Finished, Rendered, execute},
    error::FlowError,
    memory::{Memory, Nebula, Standard, Watched},
    observe::{Server, Statistics},
    report::{Measured, Progress, Section, grouped, summary},
    workflow::Workflow,
};

/// The workflows that come with the program.
const SHIPPED: [(&str, &str); 3] = [
    ("delay-by-carrier.json", include_str!("../../workflows/delay-by-carrier.json")),
    ("worst-routes.json", include_str!("../../workflows/worst-routes.json")),
    ("delay-by-plane.json", include_str!("../../workflows/delay-by-plane.json")),
];
/// The data that come with the program.
const SHIPPED_DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/nycflights13-2013-01");

/// Where the values of a run live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemoryChoice {
    /// Arenas and pools of `nebula-memory`.
    Nebula,
    /// `Box`, `Vec`, `String` and `HashMap` of the standard library.
    Standard,
}

/// What the user asked for.
#[derive(Debug)]
pub struct Options {
    /// The folder with the CSV files; by default the shipped month.
    pub data: Option<PathBuf>,
    /// The workflows; by default the three that are shipped.
    pub workflows: Vec<PathBuf>,
    /// Where the values live.
    pub memory: MemoryChoice,
    /// Runs both memories this many times in turn, and compares them.
    pub compare: Option<usize>,
    /// Runs everything so many times; the last results count.
    pub repeat: u64,
    /// Writes a page about the memory of the runs, which is that of `nebula-memory`, to this file.
    pub report: Option<PathBuf>,
    /// Serves that page and other statistics at this address while it runs, and after that until it is interrupted.
    pub serve: Option<SocketAddr>,
    /// Leaves out rows that cannot be used, and counts them.
    pub skip_bad_rows: bool,
    /// Whether headings may be coloured.
    pub colour: bool,
}

/// The runs of one workflow.
struct Done {
    section: Section,
    finished: Finished,
}

/// Runs all workflows, then writes their results. Nothing is written if anything fails.
///
/// # Errors
/// Everything that can be wrong with a workflow or its data.
pub fn run(options: &Options, out: &mut dyn Write) -> Result<(), FlowError> {
    let data = options.data.as_deref().unwrap_or(Path::new(SHIPPED_DATA));
    let workflows = load(&options.workflows)?;
    let observed = Observed::start(options)?;
    let progress = Progress::new();
    let mut all = Vec::with_capacity(workflows.len());
    for _ in 0..options.repeat.max(1) {
        all.clear();
        for workflow in &workflows {
            let context = Context::new(workflow, data, options.skip_bad_rows, &progress);
            all.push(match (options.compare, &observed) {
                (Some(times), _) => compare(&context, times.max(3))?,
                (None, Some(observed)) => observed.once(&context)?,
                (None, None) => once(&context, options.memory)?,
            });
        }
    }
    drop(progress);
    if let (Some(observed), Some(file)) = (&observed, &options.report) {
        let cannot = |source| FlowError::Write { path: file.clone(), source };
        observed.statistics.write_page(file).map_err(cannot)?;
    }
    let staged = Staged::write(all.iter().flat_map(|done| &done.finished.outputs))?;
    let shown = show(&all, options.colour, out);
    staged.publish()?;
    match shown {
        // Whoever reads the output has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        shown => shown.map_err(|source| FlowError::Write { path: "standard output".into(), source })?,
    }
    if let Some(server) = observed.and_then(|observed| observed.server) {
        server.wait();
    }
    Ok(())
}

/// Those who look at the runs.
struct Observed {
    server: Option<Server>,
    statistics: Statistics,
}

impl Observed {
    /// If somebody asked for it.
    fn start(options: &Options) -> Result<Option<Self>, FlowError> {
        if options.report.is_none() && options.serve.is_none() {
            return Ok(None);
        }
        let thread = |source| FlowError::Write { path: "the statistics".into(), source };
        let statistics = Statistics::start().map_err(thread)?;
        let serve = |address| {
            let server = Server::start(address, &statistics);
            let server = server.map_err(|source| FlowError::Serve { address, source })?;
            // If standard error is closed there is no one who asks.
            let _ = writeln!(io::stderr(), "serving http://{}/ until interrupted", server.address());
            Ok(server)
        };
        let server = options.serve.map(serve).transpose()?;
        Ok(Some(Self { server, statistics }))
    }

    /// The type says that the run is looked at; any other has no code for it.
    fn once(&self, context: &Context<'_>) -> Result<Done, FlowError> {
        let name = Nebula::<Watched>::NAME;
        self.statistics.look();
        let done = run_once(context, name, execute::<Nebula<Watched>>);
        self.statistics.look();
        done
    }
}

fn load(paths: &[PathBuf]) -> Result<Vec<Workflow>, FlowError> {
    if paths.is_empty() {
        return SHIPPED.iter().map(|(name, json)| Workflow::parse(name, json)).collect();
    }
    let read = |path: &PathBuf| {
        let json = fs::read_to_string(path).map_err(|source| FlowError::Read {
            path: path.clone(),
            source,
            help: "`--workflow` takes a workflow file in the JSON that n8n exports".to_owned(),
        })?;
        Workflow::parse(&path.display().to_string(), &json)
    };
    paths.iter().map(read).collect()
}

fn execute_in(context: &Context<'_>, memory: MemoryChoice) -> Result<Finished, FlowError> {
    match memory {
        MemoryChoice::Nebula => execute::<Nebula>(context),
        MemoryChoice::Standard => execute::<Standard>(context),
    }
}

fn name(memory: MemoryChoice) -> &'static str {
    match memory {
        MemoryChoice::Nebula => <Nebula>::NAME,
        MemoryChoice::Standard => Standard::NAME,
    }
}

fn once(context: &Context<'_>, memory: MemoryChoice) -> Result<Done, FlowError> {
    run_once(context, name(memory), |context| execute_in(context, memory))
}

fn run_once(
    context: &Context<'_>,
    memory: &'static str,
    execute: impl FnOnce(&Context<'_>) -> Result<Finished, FlowError>,
) -> Result<Done, FlowError> {
    context.progress.label(context.workflow.name.clone());
    let finished = execute(context)?;
    let runs = vec![(memory, finished.measured)];
    Ok(Done { section: Section { workflow: context.workflow.name.clone(), runs }, finished })
}

/// Both memories in turn, so that whatever else the machine does hits both.
fn compare(context: &Context<'_>, times: usize) -> Result<Done, FlowError> {
    let choices = [MemoryChoice::Nebula, MemoryChoice::Standard];
    let mut measured: [Vec<Measured>; 2] = [const { Vec::new() }; 2];
    let mut first: Option<Finished> = None;
    for round in 1..=times {
        for (choice, measured) in choices.into_iter().zip(&mut measured) {
            let label = format!("{} · {} {round}/{times}", context.workflow.name, name(choice));
            context.progress.label(label);
            let finished = execute_in(context, choice)?;
            measured.push(finished.measured);
            match &first {
                None => first = Some(finished),
                Some(first) if same(first, &finished) => {}
                Some(_) => return Err(FlowError::Difference { workflow: context.workflow.name.clone() }),
            }
        }
    }
    let median = |runs: &mut Vec<Measured>| {
        runs.sort_by_key(|run| run.time);
        runs[runs.len() / 2]
    };
    let runs = choices.into_iter().zip(&mut measured).map(|(choice, runs)| (name(choice), median(runs)));
    let section = Section { workflow: context.workflow.name.clone(), runs: runs.collect() };
    match first {
        Some(finished) => Ok(Done { section, finished }),
        None => Err(FlowError::Difference { workflow: context.workflow.name.clone() }),
    }
}

fn same(a: &Finished, b: &Finished) -> bool {
    let digests = |finished: &Finished| {
        finished.outputs.iter().map(|output| (output.digest, output.rows)).collect::<Vec<_>>()
    };
    digests(a) == digests(b) && a.traffic == b.traffic && a.skipped == b.skipped
}

/// Results that have been written beside their final place. What has not been moved there is removed.
struct Staged {
    files: Vec<(PathBuf, PathBuf)>,
}

impl Staged {
    fn write<'o>(outputs: impl Iterator<Item = &'o Rendered>) -> Result<Self, FlowError> {
        let mut this = Self { files: Vec::new() };
        for output in outputs {
            let Some(file) = &output.file else { continue };
            let cannot = |source| FlowError::Write { path: file.clone(), source };
            if this.files.iter().any(|(_, other)| other == file) {
                return Err(cannot(io::Error::other("two outputs would write this file")));
            }
            let mut staged = OsString::from(file);
            staged.push(".part");
            this.files.push((staged.into(), file.clone()));
            fs::write(&this.files[this.files.len() - 1].0, &output.text).map_err(cannot)?;
        }
        Ok(this)
    }

    fn publish(mut self) -> Result<(), FlowError> {
        while let Some((staged, file)) = self.files.pop() {
            fs::rename(&staged, &file).map_err(|source| FlowError::Write { path: file, source })?;
        }
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        for (staged, _) in &self.files {
            // It may not have come to be.
            let _ = fs::remove_file(staged);
        }
    }
}

fn show(all: &[Done], colour: bool, out: &mut dyn Write) -> io::Result<()> {
    let heading = |text: &str| {
        let (bold, plain) = if colour { ("\u{1b}[1;36m", "\u{1b}[0m") } else { ("", "") };
        format!("\n{bold}━━ {text} ━━{plain}")
    };
    for done in all {
        let Finished { outputs, traffic, skipped, .. } = &done.finished;
        writeln!(out, "{}", heading(&done.section.workflow))?;
        let steps = traffic.iter().enumerate().map(|(i, (name, received, passed))| {
            let count =
                if i > 0 && received == passed { String::new() } else { format!(" ({})", grouped(*passed)) };
            format!("{name}{count}")
        });
        writeln!(out, "{}", steps.collect::<Vec<_>>().join(" → "))?;
        if *skipped > 0 {
            writeln!(out, "⚠ {} bad rows were left out", grouped(*skipped))?;
        }
        for output in outputs {
            match &output.file {
                Some(file) => {
                    writeln!(out, "{}: {} records in {}", output.node, output.rows, file.display())?;
                }
                None if output.is_table => write!(out, "\n{}", output.text)?,
                None => write!(out, "{}", output.text)?,
            }
        }
    }
    let sections: Vec<_> = all.iter().map(|done| &done.section).collect();
    write!(out, "{}\n{}", heading("Memory"), summary(&sections))?;
    out.flush()
}
