use core::{error::Error, fmt};

use alloc_crate::vec::Vec;

use super::Trace;

/// Where a trace in columns has what: as in the comma-separated files of libCacheSim, unless told otherwise.
///
/// ```
/// use nebula_memory::cache::sim::{Columns, Trace};
///
/// let text = "time,id,size\n1,apple,40\n2,pear,60\n3,apple,40\n";
/// let trace = Trace::parse_columns(text, Columns::default())?;
/// assert_eq!((trace.len(), trace.unique(), trace.footprint()), (3, 2, 100));
///
/// let trace = Trace::parse_columns("7;1\n7;2\n", Columns::default().key(1).size(None).delimiter(';').header(false))?;
/// assert_eq!((trace.len(), trace.unique()), (2, 1));
/// # Ok::<(), nebula_memory::cache::sim::TraceError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Columns {
    key: usize,
    size: Option<usize>,
    delimiter: char,
    header: Option<bool>,
}

impl Default for Columns {
    /// Time, key, size, with commas between; a first line whose size is not a number is the header.
    fn default() -> Self {
        Self { key: 2, size: Some(3), delimiter: ',', header: None }
    }
}

impl Columns {
    /// The column with the keys, from 1.
    ///
    /// # Panics
    ///
    /// If it is 0.
    #[must_use]
    pub fn key(self, column: usize) -> Self {
        assert!(column > 0, "columns are counted from 1");
        Self { key: column, ..self }
    }

    /// The column with the sizes, from 1; none if everything weighs 1.
    ///
    /// # Panics
    ///
    /// If it is 0.
    #[must_use]
    pub fn size(self, column: Option<usize>) -> Self {
        assert!(column != Some(0), "columns are counted from 1");
        Self { size: column, ..self }
    }

    /// What stands between columns.
    #[must_use]
    pub fn delimiter(self, delimiter: char) -> Self {
        Self { delimiter, ..self }
    }

    /// Whether the first line is a header. Without this, it is one if it has no number where the size should be.
    #[must_use]
    pub fn header(self, header: bool) -> Self {
        Self { header: Some(header), ..self }
    }

    fn request<'a>(&self, line: &'a str, number: usize) -> Result<(&'a str, Option<u32>), TraceError> {
        let field = |column: usize| {
            let field = line.split(self.delimiter).nth(column - 1).map(str::trim);
            field.filter(|field| !field.is_empty()).ok_or_else(|| TraceError {
                line: number,
                what: What::NoColumn {
                    column,
                    delimiter: self.delimiter,
                    of: line.split(self.delimiter).count(),
                },
            })
        };
        let size = self.size.map(|column| weight(field(column)?, number)).transpose()?;
        Ok((field(self.key)?, size))
    }
}

/// A line of a trace cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceError {
    line: usize,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    NoColumn { column: usize, delimiter: char, of: usize },
    NoWeight,
    TooHeavy,
    SometimesWeighted,
    TooLong,
}

impl TraceError {
    /// Which line, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match self.what {
            What::NoColumn { column, of, .. } if column <= of => {
                write!(f, "there is nothing in column {column}")
            }
            What::NoColumn { column, delimiter, of } => {
                write!(
                    f,
                    "there is no column {column}: with {delimiter:?} between columns, the line has {of}"
                )
            }
            What::NoWeight => f.write_str("the weight is not a number of 0 or more"),
            What::TooHeavy => f.write_str("a weight of 4 Gi or more"),
            What::SometimesWeighted => f.write_str("either all lines have a weight or none has"),
            What::TooLong => f.write_str("more requests than a trace can have"),
        }
    }
}

impl Error for TraceError {}

/// The weight may have a fraction of zero, as some programs write all numbers.
fn weight(field: &str, line: usize) -> Result<u32, TraceError> {
    let whole = field.strip_suffix(".0").unwrap_or(field);
    if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(TraceError { line, what: What::NoWeight });
    }
    whole.parse().map_err(|_| TraceError { line, what: What::TooHeavy })
}

impl Trace {
    /// A trace of one request a line: a key, of any characters but white space, and its weight after white space if they have some.
    /// Empty lines, and those that begin with `#`, are left out.
    ///
    /// ```
    /// use nebula_memory::cache::sim::Trace;
    ///
    /// let trace = Trace::parse("# key, bytes\n17 100\n4 50\n17 100\n")?;
    /// assert_eq!((trace.len(), trace.unique(), trace.footprint()), (3, 2, 150));
    /// # Ok::<(), nebula_memory::cache::sim::TraceError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a weight is not a number less than 2³², or only some lines have one; if there are 2³² - 1 requests or more.
    pub fn parse(text: &str) -> Result<Self, TraceError> {
        let lines = text.lines().map(str::trim).enumerate().map(|(at, line)| (at + 1, line));
        let requests = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        read(requests.map(|(number, line)| match line.split_once(char::is_whitespace) {
            Some((key, rest)) => Ok((number, (key, Some(weight(rest.trim_start(), number)?)))),
            None => Ok((number, (line, None))),
        }))
    }

    /// A trace in columns, one request a line. Empty lines are left out. Quotation marks mean nothing.
    ///
    /// # Errors
    ///
    /// If a line has too few columns, or a weight is not a number less than 2³²; if there are 2³² - 1 requests or more.
    pub fn parse_columns(text: &str, columns: Columns) -> Result<Self, TraceError> {
        let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim_end_matches('\r')));
        let mut lines = lines.filter(|(_, line)| !line.trim().is_empty()).peekable();
        let first = lines.peek().copied();
        let unreadable = first.is_some_and(|(number, line)| columns.request(line, number).is_err());
        if columns.header.unwrap_or(unreadable) {
            lines.next();
        }
        read(lines.map(|(number, line)| Ok((number, columns.request(line, number)?))))
    }
}

type Line<'a> = (usize, (&'a str, Option<u32>));

fn read<'a>(lines: impl Iterator<Item = Result<Line<'a>, TraceError>>) -> Result<Trace, TraceError> {
    let (mut keys, mut weights) = (Vec::new(), Vec::new());
    for line in lines {
        let (line, (key, weight)) = line?;
        if !keys.is_empty() && weight.is_some() == weights.is_empty() {
            return Err(TraceError { line, what: What::SometimesWeighted });
        }
        if keys.len() + 2 > u32::MAX as usize {
            return Err(TraceError { line, what: What::TooLong });
        }
        keys.push(key);
        weights.extend(weight);
    }
    let weighted = !weights.is_empty();
    Ok(if weighted { Trace::weighted(keys.into_iter().zip(weights)) } else { Trace::new(keys) })
}
