//! Bad input: exit status 2, a message that names the place and what to do, and nothing that looks like a result.

use std::{fmt::Write, fs, process::Output};

use crate::folder::{Folder, chain, result};

const SOURCE: (&str, &str, &str) = ("in", "flow.csvSource", r#"{"file": "data.csv"}"#);
const OUTPUT: (&str, &str, &str) = ("out", "flow.output", r#"{"format": "csv", "file": "out.csv"}"#);

/// The program fails, and its message has all of `parts`.
fn refused(folder: &Folder, output: &Output, parts: &[&str]) {
    let message = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(!folder.path("out.csv").exists(), "a partial result was left");
    assert!(message.starts_with("error: ") && message.contains("help: "), "{message}");
    assert!(!message.contains("panicked"), "{message}");
    for part in parts {
        assert!(message.contains(part), "`{part}` is not in:\n{message}");
    }
}

/// A workflow over `data` is refused in both memories.
fn refuses(data: impl AsRef<[u8]>, workflow: &str, parts: &[&str]) {
    let folder = Folder::new();
    folder.write("data.csv", data);
    folder.write("w.json", workflow);
    for memory in ["nebula", "std"] {
        refused(&folder, &folder.flow("w.json", &["--memory", memory]), parts);
    }
}

/// A workflow with one node between source and output is refused.
fn refuses_node(kind: &str, parameters: &str, parts: &[&str]) {
    refuses("n,t\n1,a\n2,b\n", &chain(&[SOURCE, ("mid", kind, parameters), OUTPUT]), parts);
}

#[test]
fn an_unknown_node_type() {
    refuses_node(
        "flow.fliter",
        "{}",
        &["node `mid`", "no node type `flow.fliter`", "did you mean `flow.filter`?"],
    );
    refuses_node("n8n-nodes-base.httpRequest", "{}", &["The types are flow.csvSource, flow.filter"]);
}

#[test]
fn wrong_parameters() {
    refuses_node("flow.filter", "{}", &["node `mid` (flow.filter)", "missing field `expression`"]);
    refuses_node("flow.limit", r#"{"count": "x"}"#, &["node `mid`", "invalid type"]);
    refuses_node("flow.sort", r#"{"by": [], "bye": 1}"#, &["unknown field `bye`"]);
}

#[test]
fn a_cycle() {
    let workflow = r#"{"name": "round", "nodes": [
        {"name": "in", "type": "flow.csvSource", "parameters": {"file": "data.csv"}},
        {"name": "a", "type": "flow.limit", "parameters": {"count": 1}},
        {"name": "b", "type": "flow.limit", "parameters": {"count": 1}},
        {"name": "out", "type": "flow.output", "parameters": {}}],
      "connections": {
        "in": {"main": [[{"node": "a"}]]}, "a": {"main": [[{"node": "b"}]]},
        "b": {"main": [[{"node": "a"}, {"node": "out"}]]}}}"#;
    refuses("n\n1\n", workflow, &["workflow `round`", "cycle: `a` → `b` → `a`"]);
}

#[test]
fn connections_that_lead_nowhere() {
    let workflow = chain(&[SOURCE, OUTPUT]).replace(r#""node": "out""#, r#""node": "ouT""#);
    refuses("n\n1\n", &workflow, &["a node `ouT`", "did you mean `out`?"]);
    let second_input = chain(&[SOURCE, OUTPUT]).replace(r#""index": 0"#, r#""index": 1"#);
    refuses("n\n1\n", &second_input, &["main input 1", "is not possible"]);
    let loose = r#"{"nodes": [{"name": "out", "type": "flow.output", "parameters": {}}], "connections": {}}"#;
    refuses("n\n1\n", loose, &["node `out`", "no connection leads to this node"]);
}

#[test]
fn files_that_are_not_workflows() {
    refuses("n\n1\n", "{\"nodes\": [}", &["w.json", "line 1 column 12"]);
    refuses("n\n1\n", "{}", &["missing field `nodes`"]);
    refuses("n\n1\n", "", &["w.json", "EOF"]);
    let folder = Folder::new();
    refused(&folder, &folder.flow("nowhere.json", &[]), &["nowhere.json", "--workflow"]);
}

#[test]
fn a_missing_file() {
    let workflow = chain(&[("in", "flow.csvSource", r#"{"file": "nowhere.csv"}"#), OUTPUT]);
    refuses("n\n1\n", &workflow, &["cannot read", "nowhere.csv", "--data DIR"]);
    refuses_node(
        "flow.lookup",
        r#"{"file": "none.csv", "column": "t", "take": []}"#,
        &["cannot read", "none.csv"],
    );
}

#[test]
fn a_missing_column() {
    refuses_node(
        "flow.sort",
        r#"{"by": [{"column": "m"}]}"#,
        &["node `mid`", "no column `m`", "did you mean `n`?"],
    );
    refuses_node(
        "flow.group",
        r#"{"by": ["xyz"], "aggregates": []}"#,
        &["no column `xyz`", "the columns here are `n`, `t`"],
    );
    refuses_node(
        "flow.filter",
        r#"{"expression": "n > 1 && delay > 2"}"#,
        &["no column `delay`", " 1 | n > 1 && delay > 2\n   |          ^^^^^ at character 10"],
    );
}

#[test]
fn a_type_error_in_an_expression() {
    refuses_node(
        "flow.filter",
        r#"{"expression": "n > 1 && t > 15"}"#,
        &[
            "node `mid` (flow.filter), parameter `expression`: type error: text cannot be compared with a number",
            " 1 | n > 1 && t > 15\n   |          ^^^^^^ at character 10\n",
        ],
    );
    refuses_node("flow.filter", r#"{"expression": "n + 1"}"#, &["a filter needs true or false", "^^^^^"]);
    refuses_node(
        "flow.compute",
        r#"{"columns": [{"name": "x", "expression": "(n"}]}"#,
        &["parameter `columns.x`", "this bracket is not closed"],
    );
    refuses_node(
        "flow.group",
        r#"{"by": [], "aggregates": [{"name": "s", "function": "sum", "column": "t"}]}"#,
        &["type error", "`s` needs numbers", "`t` holds text"],
    );
}

#[test]
fn a_row_with_too_few_fields() {
    let workflow = chain(&[SOURCE, OUTPUT]);
    let data = "n,t\n1,a\n\n\"2\",\"b\nb\"\n3\n4,d\n";
    refuses(data, &workflow, &["data.csv, line 6", "1 field, the header 2", "--skip-bad-rows"]);
    refuses(data.replace('\n', "\r\n"), &workflow, &["data.csv, line 6", "1 field, the header 2"]);
    refuses("n,t\n1,a\n2,b,c", &workflow, &["data.csv, line 3", "3 fields, the header 2"]);
    for open in ["n,t\n1,\"a\n2,b\n", "n,t\n1,\"a\n2,b"] {
        refuses(open, &workflow, &["data.csv, line 2", "a quote is opened in this record and never closed"]);
    }

    let folder = Folder::new();
    folder.write("data.csv", data);
    folder.write("w.json", workflow);
    let shown = result(&folder.flow("w.json", &["--skip-bad-rows"]));
    assert!(shown.contains("1 bad rows were left out"), "{shown}");
    assert_eq!(fs::read_to_string(folder.path("out.csv")).unwrap(), "n,t\n1,a\n2,\"b\nb\"\n4,d\n");
}

#[test]
fn a_field_that_is_no_number_after_many_that_were() {
    let mut data = String::from("n,t\n");
    for n in 0..40_000 {
        writeln!(data, "{n},a").unwrap();
    }
    data.push_str("many,a\n");
    refuses(
        &data,
        &chain(&[SOURCE, OUTPUT]),
        &["line 40002", "`many` in column `n`, which holds numbers", "types"],
    );
    let declared = ("in", "flow.csvSource", r#"{"file": "data.csv", "types": {"n": "text"}}"#);
    let folder = Folder::new();
    folder.write("data.csv", &data);
    folder.write("w.json", chain(&[declared, OUTPUT]));
    result(&folder.flow("w.json", &[]));
    assert_eq!(fs::read_to_string(folder.path("out.csv")).unwrap(), data);
}

#[test]
fn text_that_is_not_utf8() {
    refuses(b"n,t\n1,a\n2,\xff\n", &chain(&[SOURCE, OUTPUT]), &["data.csv, line 3", "not UTF-8"]);
}

#[test]
fn a_gzip_file_that_is_cut_short_or_damaged() {
    let folder = Folder::new();
    let year = concat!(env!("CARGO_MANIFEST_DIR"), "/data/nycflights13-2013-01/flights.csv.gz");
    let bytes = fs::read(year).unwrap();
    let workflow = chain(&[SOURCE, OUTPUT]);
    refuses(&bytes[..bytes.len() / 2], &workflow, &["data.csv", "damaged or cut short", "gzip -t"]);
    refuses(&bytes[..bytes.len() - 4], &workflow, &["data.csv", "damaged or cut short"]);
    let mut damaged = bytes.clone();
    let end = damaged.len() - 8; // the checksum
    damaged[end] ^= 1;
    refuses(&damaged, &workflow, &["damaged or cut short"]);
    folder.write("data.csv", &bytes);
    folder.write("w.json", workflow);
    result(&folder.flow("w.json", &[]));
}

#[test]
fn headers_that_cannot_be_used() {
    let workflow = chain(&[SOURCE, OUTPUT]);
    refuses("", &workflow, &["line 1", "the file is empty"]);
    refuses("a,b,a\n1,2,3\n", &workflow, &["line 1", "two columns are called `a`"]);
}

#[test]
fn a_key_that_occurs_twice() {
    refuses_node(
        "flow.lookup",
        r#"{"file": "data.csv", "column": "t", "take": [{"column": "t"}]}"#,
        &["there is already a column `t`"],
    );
    let lookup = ("mid", "flow.lookup", r#"{"file": "data.csv", "column": "t", "take": []}"#);
    refuses(
        "n,t\n1,a\n2,a\n",
        &chain(&[SOURCE, lookup, OUTPUT]),
        &["line 3", "the key `a` is already on an earlier line"],
    );
}

#[test]
fn a_result_that_cannot_be_written() {
    let nowhere = ("out", "flow.output", r#"{"file": "no/such/folder/out.csv"}"#);
    refuses("n\n1\n", &chain(&[SOURCE, nowhere]), &["cannot write", "no/such/folder", "must exist"]);
    let twice = r#"{"nodes": [
        {"name": "in", "type": "flow.csvSource", "parameters": {"file": "data.csv"}},
        {"name": "a", "type": "flow.output", "parameters": {"file": "out.csv"}},
        {"name": "b", "type": "flow.output", "parameters": {"file": "out.csv"}}],
      "connections": {"in": {"main": [[{"node": "a"}, {"node": "b"}]]}}}"#;
    refuses("n\n1\n", twice, &["cannot write out.csv", "two outputs would write this file"]);
}
