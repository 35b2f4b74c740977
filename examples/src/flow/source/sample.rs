//! What the first records say about the columns.

use csv_core::ReadRecordResult;

use super::cell::{float, int, is_missing};
use crate::flow::engine::{Kind, Schema};

/// How many records decide.
const RECORDS: usize = 1000;
/// Wider files are refused.
pub(super) const MAX_COLUMNS: usize = 4096;

/// The header, and what was found under it.
pub(super) struct Sample {
    pub(super) schema: Schema,
    /// The bytes of an average record in the file.
    pub(super) record_bytes: f64,
    /// The bytes of text an average record leaves in memory.
    pub(super) text_bytes: f64,
}

/// Looks at the records in the first block of a file. `None` if there is no whole header in it.
#[expect(clippy::cast_precision_loss, reason = "averages of small numbers")]
pub(super) fn sample(block: &[u8], mut reader: csv_core::Reader, whole_file: bool) -> Option<Sample> {
    let mut text = vec![0; block.len()];
    let mut ends = vec![0; MAX_COLUMNS + 1];
    let mut at = 0;
    let mut record = |text: &mut [u8], ends: &mut [usize]| {
        let (result, read, _, fields) = reader.read_record(&block[at..], text, ends);
        at += read;
        match result {
            ReadRecordResult::Record => Some((fields, read)),
            // The last line of a file need not end in a newline: an empty input says that it is the last.
            ReadRecordResult::InputEmpty if whole_file => {
                let (result, _, _, more) = reader.read_record(&[], &mut [0; 1], &mut ends[fields..]);
                (result == ReadRecordResult::Record).then_some((fields + more, read))
            }
            _ => None,
        }
    };
    let (columns, _) = record(&mut text, &mut ends)?;
    let mut schema =
        Schema::new((0..columns).map(|i| (field(&text, &ends, i).to_owned(), Kind::Unknown)).collect());
    let mut text_bytes = vec![0; columns];
    let (mut records, mut bytes) = (0, 0);
    while records < RECORDS
        && let Some((fields, read)) = record(&mut text, &mut ends)
    {
        records += 1;
        bytes += read;
        for (i, text_bytes) in text_bytes.iter_mut().enumerate().take(fields) {
            let value = field(&text, &ends, i);
            *text_bytes += value.len();
            schema.set_kind(i, widen(schema.kind(i), value.as_bytes()));
        }
    }
    let kept: usize = schema
        .kinds()
        .zip(&text_bytes)
        .filter(|&(kind, _)| kind == Kind::Text)
        .map(|(_, &bytes)| bytes)
        .sum();
    let records = records.max(1) as f64;
    Some(Sample {
        schema,
        record_bytes: (bytes as f64 / records).max(1.0),
        text_bytes: kept as f64 / records,
    })
}

fn field<'t>(text: &'t [u8], ends: &[usize], i: usize) -> &'t str {
    let start = if i == 0 { 0 } else { ends[i - 1] };
    // What is not UTF-8 counts as text; reading that record will say so.
    str::from_utf8(&text[start..ends[i]]).unwrap_or("?")
}

/// The kind of a column so far, and one more value.
fn widen(kind: Kind, value: &[u8]) -> Kind {
    if is_missing(value) {
        return kind;
    }
    match kind {
        Kind::Unknown | Kind::Int if int(value).is_some() => Kind::Int,
        Kind::Unknown | Kind::Int | Kind::Float if float(value).is_some() => Kind::Float,
        _ => Kind::Text,
    }
}
