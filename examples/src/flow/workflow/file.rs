//! The JSON shape of n8n's export.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A workflow file. What n8n writes beyond this (positions, ids, settings) is not looked at.
#[derive(Debug, Deserialize)]
pub(super) struct File {
    #[serde(default)]
    pub(super) name: Option<String>,
    pub(super) nodes: Vec<Node>,
    #[serde(default)]
    pub(super) connections: BTreeMap<String, Outputs>,
}

/// A node as it is written down.
#[derive(Debug, Deserialize)]
pub(super) struct Node {
    pub(super) name: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) parameters: serde_json::Map<String, serde_json::Value>,
    #[serde(default)]
    pub(super) disabled: bool,
}

/// What leaves a node, by kind of connection; n8n's data connections are called `main`.
#[derive(Debug, Deserialize)]
pub(super) struct Outputs {
    /// For each output, the inputs it leads to. n8n writes `null` for an output without any.
    #[serde(default)]
    pub(super) main: Vec<Option<Vec<Target>>>,
}

/// One end of a connection.
#[derive(Debug, Deserialize)]
pub(super) struct Target {
    pub(super) node: String,
    #[serde(rename = "type", default = "main")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) index: usize,
}

fn main() -> String {
    "main".to_owned()
}
