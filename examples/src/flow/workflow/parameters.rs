//! What each node type can be told.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::flow::engine::Kind;

/// The parameters of a node, by node type.
#[derive(Debug)]
pub(crate) enum Parameters {
    CsvSource(CsvSource),
    Filter(Filter),
    Compute(Compute),
    Lookup(Lookup),
    Group(Group),
    Sort(Sort),
    Limit(Limit),
    Output(Output),
    /// A node that is switched off: records go through unchanged.
    Disabled,
}

/// Reads records from a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CsvSource {
    pub(crate) file: PathBuf,
    #[serde(default = "comma")]
    pub(crate) delimiter: char,
    #[serde(default)]
    types: BTreeMap<String, TypeName>,
}

/// Keeps the records for which the expression is true.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Filter {
    pub(crate) expression: String,
}

/// Adds columns, or replaces them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Compute {
    pub(crate) columns: Vec<Computed>,
}

/// One column and how to get it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Computed {
    pub(crate) name: String,
    pub(crate) expression: String,
}

/// Adds columns of another file, found by a key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Lookup {
    pub(crate) file: PathBuf,
    /// The column of the records that holds the key.
    pub(crate) column: String,
    /// The column of the file that holds the key; by default it has the same name.
    #[serde(default)]
    pub(crate) key: Option<String>,
    /// The columns to take from the file.
    pub(crate) take: Vec<Taken>,
    #[serde(default)]
    pub(crate) unmatched: Unmatched,
    #[serde(default = "comma")]
    pub(crate) delimiter: char,
    #[serde(default)]
    types: BTreeMap<String, TypeName>,
}

/// A column to take, perhaps under another name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Taken {
    pub(crate) column: String,
    #[serde(rename = "as", default)]
    pub(crate) alias: Option<String>,
}

/// What becomes of a record whose key is not in the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Unmatched {
    /// It goes on; the columns are missing.
    #[default]
    Keep,
    /// It is left out.
    Drop,
}

/// One record for each group of records.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group {
    #[serde(default)]
    pub(crate) by: Vec<String>,
    pub(crate) aggregates: Vec<Aggregate>,
}

/// One figure of a group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Aggregate {
    pub(crate) name: String,
    pub(crate) function: Function,
    /// May be left out for `count`, which then counts records.
    #[serde(default)]
    pub(crate) column: Option<String>,
}

/// How to get it. Missing values do not take part, as in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Function {
    Count,
    Sum,
    Mean,
    Min,
    Max,
    Median,
}

/// Orders the records.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sort {
    pub(crate) by: Vec<SortKey>,
}

/// One column to order by; missing values come last either way.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SortKey {
    pub(crate) column: String,
    #[serde(default)]
    pub(crate) order: Order,
}

/// Small values first, or large ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Order {
    #[default]
    Ascending,
    Descending,
}

/// Lets the first records through.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limit {
    pub(crate) count: u64,
}

/// Shows the records, or writes them to a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Output {
    #[serde(default)]
    pub(crate) format: Format,
    /// Without it the records go to standard output.
    #[serde(default)]
    pub(crate) file: Option<PathBuf>,
    /// The columns to show, in this order; by default all.
    #[serde(default)]
    pub(crate) columns: Vec<String>,
    /// Decimals of fractions in a table.
    #[serde(default = "two")]
    pub(crate) decimals: usize,
}

/// What the records look like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Format {
    #[default]
    Table,
    Csv,
    Json,
}

/// The kinds a column can be declared to have.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum TypeName {
    Integer,
    Number,
    Truth,
    Text,
}

fn comma() -> char {
    ','
}

fn two() -> usize {
    2
}

/// Every node type, for messages.
pub(super) const KINDS: [&str; 8] = [
    "flow.csvSource",
    "flow.filter",
    "flow.compute",
    "flow.lookup",
    "flow.group",
    "flow.sort",
    "flow.limit",
    "flow.output",
];

impl Parameters {
    /// The parameters of a node of type `kind`; `None` if there is no such type.
    pub(super) fn read(kind: &str, json: Map<String, Value>) -> Option<Result<Self, String>> {
        fn read<T: for<'de> Deserialize<'de>>(json: Map<String, Value>) -> Result<T, String> {
            serde_json::from_value(Value::Object(json)).map_err(|error| error.to_string())
        }
        Some(match kind {
            "flow.csvSource" => read(json).map(Self::CsvSource),
            "flow.filter" => read(json).map(Self::Filter),
            "flow.compute" => read(json).map(Self::Compute),
            "flow.lookup" => read(json).map(Self::Lookup),
            "flow.group" => read(json).map(Self::Group),
            "flow.sort" => read(json).map(Self::Sort),
            "flow.limit" => read(json).map(Self::Limit),
            "flow.output" => read(json).map(Self::Output),
            _ => return None,
        })
    }
}

impl CsvSource {
    pub(crate) fn types(&self) -> Vec<(String, Kind)> {
        declared(&self.types)
    }
}

impl Lookup {
    pub(crate) fn types(&self) -> Vec<(String, Kind)> {
        declared(&self.types)
    }
}

fn declared(types: &BTreeMap<String, TypeName>) -> Vec<(String, Kind)> {
    let kind = |name: &TypeName| match name {
        TypeName::Integer => Kind::Int,
        TypeName::Number => Kind::Float,
        TypeName::Truth => Kind::Truth,
        TypeName::Text => Kind::Text,
    };
    types.iter().map(|(column, name)| (column.clone(), kind(name))).collect()
}
