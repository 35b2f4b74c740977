//! The numbers of many groups in one piece of memory.

use allocator_api2::vec::Vec;

use super::{
    Blocks, Nebula, Numbers,
    nebula::{Place, Region},
    watch::Watch,
};

/// The numbers of one link; with the rest, a link takes 256 bytes.
const LINK: usize = 31;
/// What is set aside at first, at most: the expectation may be too high.
const MOST_LINKS: usize = (4 << 20) / size_of::<Link>();

/// A list for each group, made of links that come from one array.
///
/// A vector for each group would grow by moving; in an arena every move leaves the old place unused. Links
/// do not move, and at most one link of a group is partly empty.
pub(crate) struct Chains<'s, W: Watch> {
    links: Blocks<'s, Nebula<W>, Link>,
    groups: Vec<Chain, &'s Region<'s, W>>,
    /// The numbers of one group side by side.
    gathered: Vec<f64, &'s Region<'s, W>>,
}

#[derive(Clone, Copy)]
struct Link {
    numbers: [f64; LINK],
    /// The link that was full before this one was begun.
    before: usize,
}

/// The newest link of a group, and how many numbers the group has.
#[derive(Clone, Copy, Default)]
struct Chain {
    newest: usize,
    len: usize,
}

impl<'s, W: Watch> Chains<'s, W> {
    pub(super) fn new(space: Place<'s, W>, expected: usize) -> Self {
        let links = (expected / LINK + 1).min(MOST_LINKS);
        let (groups, gathered) = (Vec::new_in(space.region(0)), Vec::new_in(space.region(usize::MAX)));
        Self { links: Blocks::new(space, 1, links), groups, gathered }
    }
}

impl<W: Watch> Numbers for Chains<'_, W> {
    #[inline]
    fn add(&mut self, group: usize, number: f64) {
        if group >= self.groups.len() {
            self.groups.resize(group + 1, Chain::default());
        }
        let chain = &mut self.groups[group];
        let at = chain.len % LINK;
        if at == 0 {
            self.links.push(Link { numbers: [0.0; LINK], before: chain.newest });
            chain.newest = self.links.len() - 1;
        }
        self.links.record_mut(chain.newest)[0].numbers[at] = number;
        chain.len += 1;
    }

    fn of(&mut self, group: usize) -> &mut [f64] {
        let mut chain = self.groups.get(group).copied().unwrap_or_default();
        self.gathered.clear();
        if self.gathered.capacity() == 0 {
            let longest = self.groups.iter().map(|chain| chain.len).max().unwrap_or(0);
            self.gathered.reserve_exact(longest);
        }
        while chain.len > 0 {
            let used = (chain.len - 1) % LINK + 1;
            let link = &self.links.record(chain.newest)[0];
            self.gathered.extend_from_slice(&link.numbers[..used]);
            chain = Chain { newest: link.before, len: chain.len - used };
        }
        &mut self.gathered
    }
}
