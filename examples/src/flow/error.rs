//! Everything that can go wrong, each with its place and a way out.

use std::{fmt, io, net::SocketAddr, path::PathBuf};

use nebula_memory::AllocError;
use thiserror::Error;

/// Why a workflow could not be run to its end.
///
/// Each message names the place and, on the `help` line, what to do.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FlowError {
    /// A file could not be opened or read.
    #[error("cannot read {}: {source}\n  help: {help}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
        /// What to do.
        help: String,
    },
    /// A result could not be written.
    #[error("cannot write {}: {source}\n  help: the folder must exist, be writable and have room", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The statistics could not be served.
    #[error(
        "cannot serve {address}: {source}\n  help: `--serve` takes an address and a port that is free, such as 127.0.0.1:0"
    )]
    Serve {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The workflow file is not the JSON that n8n exports.
    #[error(
        "{origin}: {message}\n  help: the file must be a JSON object with `nodes` and `connections`, as n8n exports it"
    )]
    Json {
        /// The workflow file.
        origin: String,
        /// The message of the JSON parser, with line and column.
        message: String,
    },
    /// The nodes and connections make no graph that can be run.
    #[error("workflow `{workflow}`: {message}\n  help: {help}")]
    Graph {
        /// The workflow's name.
        workflow: String,
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// One node cannot work as it is described.
    #[error("{place}: {message}\n  help: {help}")]
    Node {
        /// Which node.
        place: Place,
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// An expression does not parse or does not fit the columns.
    #[error("{}", .0)]
    Expression(Box<ExpressionError>),
    /// A line of a CSV file cannot be used.
    #[error("{}, line {line}: {message}\n  help: {help}", path.display())]
    Row {
        /// The file.
        path: PathBuf,
        /// The line, counted from one.
        line: u64,
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// A compressed file ends early or is damaged.
    #[error(
        "{}: the gzip data is damaged or cut short ({detail})\n  help: fetch the file again, or check it with `gzip -t`; \
         nothing was computed from the part that could be read",
        path.display()
    )]
    Gzip {
        /// The file.
        path: PathBuf,
        /// What the decompressor said.
        detail: String,
    },
    /// The memory of the run refused a request.
    #[error("{place}: {source}")]
    Memory {
        /// Which node.
        place: Place,
        /// The allocator's own message.
        source: Box<AllocError>,
    },
    /// The two memories did not compute the same result.
    #[error(
        "workflow `{workflow}`: the two memories computed different results\n  help: this is a bug in `flow`; the figures were not printed"
    )]
    Difference {
        /// The workflow's name.
        workflow: String,
    },
}

/// A node of a workflow, as messages name it.
#[derive(Debug, Clone)]
pub struct Place {
    /// The workflow's name.
    pub workflow: String,
    /// The node's name.
    pub node: String,
    /// The node's type.
    pub kind: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "workflow `{}`, node `{}` ({})", self.workflow, self.node, self.kind)
    }
}

impl Place {
    /// An error of this node.
    pub(crate) fn error(&self, message: impl Into<String>, help: impl Into<String>) -> FlowError {
        FlowError::Node { place: self.clone(), message: message.into(), help: help.into() }
    }

    /// The memory of this node refused.
    pub(crate) fn memory(&self, source: AllocError) -> FlowError {
        FlowError::Memory { place: self.clone(), source: Box::new(source) }
    }

    /// A column that the records do not have.
    pub(crate) fn missing_column<'a>(
        &self,
        column: &str,
        known: impl Iterator<Item = &'a str> + Clone,
    ) -> FlowError {
        self.error(format!("there is no column `{column}`"), columns_help(column, known))
    }
}

/// An expression with the part of it that is wrong.
#[derive(Debug)]
pub struct ExpressionError {
    /// Which node.
    pub place: Place,
    /// Which parameter of the node.
    pub parameter: String,
    /// The whole expression.
    pub text: String,
    /// First byte and the byte after the last of the wrong part.
    pub at: (usize, usize),
    /// What is wrong with it.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.at.0.min(self.text.len());
        let line_start = self.text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.text[line_start..].lines().next().unwrap_or("");
        let line_number = self.text[..start].matches('\n').count() + 1;
        let column = self.text[line_start..start].chars().count();
        let end = self.at.1.clamp(start, line_start + line.len().max(start - line_start));
        let width = self.text[start..end].chars().count().max(1);
        let shown: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        writeln!(f, "{}, parameter `{}`: {}", self.place, self.parameter, self.message)?;
        writeln!(f, "   |")?;
        writeln!(f, "{line_number:>2} | {shown}")?;
        writeln!(f, "   | {:column$}{:^<width$} at character {}", "", "^", column + 1)?;
        write!(f, "  help: {}", self.help)
    }
}

/// Names what is known, and the name that was probably meant first.
pub(crate) fn columns_help<'a>(wanted: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let all = known.clone().collect::<Vec<_>>().join("`, `");
    match closest(wanted, known) {
        Some(near) => format!("did you mean `{near}`? The columns here are `{all}`"),
        None => format!("the columns here are `{all}`"),
    }
}

/// The known name that differs least from `wanted`, if it is near enough to be a slip.
pub(crate) fn closest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (wanted.chars().count() / 3).max(1);
    known
        .map(|name| (distance(&wanted.to_lowercase(), &name.to_lowercase()), name))
        .filter(|&(distance, _)| distance <= limit)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

/// How many letters must be added, removed or changed (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &cb) in b.iter().enumerate() {
            let change = diagonal + usize::from(ca != cb);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, at: (usize, usize)) -> String {
        let place = Place { workflow: "w".into(), node: "n".into(), kind: "flow.filter".into() };
        ExpressionError {
            place,
            parameter: "expression".into(),
            text: text.into(),
            at,
            message: "m".into(),
            help: "h".into(),
        }
        .to_string()
    }

    #[test]
    fn the_caret_stands_under_the_place() {
        assert!(
            shown("a + carrier", (4, 11)).contains(" 1 | a + carrier\n   |     ^^^^^^^ at character 5\n")
        );
        assert!(shown("é + b", (5, 6)).contains(" 1 | é + b\n   |     ^ at character 5\n"));
        assert!(shown("a &&\n  b + c", (7, 8)).contains(" 2 |   b + c\n   |   ^ at character 3\n"));
        assert!(shown("a +", (3, 3)).contains(" 1 | a +\n   |    ^ at character 4\n"));
        assert!(shown("", (0, 0)).contains(" 1 | \n   | ^ at character 1\n"));
    }

    #[test]
    fn a_slip_is_recognised() {
        assert_eq!(closest("dep_dely", ["arr_delay", "dep_delay"].into_iter()), Some("dep_delay"));
        assert_eq!(closest("tail", ["carrier", "dest"].into_iter()), None);
    }
}
