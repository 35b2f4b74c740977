//! The three shipped workflows give what a Python script computed from the same data.

use std::{fs, path::Path, process::Command};

use crate::folder::Folder;

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// Runs a shipped workflow with its result written as CSV, and compares that with `tests/expected`.
fn check(name: &str, memory: &str) {
    let folder = Folder::new();
    let shipped =
        fs::read_to_string(Path::new(HERE).join("workflows").join(name).with_extension("json")).unwrap();
    let mut workflow: serde_json::Value = serde_json::from_str(&shipped).unwrap();
    for node in workflow["nodes"].as_array_mut().unwrap() {
        if node["type"] == "flow.output" {
            node["parameters"]["format"] = "csv".into();
            node["parameters"]["file"] = "result.csv".into();
        }
    }
    folder.write("workflow.json", workflow.to_string());
    let output = Command::new(env!("CARGO_BIN_EXE_flow"))
        .args(["--memory", memory, "--workflow", "workflow.json"])
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "silent in a pipe");
    let found = fs::read_to_string(folder.path("result.csv")).unwrap();
    let expected =
        fs::read_to_string(Path::new(HERE).join("tests/expected").join(name).with_extension("csv"));
    compare(&found, &expected.unwrap());
}

/// Texts must be equal, numbers up to the last digits: sums are taken in another order.
fn compare(found: &str, expected: &str) {
    let (found, expected): (Vec<_>, Vec<_>) = (found.lines().collect(), expected.lines().collect());
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        let (cells, wanted): (Vec<_>, Vec<_>) = (found.split(',').collect(), expected.split(',').collect());
        assert_eq!(cells.len(), wanted.len(), "{found}\n{expected}");
        for (cell, wanted) in cells.iter().zip(&wanted) {
            match (cell.parse::<f64>(), wanted.parse::<f64>()) {
                (Ok(a), Ok(b)) => assert!((a - b).abs() <= 1e-9 * b.abs().max(1.0), "{found}\n{expected}"),
                _ => assert_eq!(cell, wanted),
            }
        }
    }
}

#[test]
fn delay_by_carrier() {
    check("delay-by-carrier", "nebula");
    check("delay-by-carrier", "std");
}

#[test]
fn worst_routes() {
    check("worst-routes", "nebula");
    check("worst-routes", "std");
}

#[test]
fn delay_by_plane() {
    check("delay-by-plane", "nebula");
    check("delay-by-plane", "std");
}

/// Without arguments, from any folder: three results, one table; and not one allocation per record.
#[test]
fn the_steady_state_allocates_nothing() {
    let folder = Folder::new();
    let output = Command::new(env!("CARGO_BIN_EXE_flow")).current_dir(folder.path("")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<_> = text.lines().filter(|line| line.contains("┆ nebula-memory ┆")).collect();
    assert_eq!(rows.len(), 3, "{text}");
    for row in rows {
        let steady = row.trim_end_matches('│').rsplit('┆').next().unwrap().trim();
        assert_eq!(steady, "0", "{row}");
    }
}

#[test]
fn both_memories_can_be_compared() {
    let workflow = Path::new(HERE).join("workflows/delay-by-carrier.json");
    let output = Command::new(env!("CARGO_BIN_EXE_flow"))
        .args(["--compare", "--runs", "3", "--workflow"])
        .arg(workflow)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let row = |name: &str| -> Vec<String> {
        let line = text.lines().find(|line| line.contains(&format!("┆ {name} "))).unwrap();
        let number = |cell: &str| cell.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
        line.split('┆').map(number).collect()
    };
    let (ours, other) = (row("nebula-memory"), row("std"));
    let allocations = |row: &[String]| row[4].parse::<u64>().unwrap();
    assert!(allocations(&ours) * 100 <= allocations(&other), "{text}");
    assert!(text.contains("ratio"), "{text}");
}
