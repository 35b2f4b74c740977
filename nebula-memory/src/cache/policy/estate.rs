#[cfg(test)]
use super::wide::is_beside;
use super::{Expert, Id, List, Nodes, Tag, Wide, wide::age};

/// Entries that move with each request.
const STEPS: usize = 4;

/// What an expert that another one has succeeded has left: entries that move to the other one by and by, those that were used last
/// first. Those that were used the longest time ago leave meanwhile if some have to.
///
/// The times of these entries are on the other side than those of the present expert, and their tags are what they were.
#[derive(Clone, Debug)]
pub(crate) struct Estate {
    /// By their tags.
    lists: [List; 3],
    /// The tag of those that have proven their worth, besides those that have a mark.
    worthy: u8,
    /// Entries.
    len: u32,
}

impl Estate {
    /// Of an expert, all of whose entries are in it from now on.
    pub(crate) fn of(expert: &Expert) -> Self {
        let (lists, worthy) = expert.lists();
        Self { lists, worthy, len: expert.len() }
    }

    /// How many entries there are.
    #[cfg(test)]
    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn list(&mut self, nodes: &impl Nodes<Wide>, id: Id) -> &mut List {
        &mut self.lists[usize::from(nodes.node(id).tag())]
    }

    pub(crate) fn on_weight(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, before: u64) {
        self.list(nodes, id).reweigh(before, nodes.weight(id));
    }

    pub(crate) fn remove(&mut self, nodes: &mut impl Nodes<Wide>, id: Id) {
        self.len -= 1;
        self.list(nodes, id).remove(nodes, id);
    }

    /// An entry moves, which is one of the first to do so if it is used just now.
    pub(crate) fn hand_over(&mut self, nodes: &mut impl Nodes<Wide>, id: Id, heir: &mut Expert) {
        let worth = nodes.node(id).tag() == self.worthy || nodes.mark(id) > 0;
        self.remove(nodes, id);
        nodes.set_mark(id, 0);
        let later = self.lists.get(usize::from(self.worthy)).map_or(0, List::weight);
        heir.adopt(nodes, id, worth, later);
    }

    /// Some more entries move.
    pub(crate) fn settle(&mut self, nodes: &mut impl Nodes<Wide>, heir: &mut Expert) {
        for _ in 0..STEPS {
            let fronts = self.lists.iter().filter_map(List::front);
            let newest = fronts.min_by_key(|&id| age(nodes.node(id).time(), heir.now()));
            let Some(id) = newest else { break };
            self.hand_over(nodes, id, heir);
        }
    }

    /// Who leaves: who was used the longest time ago.
    pub(crate) fn evict(&mut self, nodes: &mut impl Nodes<Wide>, now: u16) -> Option<Id> {
        let backs = self.lists.iter().filter_map(List::back);
        let id = backs.max_by_key(|&id| age(nodes.node(id).time(), now))?;
        self.remove(nodes, id);
        Some(id)
    }
}

#[cfg(test)]
impl Estate {
    /// How many entries there are, if everything is as it should be beside an expert at that time.
    pub(crate) fn validate(&self, nodes: &impl Nodes<Wide>, now: u16) -> usize {
        let lens = self.lists.iter().zip(0..).map(|(list, tag)| {
            let entries = list.validate(nodes);
            assert!(entries.iter().all(|&id| nodes.node(id).tag() == tag));
            assert!(entries.iter().all(|&id| !is_beside(nodes.node(id).time(), now)));
            entries.len()
        });
        assert_eq!(self.len as usize, lens.sum::<usize>());
        self.len as usize
    }
}
