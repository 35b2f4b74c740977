//! CSV files, plain or compressed.
//!
//! `feed` brings the bytes (for a large file on a thread of its own, through a `ring` of buffers), `csv` cuts them into
//! records (most lines by way of `plain`), `sample` looks at the first records to find the kind of each column,
//! `cell` turns a field into a value.

mod cell;
mod csv;
mod feed;
mod plain;
mod ring;
mod sample;

pub(crate) use csv::{CsvOptions, CsvReader};
pub(crate) use feed::Speed;

use super::error::{FlowError, Place};

/// The delimiter that a node asks for, as the CSV reader needs it.
pub(crate) fn delimiter(place: &Place, delimiter: char) -> Result<u8, FlowError> {
    match u8::try_from(delimiter) {
        Ok(byte) if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(byte),
        _ => Err(place.error(
            format!("`{}` cannot be a delimiter", delimiter.escape_debug()),
            "choose one ASCII character, such as `,` `;` or a tab",
        )),
    }
}
