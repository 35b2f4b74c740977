//! From the file to a graph that can be run.

use super::{
    file::{File, Node, Target},
    parameters::{KINDS, Parameters},
};
use crate::flow::error::{FlowError, Place, closest};

/// A workflow whose nodes and connections have been checked.
#[derive(Debug)]
pub(crate) struct Workflow {
    pub(crate) name: String,
    pub(crate) nodes: Vec<NodePlan>,
    /// The positions of the sources.
    pub(crate) sources: Vec<usize>,
}

/// One node: what it does, and who gets its records.
#[derive(Debug)]
pub(crate) struct NodePlan {
    pub(crate) place: Place,
    pub(crate) parameters: Parameters,
    pub(crate) targets: Vec<usize>,
}

impl Workflow {
    /// Reads a workflow; `origin` says where it comes from.
    pub(crate) fn parse(origin: &str, json: &str) -> Result<Self, FlowError> {
        let file: File = serde_json::from_str(json)
            .map_err(|error| FlowError::Json { origin: origin.to_owned(), message: error.to_string() })?;
        let name = file.name.unwrap_or_else(|| origin.to_owned());
        // Notes on n8n's canvas are no part of the work.
        let nodes: Vec<Node> =
            file.nodes.into_iter().filter(|node| !node.kind.ends_with("stickyNote")).collect();
        let mut graph = Graph { workflow: &name, nodes: Vec::with_capacity(nodes.len()) };
        for node in nodes {
            graph.add(node)?;
        }
        for (from, outputs) in file.connections {
            for (output, targets) in outputs.main.into_iter().enumerate() {
                for target in targets.unwrap_or_default() {
                    graph.connect(&from, output, &target)?;
                }
            }
        }
        graph.check()?;
        let nodes = graph.nodes;
        let sources = (0..nodes.len()).filter(|&at| nodes[at].is_source()).collect();
        Ok(Self { name, nodes, sources })
    }
}

impl NodePlan {
    pub(crate) fn is_source(&self) -> bool {
        matches!(self.parameters, Parameters::CsvSource(_))
    }
}

struct Graph<'w> {
    workflow: &'w str,
    nodes: Vec<NodePlan>,
}

impl Graph<'_> {
    fn fault(&self, message: impl Into<String>, help: impl Into<String>) -> FlowError {
        FlowError::Graph { workflow: self.workflow.to_owned(), message: message.into(), help: help.into() }
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.place.node == name)
    }

    fn add(&mut self, node: Node) -> Result<(), FlowError> {
        if self.position(&node.name).is_some() {
            return Err(self.fault(
                format!("two nodes are called `{}`", node.name),
                "connections go by name: give each node its own",
            ));
        }
        let place = Place { workflow: self.workflow.to_owned(), node: node.name, kind: node.kind.clone() };
        let parameters = match Parameters::read(&node.kind, node.parameters) {
            Some(Ok(Parameters::CsvSource(_))) if node.disabled => {
                return Err(place.error("a source cannot be disabled", "remove it, or enable it"));
            }
            Some(Ok(_)) if node.disabled => Parameters::Disabled,
            Some(Ok(parameters)) => parameters,
            Some(Err(message)) => {
                return Err(place.error(
                    format!("the parameters cannot be used: {message}"),
                    "examples/README.md lists the parameters of each node type",
                ));
            }
            None => {
                let near = closest(&node.kind, KINDS.into_iter())
                    .map_or_else(String::new, |near| format!("did you mean `{near}`? "));
                return Err(place.error(
                    format!("there is no node type `{}`", node.kind),
                    format!("{near}The types are {}", KINDS.join(", ")),
                ));
            }
        };
        self.nodes.push(NodePlan { place, parameters, targets: Vec::new() });
        Ok(())
    }

    fn connect(&mut self, from: &str, output: usize, target: &Target) -> Result<(), FlowError> {
        let find = |name: &str| {
            self.position(name).ok_or_else(|| {
                let known = self.nodes.iter().map(|node| node.place.node.as_str());
                let help = match closest(name, known.clone()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("the nodes are `{}`", known.collect::<Vec<_>>().join("`, `")),
                };
                self.fault(format!("a connection names a node `{name}`, which does not exist"), help)
            })
        };
        let start = find(from)?;
        let end = find(&target.node)?;
        if output != 0 || target.index != 0 || target.kind != "main" {
            return Err(self.fault(
                format!(
                    "the connection from `{from}` (output {output}) to `{}` ({} input {}) is not possible",
                    target.node, target.kind, target.index
                ),
                "every node here has one output and one input, `main` 0; \
                 a lookup names its second table as a file in its parameters",
            ));
        }
        self.nodes[start].targets.push(end);
        Ok(())
    }

    fn check(&self) -> Result<(), FlowError> {
        let mut inputs: Vec<Vec<usize>> = vec![Vec::new(); self.nodes.len()];
        for (at, node) in self.nodes.iter().enumerate() {
            for &target in &node.targets {
                inputs[target].push(at);
            }
        }
        self.refuse_cycles()?;
        for (node, inputs) in self.nodes.iter().zip(&inputs) {
            let place = &node.place;
            match (inputs.len(), node.is_source()) {
                (0, true) | (1, false) => {}
                (_, true) => {
                    return Err(
                        place.error("a source has no input", "remove the connection that leads to it")
                    );
                }
                (0, false) => {
                    return Err(place.error("no connection leads to this node", "connect it, or remove it"));
                }
                (_, false) => {
                    let names: Vec<_> = inputs.iter().map(|&at| self.nodes[at].place.node.as_str()).collect();
                    return Err(place.error(
                        format!("several connections lead to this node: from `{}`", names.join("`, `")),
                        "a node takes the records of exactly one other",
                    ));
                }
            }
            if matches!(node.parameters, Parameters::Output(_)) && !node.targets.is_empty() {
                return Err(place.error("an output leads nowhere", "connect the node before it instead"));
            }
        }
        if !self.nodes.iter().any(|node| matches!(node.parameters, Parameters::Output(_))) {
            return Err(self.fault("there is no output", "add a node of type `flow.output`"));
        }
        Ok(())
    }

    /// Walks every path; a node that is met again on the same path closes a cycle.
    fn refuse_cycles(&self) -> Result<(), FlowError> {
        let mut done = vec![false; self.nodes.len()];
        for start in 0..self.nodes.len() {
            // The path from `start`, and for each node on it the next target to look at.
            let mut path = vec![(start, 0)];
            while let Some(&mut (node, ref mut next)) = path.last_mut() {
                let target = if done[node] { None } else { self.nodes[node].targets.get(*next).copied() };
                *next += 1;
                let Some(target) = target else {
                    done[node] = true;
                    path.pop();
                    continue;
                };
                if let Some(first) = path.iter().position(|&(on_path, _)| on_path == target) {
                    let names: Vec<_> = path[first..]
                        .iter()
                        .map(|&(at, _)| at)
                        .chain([target])
                        .map(|at| format!("`{}`", self.nodes[at].place.node))
                        .collect();
                    return Err(self.fault(
                        format!("the connections form a cycle: {}", names.join(" → ")),
                        "records flow one way: remove one of these connections",
                    ));
                }
                path.push((target, 0));
            }
        }
        Ok(())
    }
}
