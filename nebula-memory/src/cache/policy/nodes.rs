/// An entry of a cache, by its place. Less than [`NONE`].
#[doc(hidden)]
pub type Id = u32;

/// All entries are less: ids from here on can mean other things, and two bits are left for who needs them.
pub(crate) const END: Id = (1 << 30) - 1;

/// No entry.
pub(crate) const NONE: Id = Id::MAX;

/// What stands beside the entries of a cache: how a policy finds it.
///
/// Ids that are not in use panic or give anything, but are never undefined behaviour.
#[doc(hidden)]
pub trait Nodes<N> {
    /// The node of an entry.
    fn node(&self, id: Id) -> &N;

    /// The node of an entry, to be changed.
    fn node_mut(&mut self, id: Id) -> &mut N;

    /// The same, unless this is [`NONE`]: asked at once with whether there is such an entry.
    #[inline(always)]
    fn node_in(&mut self, id: Id) -> Option<&mut N> {
        if id == NONE { None } else { Some(self.node_mut(id)) }
    }

    /// How often the entry was hit, as far as [`Hit::Mark`] says.
    fn mark(&self, id: Id) -> u8;

    /// Sets that.
    fn set_mark(&mut self, id: Id, mark: u8);

    /// Half of the hash of the key.
    fn hash(&self, id: Id) -> u32;

    /// What the entry weighs, at least 1.
    fn weight(&self, id: Id) -> u64;

    /// Asks for the memory of a node that will be read.
    #[inline(always)]
    fn fetch(&self, id: Id) {
        let _ = id;
    }

    /// Asks for the memory of a mark that will be read, if it is elsewhere than the node, which is there.
    #[inline(always)]
    fn fetch_mark(&self, id: Id) {
        let _ = id;
    }
}

/// What stands beside the entries of a cache for its [`Watch`](super::Watch).
#[doc(hidden)]
pub trait Notes<T> {
    /// The note of an entry.
    fn note(&self, id: Id) -> &T;
}
