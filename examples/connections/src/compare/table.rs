//! Tables.

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

/// A table whose columns from the second on are numbers, or texts.
pub(super) fn table(head: &[&str], numbers: bool) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(head);
    if numbers {
        for column in table.column_iter_mut().skip(2) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}
