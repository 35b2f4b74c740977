//! Each node type on data small enough to see.

use std::{fmt::Write, fs};

use crate::folder::{Folder, chain, result};

const PEOPLE: &str =
    "name,team,points,rate\nAda,red,3,0.5\nBob,blue,,1.5\n\"Cy, the \"\"old\"\" one\",red,5,\nDee,NA,4,2\n";

/// What the nodes after the source give, as CSV, in both memories.
fn run(data: &str, nodes: &[(&str, &str, &str)]) -> String {
    let folder = Folder::new();
    folder.write("data.csv", data);
    folder.write("teams.csv", "id,title\nred,The Reds\nblue,The Blues\n");
    let mut all = vec![("in", "flow.csvSource", r#"{"file": "data.csv"}"#)];
    all.extend_from_slice(nodes);
    all.push(("out", "flow.output", r#"{"format": "csv", "file": "out.csv"}"#));
    folder.write("w.json", chain(&all));
    let mut results = ["nebula", "std"].map(|memory| {
        result(&folder.flow("w.json", &["--memory", memory]));
        fs::read_to_string(folder.path("out.csv")).unwrap()
    });
    assert_eq!(results[0], results[1]);
    std::mem::take(&mut results[0])
}

#[test]
fn a_source_keeps_types_quotes_and_missing_values() {
    assert_eq!(
        run(PEOPLE, &[]),
        "name,team,points,rate\nAda,red,3,0.5\nBob,blue,,1.5\n\"Cy, the \"\"old\"\" one\",red,5,\nDee,,4,2\n"
    );
    let windows = PEOPLE.replace('\n', "\r\n");
    assert_eq!(run(&windows, &[]), run(PEOPLE, &[]));
    let unended = PEOPLE.trim_end();
    assert_eq!(run(unended, &[]), run(PEOPLE, &[]));
    let blank = PEOPLE.replace('\n', "\n\n");
    assert_eq!(run(&format!("\u{feff}{blank}"), &[]), run(PEOPLE, &[]));
}

#[test]
fn records_cross_the_borders_of_blocks() {
    let mut data = String::from("n,text\n");
    for n in 0..30_000 {
        let text = if n % 7 == 0 { "\"a\nb\"" } else { "plain text" };
        writeln!(data, "{n},{text}").unwrap();
    }
    assert_eq!(run(&data, &[]), data);
}

#[test]
fn a_filter_leaves_out_what_is_not_true() {
    let late = ("f", "flow.filter", r#"{"expression": "points > 3 || rate > 1"}"#);
    assert_eq!(
        run(PEOPLE, &[late]),
        "name,team,points,rate\nBob,blue,,1.5\n\"Cy, the \"\"old\"\" one\",red,5,\nDee,,4,2\n"
    );
}

#[test]
fn compute_adds_and_replaces_columns() {
    let compute = (
        "c",
        "flow.compute",
        r#"{"columns": [{"name": "points", "expression": "points * 2"},
                        {"name": "both", "expression": "points + rate"},
                        {"name": "known", "expression": "!is_missing(both)"}]}"#,
    );
    assert_eq!(
        run(PEOPLE, &[compute]),
        "name,team,points,rate,both,known\nAda,red,6,0.5,6.5,true\nBob,blue,,1.5,,false\n\
         \"Cy, the \"\"old\"\" one\",red,10,,,false\nDee,,8,2,10,true\n"
    );
}

#[test]
fn a_lookup_joins_or_leaves_missing_or_drops() {
    let with = |unmatched: &str| {
        let parameters = format!(
            r#"{{"file": "teams.csv", "column": "team", "key": "id", "unmatched": "{unmatched}",
                "take": [{{"column": "title", "as": "team name"}}]}}"#
        );
        run("name,team\nAda,red\nDee,NA\nEve,green\n", &[("l", "flow.lookup", &parameters)])
    };
    assert_eq!(with("keep"), "name,team,team name\nAda,red,The Reds\nDee,,\nEve,green,\n");
    assert_eq!(with("drop"), "name,team,team name\nAda,red,The Reds\n");
}

#[test]
fn a_group_has_every_aggregate() {
    let group = (
        "g",
        "flow.group",
        r#"{"by": ["team"], "aggregates": [
            {"name": "n", "function": "count"},
            {"name": "with points", "function": "count", "column": "points"},
            {"name": "sum", "function": "sum", "column": "points"},
            {"name": "mean", "function": "mean", "column": "points"},
            {"name": "min", "function": "min", "column": "name"},
            {"name": "max", "function": "max", "column": "rate"},
            {"name": "median", "function": "median", "column": "points"}]}"#,
    );
    assert_eq!(
        run("name,team,points,rate\nB,x,1,0.5\nA,x,4,\nC,x,,7\nD,x,2,1\nE,,,\n", &[group]),
        "team,n,with points,sum,mean,min,max,median\nx,4,3,7,2.3333333333333335,A,7,2\n,1,0,,,E,,\n"
    );
}

