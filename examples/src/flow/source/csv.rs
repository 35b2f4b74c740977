//! Cuts bytes into records.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU64},
};

use csv_core::ReadRecordResult;

use super::{
    cell,
    feed::{Feed, Speed},
    plain::{Line, cut},
    sample::{MAX_COLUMNS, sample},
};
use crate::flow::{
    engine::{Kind, Row, Scalar, Schema, Value},
    error::{FlowError, columns_help},
    memory::{List, Memory},
};

/// The most bytes a record may have.
const LONGEST_RECORD: usize = 64 << 20;

/// How to read a file.
pub(crate) struct CsvOptions<'o> {
    pub(crate) delimiter: u8,
    /// Kinds that are known better than the first records tell.
    pub(crate) types: &'o [(String, Kind)],
    pub(crate) skip_bad_rows: bool,
    pub(crate) speed: Speed,
    pub(crate) progress: Arc<AtomicU64>,
}

/// A file, one record at a time, in buffers that are used again.
pub(crate) struct CsvReader {
    feed: Feed,
    block: Vec<u8>,
    at: usize,
    /// Up to here there is no quote and no carriage return in the block.
    plain_to: usize,
    ended: bool,
    csv: csv_core::Reader,
    delimiter: u8,
    /// The number of the line at `at`.
    line: u64,
    record: Record,
    /// The fields of a record that is not plain, one after the other.
    text: Vec<u8>,
    /// Where each field ends, counted from the start of the record.
    ends: Vec<usize>,
    schema: Schema,
    kinds: Vec<Kind>,
    skip_bad_rows: bool,
    skipped: u64,
    record_bytes: f64,
    text_bytes: f64,
}

/// Where the current record is.
#[derive(Clone, Copy)]
struct Record {
    /// Whether it stands in the block, as it was read, from here on; otherwise it is in `text`.
    plain: Option<usize>,
    fields: usize,
}

impl Record {
    /// What stands between two fields.
    fn gap(self) -> usize {
        usize::from(self.plain.is_some())
    }
}

/// Why a record cannot be used.
struct Fault {
    message: String,
    help: &'static str,
}

impl CsvReader {
    /// Opens a file, reads its header and finds the kinds of its columns.
    pub(crate) fn open(path: &Path, options: &CsvOptions<'_>) -> Result<Self, FlowError> {
        let mut feed = Feed::open(path, options.speed, &options.progress)?;
        let mut block = Vec::new();
        feed.next(&mut block)?;
        let reader = || csv_core::ReaderBuilder::new().delimiter(options.delimiter).build();
        let whole_file = block.len() < super::feed::BLOCK;
        let header = |message: &str| FlowError::Row {
            path: path.to_owned(),
            line: 1,
            message: message.to_owned(),
            help: "the first line of a CSV file names its columns".to_owned(),
        };
        let Some(found) = sample(&block, reader(), whole_file) else {
            return Err(header(if block.is_empty() {
                "the file is empty"
            } else {
                "no header could be found: it is too long, or has too many columns"
            }));
        };
        let mut schema = found.schema;
        for (i, name) in schema.names().enumerate() {
            if schema.position(name) != Some(i) {
                return Err(header(&format!("two columns are called `{name}`")));
            }
        }
        for (name, kind) in options.types {
            let Some(at) = schema.position(name) else {
                return Err(FlowError::Row {
                    path: path.to_owned(),
                    line: 1,
                    message: format!("`types` names a column `{name}`, which is not in the file"),
                    help: columns_help(name, schema.names()),
                });
            };
            schema.set_kind(at, *kind);
        }
        let mut this = Self {
            feed,
            block,
            at: 0,
            plain_to: 0,
            ended: false,
            csv: reader(),
            delimiter: options.delimiter,
            line: 1,
            record: Record { plain: None, fields: 0 },
            text: vec![0; 1024],
            ends: vec![0; schema.len() + 1],
            kinds: schema.kinds().collect(),
            schema,
            skip_bad_rows: options.skip_bad_rows,
            skipped: 0,
            record_bytes: found.record_bytes,
            text_bytes: found.text_bytes,
        };
        this.advance()?;
        Ok(this)
    }

