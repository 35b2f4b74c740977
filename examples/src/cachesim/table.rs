use comfy_table::{Attribute, Cell, CellAlignment, ContentArrangement, Table, presets::UTF8_FULL_CONDENSED};

use super::{Measure, Results, run::OPTIMAL};

/// Hit ratios in percent, a line for each policy and a column for each size: the best of each column stands out in bold, if there is
/// `colour`.
#[must_use]
pub fn table(results: &Results, measure: Measure, colour: bool) -> String {
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED.with_rounded_corners())
        .set_content_arrangement(ContentArrangement::Disabled);
    if colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    let heads = results.sizes.iter().map(|&size| right(grouped(size)));
    table.set_header([Cell::new("policy")].into_iter().chain(heads));
    let ratio = |row: usize, size: usize| measure.hit_ratio(&results.rows[row].1[size]);
    let best: Vec<f64> = (0..results.sizes.len())
        .map(|size| {
            let policies = (0..results.rows.len()).filter(|&row| results.rows[row].0 != OPTIMAL);
            policies.map(|row| ratio(row, size)).fold(0.0, f64::max)
        })
        .collect();
    for (row, (name, _)) in results.rows.iter().enumerate() {
        let cells = (0..results.sizes.len()).map(|size| {
            let cell = right(format!("{:.2}", 100.0 * ratio(row, size)));
            let is_best = name != OPTIMAL && ratio(row, size) >= best[size];
            if is_best { cell.add_attribute(Attribute::Bold) } else { cell }
        });
        table.add_row([Cell::new(name)].into_iter().chain(cells));
    }
    format!("{table}\n")
}

/// A number with gaps between groups of three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202F}');
        }
        out.push(digit);
    }
    out
}
