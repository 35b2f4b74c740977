use core::fmt::{self, Write};
use std::collections::{BTreeMap, HashMap};
use std::format;
use std::string::{String, ToString};
use std::vec;
use std::vec::Vec;

use super::{ExportError, StatsExporter, profile_of};
use crate::stats::{Frame, Profile, StackProfile, StatsSnapshot};

/// The profile of a [`TrackedGlobal`](crate::stats::TrackedGlobal) as the viewer of valgrind's DHAT reads it (`dh_view.html`; version 2 of
/// its format): blocks and bytes of each stack, in all, at most, at the peak and at the end, and how long blocks lived.
///
/// What valgrind counts is estimated from samples here. The names of the scopes that were open are the outermost frame.
///
/// ```no_run
/// use nebula_memory::stats::{DhatExporter, StatsExporter, TrackedGlobal};
///
/// #[global_allocator]
/// static MEMORY: TrackedGlobal = TrackedGlobal::new();
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     std::fs::write("dhat-heap.json", DhatExporter::new().export(&MEMORY.snapshot())?)?;
///     Ok(())
/// }
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct DhatExporter(());

/// Blocks that live shorter than this many microseconds on average are pointed out by the viewer.
const SHORT_LIVED: u64 = 10;

/// The numbers of a place, by the keys they have in the file.
#[derive(Default)]
struct Place {
    tb: u64,
    tbk: u64,
    tl: u64,
    mb: u64,
    mbk: u64,
    gb: u64,
    gbk: u64,
    eb: u64,
    ebk: u64,
}

impl DhatExporter {
    /// There is nothing to choose.
    pub const fn new() -> Self {
        Self(())
    }
}

/// Every frame once; the first is the root.
struct Frames {
    texts: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Frames {
    fn number(&mut self, text: String) -> usize {
        *self.numbers.entry(text).or_insert_with_key(|text| {
            self.texts.push(text.clone());
            self.texts.len() - 1
        })
    }

    /// The frames of a place, the innermost first.
    fn of(&mut self, stack: &StackProfile) -> Vec<usize> {
        let mut numbers: Vec<_> = stack.frames.iter().map(|frame| self.number(text_of(frame))).collect();
        if !stack.trail.is_empty() {
            numbers.push(self.number(format!("scope {}", stack.trail.join(" › "))));
        } else if numbers.is_empty() {
            numbers.push(self.number("(none)".to_string()));
        }
        numbers
    }
}

fn text_of(frame: &Frame) -> String {
    match (&frame.file, frame.line) {
        (Some(file), Some(line)) => format!("{} ({file}:{line})", frame.function),
        (Some(file), None) => format!("{} ({file})", frame.function),
        (None, _) => frame.function.clone(),
    }
}

impl Place {
    fn add(&mut self, stack: &StackProfile) {
        // DHAT takes a block that is resized for a new one.
        self.tb += stack.handed_out;
        self.tbk += stack.allocations + stack.resizes;
        self.tl += micros(stack.lifetimes);
        self.mb += stack.most_bytes;
        self.mbk += stack.most_blocks;
        self.gb += stack.peak_bytes;
        self.gbk += stack.peak_blocks;
        self.eb += stack.live_bytes;
        self.ebk += stack.live_blocks;
    }
}

fn micros(time: core::time::Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

fn write(out: &mut String, profile: &Profile) -> fmt::Result {
    let mut frames = Frames { texts: vec!["[root]".to_string()], numbers: HashMap::new() };
    // The viewer refuses a place that is there twice. Addresses differ where names and lines do not.
    let mut places = BTreeMap::<Vec<usize>, Place>::new();
    for stack in &profile.stacks {
        places.entry(frames.of(stack)).or_default().add(stack);
    }
    let command: Vec<_> = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    write!(out, "{{\"dhatFileVersion\":2,\"mode\":\"heap, one in {} bytes\"", profile.sample_every)?;
    write!(out, ",\"verb\":\"Allocated\",\"bklt\":true,\"bkacc\":false")?;
    write!(out, ",\"tu\":\"µs\",\"Mtu\":\"s\",\"tuth\":{SHORT_LIVED}")?;
    write!(out, ",\"cmd\":{},\"pid\":{}", Quoted(&command.join(" ")), std::process::id())?;
    write!(out, ",\"tg\":{},\"te\":{}", micros(profile.peak_at), micros(profile.elapsed))?;
    out.write_str(",\"pps\":[")?;
    for (index, (frames, place)) in places.iter().enumerate() {
        let Place { tb, tbk, tl, mb, mbk, gb, gbk, eb, ebk } = place;
        out.write_str(if index == 0 { "\n" } else { ",\n" })?;
        write!(out, "{{\"tb\":{tb},\"tbk\":{tbk},\"tl\":{tl},\"mb\":{mb},\"mbk\":{mbk}")?;
        write!(out, ",\"gb\":{gb},\"gbk\":{gbk},\"eb\":{eb},\"ebk\":{ebk},\"fs\":{frames:?}}}")?;
    }
    out.write_str("],\"ftbl\":[")?;
    for (index, text) in frames.texts.iter().enumerate() {
        out.write_str(if index == 0 { "\n" } else { ",\n" })?;
        write!(out, "{}", Quoted(text))?;
    }
    out.write_str("]}\n")
}

/// Text as JSON has it.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for char in self.0.chars() {
            match char {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                control if control < ' ' => write!(f, "\\u{:04x}", u32::from(control))?,
                other => f.write_char(other)?,
            }
        }
        f.write_char('"')
    }
}

impl StatsExporter for DhatExporter {
    fn export(&self, snapshot: &StatsSnapshot) -> Result<String, ExportError> {
        let mut out = String::new();
        write(&mut out, profile_of(snapshot)?).map_err(ExportError::new)?;
        Ok(out)
    }
}