    pub(crate) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The records that were left out because they could not be used.
    pub(crate) fn skipped(&self) -> u64 {
        self.skipped
    }

    /// The bytes of text in an average record.
    pub(crate) fn text_bytes(&self) -> f64 {
        self.text_bytes
    }

    /// About how many records the file has.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an estimate of a count"
    )]
    pub(crate) fn expected_records(&self) -> usize {
        (self.feed.expected_bytes() as f64 / self.record_bytes) as usize
    }

    /// The next record as a row with room for `capacity` values; `None` at the end.
    #[inline]
    pub(crate) fn next_row<'b, M: Memory>(
        &mut self,
        space: M::Space<'b>,
        capacity: usize,
    ) -> Result<Option<Row<'b, M>>, FlowError> {
        while let Some(fields) = self.advance()? {
            let fault = match self.row::<M>(space, fields, capacity) {
                Ok(row) => return Ok(Some(row)),
                Err(fault) => fault,
            };
            if !self.skip_bad_rows {
                return Err(self.bad(&fault));
            }
            self.skipped += 1;
        }
        Ok(None)
    }

    /// Moves to the next record that can be used; `false` at the end.
    pub(crate) fn next_record(&mut self) -> Result<bool, FlowError> {
        while let Some(fields) = self.advance()? {
            let Err(fault) = self.check(fields) else { return Ok(true) };
            if !self.skip_bad_rows {
                return Err(self.bad(&fault));
            }
            self.skipped += 1;
        }
        Ok(false)
    }

    fn check(&self, fields: usize) -> Result<(), Fault> {
        let text = self.whole(fields)?;
        let mut start = 0;
        for (at, (&kind, &end)) in self.kinds.iter().zip(&self.ends).enumerate() {
            cell::parse(kind, text, start..end).ok_or_else(|| self.wrong_kind(at, &text[start..end]))?;
            start = end + self.record.gap();
        }
        Ok(())
    }

    /// The fields of a record, one after the other, if it has as many as there are columns.
    #[inline]
    fn whole(&self, fields: usize) -> Result<&str, Fault> {
        if fields != self.kinds.len() {
            return Err(self.wrong_count(fields));
        }
        let end = self.ends[fields - 1];
        let bytes = match self.record.plain {
            Some(start) => &self.block[start..start + end],
            None => &self.text[..end],
        };
        str::from_utf8(bytes)
            .map_err(|_| Fault { message: "the text is not UTF-8".into(), help: "convert the file to UTF-8" })
    }

    /// The current record's value in column `at`.
    pub(crate) fn value(&self, at: usize) -> Scalar<'_> {
        str::from_utf8(self.bytes(at))
            .ok()
            .and_then(|field| cell::parse(self.kinds[at], field, 0..field.len()))
            .unwrap_or(Scalar::Missing)
    }

    fn bytes(&self, at: usize) -> &[u8] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] + self.record.gap() };
        match self.record.plain {
            Some(record) => &self.block[record + start..record + self.ends[at]],
            None => &self.text[start..self.ends[at]],
        }
    }

    #[inline]
    fn row<'b, M: Memory>(
        &self,
        space: M::Space<'b>,
        fields: usize,
        capacity: usize,
    ) -> Result<Row<'b, M>, Fault> {
        let text = self.whole(fields)?;
        let mut row: Row<'b, M> = M::list(space, capacity);
        let gap = self.record.gap();
        let mut start = 0;
        for (&kind, &end) in self.kinds.iter().zip(&self.ends) {
            let Some(value) = cell::parse(kind, text, start..end) else {
                return Err(self.wrong_kind(row.len(), &text[start..end]));
            };
            row.push(Value::keep(space, value));
            start = end + gap;
        }
        Ok(row)
    }

    /// Moves to the next record; gives the number of its fields.
    #[inline]
    fn advance(&mut self) -> Result<Option<usize>, FlowError> {
        loop {
            if self.plain_to < self.at {
                let special = memchr::memchr2(b'"', b'\r', &self.block[self.at..]);
                self.plain_to = special.map_or(self.block.len(), |special| self.at + special);
            }
            match cut(&self.block[self.at..self.plain_to], self.delimiter, &mut self.ends) {
                Line::Blank => self.at += 1,
                Line::Fields(fields, len) => {
                    self.record = Record { plain: Some(self.at), fields };
                    self.at += len;
                    self.line += 1;
                    return Ok(Some(fields));
                }
                Line::Open => return self.advance_slowly(),
            }
            self.line += 1;
        }
    }

    /// The same for any record: quoted, cut by the end of a block, or last.
    fn advance_slowly(&mut self) -> Result<Option<usize>, FlowError> {
        self.csv.set_line(self.line);
        let (mut written, mut fields) = (0, 0);
        let (mut quotes, mut last) = (0, None);
        loop {
            if self.at == self.block.len() && !self.ended {
                if self.feed.next(&mut self.block)? {
                    self.at = 0;
                } else {
                    self.ended = true;
                    self.block.clear();
                    self.at = 0;
                }
                self.plain_to = 0;
            }
            let (result, read, wrote, ended) = self.csv.read_record(
                &self.block[self.at..],
                &mut self.text[written..],
                &mut self.ends[fields..],
            );
            let read = &self.block[self.at..self.at + read];
            quotes += memchr::memchr_iter(b'"', read).count();
            last = read.last().copied().or(last);
            self.at += read.len();
            written += wrote;
            fields += ended;
            match result {
                ReadRecordResult::Record => break,
                ReadRecordResult::End => return Ok(None),
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.text.len() >= LONGEST_RECORD => {
                    self.record = Record { plain: None, fields: 0 };
                    return Err(self.fault(
                        "a record begins here that is longer than 64 MiB".to_owned(),
                        "probably a quote is opened and never closed: repair the line",
                    ));
                }
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                // More fields than columns: the record is bad, but its end must be found.
                ReadRecordResult::OutputEndsFull if self.ends.len() > MAX_COLUMNS * 16 => {
                    fields = self.kinds.len() + 1;
                }
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
            }
        }
        self.record = Record { plain: None, fields };
        self.line = self.csv.line();
        // `csv-core` closes an open quote at the end of the file; half of a file must not pass for a whole one.
        if self.ended && (matches!(last, Some(b'\n' | b'\r')) || quotes % 2 == 1) {
            return Err(self.fault(
                "a quote is opened in this record and never closed".to_owned(),
                "close it; a quote inside a quoted field is written twice",
            ));
        }
        Ok(Some(fields))
    }

    #[cold]
    fn wrong_count(&self, fields: usize) -> Fault {
        let plural = if fields == 1 { "" } else { "s" };
        Fault {
            message: format!("the record has {fields} field{plural}, the header {}", self.kinds.len()),
            help: "repair the line, or run with --skip-bad-rows to leave such records out",
        }
    }

    #[cold]
    fn wrong_kind(&self, column: usize, field: &str) -> Fault {
        Fault {
            message: format!(
                "`{field}` in column `{}`, which holds {}",
                self.schema.name(column),
                self.kinds[column].noun()
            ),
            help: "say `\"types\": {\"<column>\": \"text\"}` in the node's parameters if the column is text, \
                   or run with --skip-bad-rows to leave such records out",
        }
    }

    #[cold]
    fn bad(&self, fault: &Fault) -> FlowError {
        self.fault(fault.message.clone(), fault.help)
    }

    /// An error at the current record.
    pub(crate) fn fault(&self, message: String, help: &str) -> FlowError {
        let path = PathBuf::from(self.feed.path());
        FlowError::Row { path, line: self.line(), message, help: help.to_owned() }
    }

    /// The line on which the current record begins.
    fn line(&self) -> u64 {
        if self.record.plain.is_some() {
            return self.line - 1;
        }
        let newline_read = self.at > 0 && self.block.get(self.at - 1) == Some(&b'\n');
        let end = self.record.fields.checked_sub(1).map_or(0, |last| self.ends[last]);
        let newlines_inside = memchr::memchr_iter(b'\n', &self.text[..end]).count();
        self.line - u64::from(newline_read) - newlines_inside as u64
    }

    pub(crate) fn path(&self) -> &Path {
        self.feed.path()
    }

    /// The current record's field in column `at`, for messages.
    pub(crate) fn field(&self, at: usize) -> String {
        String::from_utf8_lossy(self.bytes(at)).into_owned()
    }
}
