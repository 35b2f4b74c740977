use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use flate2::read::MultiGzDecoder;
use nebula_memory::cache::sim::{Columns, Trace};

use super::Error;

/// How a trace is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A key a line, and its weight after white space if they have some.
    Lines,
    /// Columns, as in the comma-separated files of libCacheSim.
    Columns(Columns),
}

/// The file that is standard input.
pub const STDIN: &str = "-";

/// How files begin that were compressed with gzip.
const GZIP: [u8; 2] = [0x1F, 0x8B];

/// How text may begin that says it is UTF-8.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// Reads a trace, compressed with gzip or not, from a file or from standard input, which is [`STDIN`]. Without a format, a file whose name says `csv` has columns.
///
/// # Errors
///
/// If the file cannot be read, is not UTF-8 or not a trace, or has no requests.
pub fn load(path: &Path, format: Option<Format>) -> Result<Trace, Error> {
    let text = read(path).map_err(|cause| Error::Read { path: path.to_owned(), cause })?;
    // What some editors begin a file with is not part of its first key.
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text);
    let trace = match format.unwrap_or_else(|| guess(path)) {
        Format::Lines => Trace::parse(text),
        Format::Columns(columns) => Trace::parse_columns(text, columns),
    };
    let trace = trace.map_err(|cause| Error::Trace { path: path.to_owned(), cause })?;
    if trace.is_empty() { Err(Error::Empty { path: path.to_owned() }) } else { Ok(trace) }
}

fn read(path: &Path) -> io::Result<String> {
    if path == Path::new(STDIN) { text(io::stdin().lock()) } else { text(BufReader::new(File::open(path)?)) }
}

fn text(mut input: impl BufRead) -> io::Result<String> {
    // A pipe may give a byte at a time: as many as there are to tell are waited for.
    let mut start = Vec::new();
    input.by_ref().take(GZIP.len() as u64).read_to_end(&mut start)?;
    let compressed = start == GZIP;
    let mut whole = io::Cursor::new(start).chain(input);
    let mut text = String::new();
    if compressed {
        MultiGzDecoder::new(whole).read_to_string(&mut text)?;
    } else {
        whole.read_to_string(&mut text)?;
    }
    Ok(text)
}

fn guess(path: &Path) -> Format {
    let is = |path: &Path, extension: &str| {
        path.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
    };
    let plain = if is(path, "gz") { path.with_extension("") } else { path.to_owned() };
    if is(&plain, "csv") { Format::Columns(Columns::default()) } else { Format::Lines }
}