#[test]
fn a_group_by_nothing_is_one_record_even_of_none() {
    let none = ("f", "flow.filter", r#"{"expression": "false"}"#);
    let all = ("g", "flow.group", r#"{"aggregates": [{"name": "n", "function": "count"}]}"#);
    assert_eq!(run(PEOPLE, &[all]), "n\n4\n");
    assert_eq!(run(PEOPLE, &[none, all]), "n\n0\n");
}

#[test]
fn a_sort_is_stable_and_puts_missing_last() {
    let sorted = |order: &str| {
        let parameters = format!(r#"{{"by": [{{"column": "n", "order": "{order}"}}]}}"#);
        run("n,id\n2,a\nNA,b\n10,c\n2,d\n", &[("s", "flow.sort", &parameters)])
    };
    assert_eq!(sorted("ascending"), "n,id\n2,a\n2,d\n10,c\n,b\n");
    assert_eq!(sorted("descending"), "n,id\n10,c\n2,a\n2,d\n,b\n");
}

#[test]
fn a_limit_lets_the_first_through() {
    assert_eq!(run("n\n1\n2\n3\n", &[("l", "flow.limit", r#"{"count": 2}"#)]), "n\n1\n2\n");
    assert_eq!(run("n\n1\n2\n3\n", &[("l", "flow.limit", r#"{"count": 0}"#)]), "n\n");
}

#[test]
fn a_fork_sends_records_both_ways_and_outputs_have_formats() {
    let folder = Folder::new();
    folder.write("data.csv", "n,t\n1,x\n2,\n");
    folder.write(
        "w.json",
        r#"{"nodes": [
            {"name": "in", "type": "flow.csvSource", "parameters": {"file": "data.csv"}},
            {"name": "twice", "type": "flow.compute",
             "parameters": {"columns": [{"name": "n", "expression": "n * 2"}]}},
            {"name": "off", "type": "flow.limit", "parameters": {"count": 0}, "disabled": true},
            {"name": "json", "type": "flow.output", "parameters": {"format": "json", "file": "a.json"}},
            {"name": "shown", "type": "flow.output", "parameters": {"columns": ["t", "n"]}},
            {"name": "a note", "type": "n8n-nodes-base.stickyNote", "parameters": {"content": "hello"}}],
          "connections": {
            "in": {"main": [[{"node": "twice", "type": "main", "index": 0},
                             {"node": "off", "type": "main", "index": 0}]]},
            "twice": {"main": [[{"node": "json", "type": "main", "index": 0}]]},
            "off": {"main": [[{"node": "shown", "type": "main", "index": 0}]]}}}"#,
    );
    let shown = result(&folder.flow("w.json", &[]));
    assert!(shown.contains("│ x ┆ 1 │\n│ – ┆ 2 │"), "{shown}");
    let json = fs::read_to_string(folder.path("a.json")).unwrap();
    assert_eq!(json, "[\n  {\"n\": 2, \"t\": \"x\"},\n  {\"n\": 4, \"t\": null}\n]\n");
}

/// More nodes, and more forks in a row, than any pool has slots at first.
#[test]
fn a_workflow_may_be_long_and_forked() {
    let names: Vec<_> = (0..60).map(|n| format!("node {n}")).collect();
    let pass = names.iter().map(|name| (name.as_str(), "flow.filter", r#"{"expression": "n > 0"}"#));
    let nodes: Vec<_> = pass.collect();
    assert_eq!(run("n\n1\n2\n", &nodes), "n\n1\n2\n");

    let folder = Folder::new();
    folder.write("data.csv", "n\n1\n2\n");
    let mut all = vec![("in", "flow.csvSource", r#"{"file": "data.csv"}"#)];
    all.extend(nodes);
    all.push(("out", "flow.output", r#"{"format": "csv", "file": "out.csv"}"#));
    // Every filter also leads to a node of its own: sixty copies of each batch, each made while the others live.
    let mut workflow: serde_json::Value = serde_json::from_str(&chain(&all)).unwrap();
    for name in &names {
        let side = format!("side of {name}");
        let targets = workflow["connections"][name]["main"][0].as_array_mut().unwrap();
        targets.push(serde_json::json!({"node": side, "type": "main", "index": 0}));
        let node = serde_json::json!({"name": side, "type": "flow.limit", "parameters": {"count": 1}});
        workflow["nodes"].as_array_mut().unwrap().push(node);
    }
    folder.write("w.json", workflow.to_string());
    for memory in ["nebula", "std"] {
        result(&folder.flow("w.json", &["--memory", memory]));
        assert_eq!(fs::read_to_string(folder.path("out.csv")).unwrap(), "n\n1\n2\n");
    }
}
