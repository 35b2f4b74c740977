//! A node of the workflow, ready to work.

use nebula_memory::Pooled;

use super::Node;
use crate::flow::{
    error::Place,
    memory::{List, Memory},
};

/// A node and what it has seen.
#[derive(Pooled)]
pub(crate) struct Instance<'r, M: Memory> {
    pub(crate) place: &'r Place,
    pub(crate) node: Node<'r, M>,
    /// The positions of the instances that get the records.
    pub(crate) targets: M::List<'r, usize>,
    #[pooled(default)]
    pub(crate) received: u64,
    #[pooled(default)]
    pub(crate) passed: u64,
}

/// What is needed to make an instance.
pub(crate) struct InstanceParts<'r, M: Memory> {
    pub(crate) place: &'r Place,
    pub(crate) node: Node<'r, M>,
    pub(crate) targets: M::List<'r, usize>,
}

impl<'r, M: Memory> Instance<'r, M> {
    pub(crate) fn new(parts: InstanceParts<'r, M>) -> Self {
        let InstanceParts { place, node, targets } = parts;
        Self { place, node, targets, received: 0, passed: 0 }
    }

    pub(crate) fn add_target(&mut self, target: usize) {
        self.targets.push(target);
    }
}
