use std::string::String;
use std::time::Duration;
use std::vec::Vec;

/// What a program allocated, by scope and by place: of a [`TrackedGlobal`](super::TrackedGlobal).
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Profile {
    /// One in so many bytes was looked at; zero if there were no samples.
    pub sample_every: u64,
    /// How long samples have been taken.
    pub elapsed: Duration,
    /// When there was the most in use, as far as samples tell.
    pub peak_at: Duration,
    /// Samples for which there was no room: what is live is more than it says.
    pub lost: u64,
    /// Scopes, those with the most bytes first.
    pub scopes: Vec<ScopeProfile>,
    /// Places, those with the most bytes first.
    pub stacks: Vec<StackProfile>,
}

/// What was allocated in one scope.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ScopeProfile {
    /// Its name; `(none)` for no scope, `(other)` for those that are not told apart.
    pub name: String,
    /// Blocks allocated, exactly.
    pub allocations: u64,
    /// Bytes allocated, exactly.
    pub bytes: u64,
    /// An estimate of the blocks in use.
    pub live_blocks: u64,
    /// An estimate of the bytes in use.
    pub live_bytes: u64,
}

/// What was allocated in one place. All numbers are estimates.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StackProfile {
    /// The scopes that were open, the outermost first; at most eight of them.
    pub trail: Vec<String>,
    /// The functions, the innermost first; empty without the feature `profile`.
    pub frames: Vec<Frame>,
    /// Blocks allocated.
    pub allocations: u64,
    /// Blocks made larger or smaller.
    pub resizes: u64,
    /// Bytes allocated; of a block that was made larger, what was added.
    pub bytes: u64,
    /// The bytes of all blocks that were allocated or resized, each as large as it was then.
    pub handed_out: u64,
    /// Blocks in use.
    pub live_blocks: u64,
    /// Bytes in use.
    pub live_bytes: u64,
    /// Blocks that were in use here at most,
    pub most_blocks: u64,
    /// and bytes.
    pub most_bytes: u64,
    /// Blocks in use here when the program used the most bytes,
    pub peak_blocks: u64,
    /// and bytes.
    pub peak_bytes: u64,
    /// How long the blocks have lived that were freed, together.
    pub lifetimes: Duration,
}

/// A function on a stack.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Frame {
    /// Its name, or an address if it has none.
    pub function: String,
    /// The file of the call, if there is debug information.
    pub file: Option<String>,
    /// The line in it.
    pub line: Option<u32>,
}
