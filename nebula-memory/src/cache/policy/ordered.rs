use super::{Id, Nodes, Queue, Ranking};

/// A ranking that knows of all entries in which order they leave if nobody uses them any more, at no price.
///
/// [`NONE`](super::NONE) stands for no entry.
#[doc(hidden)]
pub trait Ordered: Ranking {
    /// The entry that leaves next.
    fn first(&self) -> Id;

    /// The entry that leaves last.
    fn last(&self) -> Id;

    /// The entry that leaves after the one with this node.
    fn after(&self, node: &Self::Node) -> Id;

    /// The entry that leaves before the one with this node.
    fn before(&self, node: &Self::Node) -> Id;

    /// The entry, which is there, leaves next from now on.
    fn demote(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id);
}

impl<const RENEWED: bool> Ordered for Queue<RENEWED> {
    fn first(&self) -> Id {
        self.list().back().unwrap_or(super::NONE)
    }

    fn last(&self) -> Id {
        self.list().front().unwrap_or(super::NONE)
    }

    fn after(&self, node: &Self::Node) -> Id {
        node.prev
    }

    fn before(&self, node: &Self::Node) -> Id {
        node.next
    }

    fn demote(&mut self, nodes: &mut impl Nodes<Self::Node>, id: Id) {
        let list = self.list_mut();
        list.remove(nodes, id);
        list.push_back(nodes, id);
    }
}
