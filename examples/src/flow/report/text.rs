//! Results as a table, as CSV, as JSON.

use std::fmt::Write;

use comfy_table::{Cell, CellAlignment, ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};

use crate::flow::engine::{Scalar, Schema};

/// A result, wherever its records live.
pub(crate) struct View<'v> {
    pub(crate) schema: &'v Schema,
    pub(crate) len: usize,
    /// The value in a row and column.
    pub(crate) cell: &'v dyn Fn(usize, usize) -> Scalar<'v>,
}

/// An empty table in the style of this program.
pub(super) fn frame() -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED.with_rounded_corners())
        .set_content_arrangement(ContentArrangement::Dynamic);
    table
}

/// For people: numbers to the right, rounded to `decimals`, missing values as a dash.
pub(crate) fn table(view: &View<'_>, decimals: usize) -> String {
    let align = |column: usize| {
        if view.schema.kind(column).is_number() { CellAlignment::Right } else { CellAlignment::Left }
    };
    let mut table = frame();
    table.set_header(
        view.schema
            .names()
            .enumerate()
            .map(|(column, name)| super::summary::heading(name).set_alignment(align(column))),
    );
    for row in 0..view.len {
        table.add_row((0..view.schema.len()).map(|column| {
            let text = match (view.cell)(row, column) {
                Scalar::Missing => "–".to_owned(),
                Scalar::Int(value) => value.to_string(),
                Scalar::Float(value) => format!("{value:.decimals$}"),
                Scalar::Truth(value) => value.to_string(),
                Scalar::Text(value) => value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect(),
            };
            Cell::new(text).set_alignment(align(column))
        }));
    }
    format!("{table}\n")
}

/// For other programs: every digit, missing values empty.
pub(crate) fn csv(view: &View<'_>) -> String {
    let mut out = String::new();
    for (column, name) in view.schema.names().enumerate() {
        separate(&mut out, column);
        quote(&mut out, name);
    }
    out.push('\n');
    for row in 0..view.len {
        for column in 0..view.schema.len() {
            separate(&mut out, column);
            match (view.cell)(row, column) {
                // A record of one missing value would be an empty line, which readers skip.
                Scalar::Missing if view.schema.len() == 1 => out.push_str("\"\""),
                Scalar::Missing => {}
                Scalar::Text(value) => quote(&mut out, value),
                value => plain(&mut out, value),
            }
        }
        out.push('\n');
    }
    out
}

/// For other programs: a list of objects.
pub(crate) fn json(view: &View<'_>) -> String {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let names: Vec<_> = view.schema.names().map(text).collect();
    let mut out = String::from("[");
    for row in 0..view.len {
        out.push_str(if row == 0 { "\n  {" } else { ",\n  {" });
        for (column, name) in names.iter().enumerate() {
            out.push_str(if column == 0 { "" } else { ", " });
            out.push_str(name);
            out.push_str(": ");
            match (view.cell)(row, column) {
                Scalar::Missing => out.push_str("null"),
                Scalar::Text(value) => out.push_str(&text(value)),
                value => plain(&mut out, value),
            }
        }
        out.push('}');
    }
    out.push_str("\n]\n");
    out
}

fn separate(out: &mut String, column: usize) {
    if column > 0 {
        out.push(',');
    }
}

fn quote(out: &mut String, text: &str) {
    if text.contains([',', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}

/// Numbers and truths; floats with as many digits as it takes to read the same float back.
fn plain(out: &mut String, value: Scalar<'_>) {
    // Writing to a string cannot fail.
    let _ = match value {
        Scalar::Int(value) => write!(out, "{value}"),
        Scalar::Float(value) => write!(out, "{value}"),
        Scalar::Truth(value) => write!(out, "{value}"),
        Scalar::Missing | Scalar::Text(_) => Ok(()),
    };
}

/// A number with thin gaps between groups of three digits.
pub(crate) fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202F}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::engine::Kind;

    #[test]
    fn every_format_keeps_odd_texts_apart() {
        let schema = Schema::new(vec![("a,b".into(), Kind::Text), ("n".into(), Kind::Float)]);
        let cells = [
            [Scalar::Text("x\"y\nz"), Scalar::Float(0.1)],
            [Scalar::Missing, Scalar::Int(-3)],
            [Scalar::Text("plain"), Scalar::Missing],
        ];
        let view = View { schema: &schema, len: 3, cell: &|row, column| cells[row][column] };
        assert_eq!(csv(&view), "\"a,b\",n\n\"x\"\"y\nz\",0.1\n,-3\nplain,\n");
        assert_eq!(
            json(&view),
            "[\n  {\"a,b\": \"x\\\"y\\nz\", \"n\": 0.1},\n  {\"a,b\": null, \"n\": -3},\n  {\"a,b\": \"plain\", \"n\": null}\n]\n"
        );
        assert!(table(&view, 2).contains("│ x\"y z ┆ 0.10 │"));
    }

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(336_776), "336\u{202F}776");
        assert_eq!(grouped(1_000_000), "1\u{202F}000\u{202F}000");
    }
}
