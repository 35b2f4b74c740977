//! The table in the README names every case once, and files and tests that exist.

use std::fs;
use std::path::Path;

/// What is between pairs of `mark` in `line`.
fn between(line: &str, mark: char) -> impl Iterator<Item = &str> {
    line.split(mark).skip(1).step_by(2)
}

#[test]
fn every_case_is_where_the_table_says() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(here.join("README.md")).unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| ") && line.contains(".rs`"));
    let mut cases = Vec::new();
    for row in rows {
        let mut sources = String::new();
        for file in
            between(row, '`').filter(|name| Path::new(name).extension().is_some_and(|end| end == "rs"))
        {
            let path = if file.contains('/') {
                here.join(file)
            } else {
                here.join("../nebula-memory/tests").join(file)
            };
            sources +=
                &fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        }
        for test in between(row, '*') {
            assert!(
                sources.contains(&format!("fn {test}(")),
                "no test `{test}` in the files of this row:\n{row}"
            );
        }
        let numbers = row.split('|').nth(1).unwrap();
        cases.extend(numbers.split(',').map(|number| number.trim().parse::<u32>().unwrap()));
    }
    cases.sort_unstable();
    assert_eq!(cases, (1..=184).collect::<Vec<_>>(), "a case is missing from the table, or in it twice");
}
